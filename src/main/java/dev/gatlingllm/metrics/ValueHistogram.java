package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.DoubleConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of any number of values in bounded memory.
 *
 * <p>Percentiles come from HdrHistogram, which rounds a value to a bucket; count, mean, deviation,
 * minimum and maximum are exact. Histograms are packed, because a run has many and each fills a
 * small part of its range, until they hold so many values that speed matters more than some 100 KB.
 * Negative values are mirrored into a histogram of their own.
 */
@Accumulator
final class ValueHistogram implements DoubleConsumer {

  private static final double NANOS_PER_MILLI = 1e6;

  /** Above this count a histogram is unpacked: recording a value is then 20 times as fast. */
  static final int MOST_PACKED = 30_000;

  private final int significantDigits;
  private final double ticksPerUnit;
  private transient Histogram fromZero;

  /** Null without negative values. */
  private transient @Nullable Histogram belowZero;

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
    fromZero = new PackedHistogram(significantDigits);
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
      fromZero.recordValue(ticks);
    } else {
      belowZero().recordValue(-ticks);
    }
    moments.add(value);
    min = Math.min(min, value);
    max = Math.max(max, value);
    unpackIfLarge();
  }

  /** Adds all values of another histogram of the same precision and resolution. */
  void add(ValueHistogram other) {
    addAll(other.fromZero, fromZero);
    if (other.belowZero != null) {
      addAll(other.belowZero, belowZero());
    }
    moments.add(other.moments);
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    unpackIfLarge();
  }

  private void unpackIfLarge() {
    if (moments.count() >= MOST_PACKED && fromZero instanceof PackedHistogram) {
      Histogram packed = fromZero;
      fromZero = new Histogram(significantDigits);
      addAll(packed, fromZero);
    }
  }

  private interface BucketConsumer {
    void accept(long value, long count);
  }

  /**
   * Hands over the filled buckets, ascending, each by one of its values. HdrHistogram's own
   * iterators and its {@code add} start at zero, which in nanoseconds is far from any latency and
   * takes ten times as long.
   */
  private static void forEachBucket(Histogram histogram, BucketConsumer to) {
    long zeros = histogram.getCountAtValue(0);
    if (zeros > 0) {
      to.accept(0, zeros);
    }
    long greatest = histogram.getMaxValue();
    for (long v = histogram.getMinNonZeroValue();
        v <= greatest;
        v = histogram.nextNonEquivalentValue(v)) {
      long filled = histogram.getCountAtValue(v);
      if (filled > 0) {
        to.accept(v, filled);
      }
    }
  }

  private static void addAll(Histogram from, Histogram to) {
    forEachBucket(from, to::recordValueWithCount);
  }

  private Histogram belowZero() {
    if (belowZero == null) {
      belowZero = new PackedHistogram(significantDigits);
    }
    return belowZero;
  }

  @JsonProperty("histograms")
  private byte[] @Nullable [] encoded() {
    return new byte[][] {encoded(fromZero), belowZero == null ? null : encoded(belowZero)};
  }

  @JsonProperty("histograms")
  private void decode(byte[] @Nullable [] encoded) {
    fromZero = decoded(encoded[0]);
    belowZero = encoded[1] == null ? null : decoded(encoded[1]);
  }

  /**
   * Returns HdrHistogram's encoding (V2, not compressed). Encoding and decoding unpacked histograms
   * is 20 times as fast.
   */
  private static byte[] encoded(Histogram histogram) {
    Histogram unpacked = new Histogram(histogram.getNumberOfSignificantValueDigits());
    addAll(histogram, unpacked);
    ByteBuffer buffer = ByteBuffer.allocate(unpacked.getNeededByteBufferCapacity());
    return Arrays.copyOf(buffer.array(), unpacked.encodeIntoByteBuffer(buffer));
  }

  private static Histogram decoded(byte[] encoded) {
    Histogram unpacked = Histogram.decodeFromByteBuffer(ByteBuffer.wrap(encoded), 0);
    Histogram packed = new PackedHistogram(unpacked.getNumberOfSignificantValueDigits());
    addAll(unpacked, packed);
    return packed;
  }

  long count() {
    return moments.count();
  }

  /** Returns the filled buckets, ascending. */
  Buckets buckets() {
    Deque<Long> mirrored = new ArrayDeque<>();
    DoubleStream.Builder ends = DoubleStream.builder();
    LongStream.Builder counts = LongStream.builder();
    if (belowZero != null) {
      forEachBucket(belowZero, (value, count) -> mirrored.push(value));
      for (long value : mirrored) {
        ends.add(withinRange(-belowZero.lowestEquivalentValue(value) / ticksPerUnit));
        counts.add(belowZero.getCountAtValue(value));
      }
    }
    forEachBucket(
        fromZero,
        (value, count) -> {
          ends.add(withinRange(fromZero.highestEquivalentValue(value) / ticksPerUnit));
          counts.add(count);
        });
    return new Buckets(ends.build().toArray(), counts.build().toArray(), count());
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
