package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of any number of values in bounded memory.
 *
 * <p>Percentiles come from the buckets of HdrHistogram, to which a value is rounded; count, mean,
 * deviation, minimum and maximum are exact. Negative values are mirrored into buckets of their own.
 */
@Accumulator
final class ValueHistogram implements DoubleConsumer {

  private static final double NANOS_PER_MILLI = 1e6;

  private final int significantDigits;
  private final double ticksPerUnit;
  private transient BucketCounts fromZero;

  /** Null without negative values. */
  private transient @Nullable BucketCounts belowZero;

  private Moments moments = new Moments();
  private double min = Double.MAX_VALUE;
  private double max = -Double.MAX_VALUE;

  /**
   * Creates an empty histogram.
   *
   * @param significantDigits precision of percentiles in decimal digits, 1 to 5
   * @param ticksPerUnit resolution: ticks of the histogram per unit of a value
   */
  @JsonCreator
  ValueHistogram(
      @JsonProperty("significantDigits") int significantDigits,
      @JsonProperty("ticksPerUnit") double ticksPerUnit) {
    this.significantDigits = significantDigits;
    this.ticksPerUnit = ticksPerUnit;
    fromZero = new BucketCounts(significantDigits);
  }

  /** Creates an empty histogram of milliseconds with a resolution of nanoseconds. */
  static ValueHistogram ofMillis(int significantDigits) {
    return new ValueHistogram(significantDigits, NANOS_PER_MILLI);
  }

  @Override
  public void accept(double value) {
    add(value);
  }

  void add(double value) {
    long ticks = Math.round(value * ticksPerUnit);
    if (ticks >= 0) {
      fromZero.add(ticks);
    } else {
      belowZero().add(-ticks);
    }
    moments.add(value);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }

  /** Adds all values of another histogram of the same precision and resolution. */
  void add(ValueHistogram other) {
    fromZero.add(other.fromZero);
    if (other.belowZero != null) {
      belowZero().add(other.belowZero);
    }
    moments.add(other.moments);
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  private BucketCounts belowZero() {
    if (belowZero == null) {
      belowZero = new BucketCounts(significantDigits);
    }
    return belowZero;
  }

  @JsonProperty("histograms")
  private byte[] @Nullable [] encoded() {
    return new byte[][] {
      HistogramEncoding.encoded(fromZero),
      belowZero == null ? null : HistogramEncoding.encoded(belowZero)
    };
  }

  @JsonProperty("histograms")
  private void decode(byte[] @Nullable [] encoded) {
    fromZero = HistogramEncoding.decoded(encoded[0], significantDigits);
    belowZero =
        encoded[1] == null ? null : HistogramEncoding.decoded(encoded[1], significantDigits);
  }

  long count() {
    return moments.count();
  }

  /** Returns the filled buckets, ascending. */
  Buckets buckets() {
    BucketCounts negative = belowZero;
    int mirrored = negative == null ? 0 : negative.size();
    Filled filled = new Filled(mirrored + fromZero.size());
    if (negative != null) {
      filled.next = mirrored - 1;
      negative.forEach((bucket, count) -> filled.set(-negative.lowest(bucket), count, -1));
      filled.next = mirrored;
    }
    fromZero.forEach((bucket, count) -> filled.set(fromZero.highest(bucket), count, 1));
    return new Buckets(filled.ends, filled.counts, count());
  }

  /** The arrays of {@link Buckets} while they are filled. */
  private final class Filled {
    private final double[] ends;
    private final long[] counts;
    private int next;

    Filled(int size) {
      ends = new double[size];
      counts = new long[size];
    }

    void set(long endTicks, long count, int step) {
      ends[next] = withinRange(endTicks / ticksPerUnit);
      counts[next] = count;
      next += step;
    }
  }

  /** Keeps what was rounded between the least and the greatest value. */
  private double withinRange(double value) {
    return Math.max(min, Math.min(max, value));
  }

  /** Returns the statistics of the values; takes this histogram's own buckets. */
  Summary summary(Buckets buckets) {
    return new Summary(
        count(),
        withinRange(moments.mean()),
        Math.sqrt(moments.variance()),
        min,
        buckets.percentile(50),
        buckets.percentile(75),
        buckets.percentile(90),
        buckets.percentile(95),
        buckets.percentile(99),
        buckets.percentile(99.9),
        max);
  }

  /** Returns the statistics of the values; there must be some. */
  Summary summary() {
    return summary(buckets());
  }

  /** Returns the statistics of the values, or null without values. */
  @Nullable Summary summaryIfAny() {
    return count() == 0 ? null : summary();
  }
}
