package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.DistributionState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

/**
 * Any number of values of one metric in bounded memory. Not safe for threads.
 *
 * <p>Percentiles come from HdrHistogram, which rounds a value to a bucket; count, mean, deviation,
 * least and greatest value are those of the values themselves. Histograms are packed, since a run
 * has many and each fills a small part of its range, until they have so many values that the time
 * they take matters more than some 100 KB. Values below zero lie mirrored in a histogram of their
 * own.
 */
final class ValueHistogram {

  private static final double NANOS_PER_MILLI = 1e6;

  /** A packed histogram takes twenty times as long for a value as one that is not. */
  static final int MOST_PACKED = 30_000;

  private final int significantDigits;
  private final double ticksPerUnit;
  private Histogram fromZero;
  private Histogram belowZero;
  private final Moments moments = new Moments();
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /**
   * @param significantDigits decimal digits to which percentiles are right, 1 to 5
   * @param ticksPerUnit the histogram's resolution: what it counts as one is this part of a unit
   */
  ValueHistogram(int significantDigits, double ticksPerUnit) {
    this.significantDigits = significantDigits;
    this.ticksPerUnit = ticksPerUnit;
    fromZero = new PackedHistogram(significantDigits);
  }

  /** Values in milliseconds, resolved to nanoseconds. */
  static ValueHistogram ofMillis(int significantDigits) {
    return new ValueHistogram(significantDigits, NANOS_PER_MILLI);
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
    if (moments.count() >= MOST_PACKED && fromZero instanceof PackedHistogram) {
      unpack();
    }
  }

  private void unpack() {
    Histogram packed = fromZero;
    fromZero = new Histogram(significantDigits);
    addAll(packed, fromZero);
  }

  /**
   * Adds the filled buckets of one histogram to another. HdrHistogram's own {@code add} walks from
   * zero, which in nanoseconds takes ten times as long.
   */
  private static void addAll(Histogram from, Histogram to) {
    addBucket(from, 0, to);
    long greatest = from.getMaxValue();
    for (long v = from.getMinNonZeroValue(); v <= greatest; v = from.nextNonEquivalentValue(v)) {
      addBucket(from, v, to);
    }
  }

  private static void addBucket(Histogram from, long value, Histogram to) {
    long filled = from.getCountAtValue(value);
    if (filled > 0) {
      to.recordValueWithCount(value, filled);
    }
  }

  /** Adds all values of another distribution of the same digits and resolution. */
  void add(ValueHistogram other) {
    addAll(other.fromZero, fromZero);
    if (other.belowZero != null) {
      addAll(other.belowZero, belowZero());
    }
    moments.add(other.moments);
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  /** Adds all values of another distribution of the same digits and resolution, or none if null. */
  void add(DistributionState other) {
    if (other == null) {
      return;
    }
    addAll(decoded(other.fromZero()), fromZero);
    if (other.belowZero() != null) {
      addAll(decoded(other.belowZero()), belowZero());
    }
    moments.add(other.moments());
    min = Math.min(min, other.min());
    max = Math.max(max, other.max());
  }

  /** All that there is to it, or null where it has no value. */
  DistributionState state() {
    return count() == 0
        ? null
        : new DistributionState(
            encoded(fromZero),
            belowZero == null ? null : encoded(belowZero),
            moments.state(),
            min,
            max);
  }

  private static byte[] encoded(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    return Arrays.copyOf(buffer.array(), histogram.encodeIntoByteBuffer(buffer));
  }

  /** Not packed: it is read once, bucket by bucket, and gone. */
  private static Histogram decoded(byte[] encoded) {
    return Histogram.decodeFromByteBuffer(ByteBuffer.wrap(encoded), 0);
  }

  long count() {
    return moments.count();
  }

  private Histogram belowZero() {
    if (belowZero == null) {
      belowZero = new PackedHistogram(significantDigits);
    }
    return belowZero;
  }

  /**
   * The filled buckets, ascending. Walked from the least to the greatest value, because
   * HdrHistogram's own iterators start at zero, which in nanoseconds is far from any latency.
   */
  Buckets buckets() {
    DoubleStream.Builder ends = DoubleStream.builder();
    LongStream.Builder counts = LongStream.builder();
    if (belowZero != null) {
      long least = belowZero.getMinNonZeroValue();
      for (long v = belowZero.getMaxValue();
          v >= least;
          v = belowZero.lowestEquivalentValue(v) - 1) {
        addBucket(-belowZero.lowestEquivalentValue(v), belowZero.getCountAtValue(v), ends, counts);
      }
    }
    addBucket(0, fromZero.getCountAtValue(0), ends, counts);
    long greatest = fromZero.getMaxValue();
    for (long v = fromZero.getMinNonZeroValue();
        v <= greatest;
        v = fromZero.nextNonEquivalentValue(v)) {
      addBucket(fromZero.highestEquivalentValue(v), fromZero.getCountAtValue(v), ends, counts);
    }
    return new Buckets(ends.build().toArray(), counts.build().toArray(), count());
  }

  private void addBucket(
      long endTicks, long filled, DoubleStream.Builder ends, LongStream.Builder counts) {
    if (filled > 0) {
      ends.add(within(endTicks / ticksPerUnit));
      counts.add(filled);
    }
  }

  /** No figure may lie beyond the values themselves. */
  private double within(double figure) {
    return Math.max(min, Math.min(max, figure));
  }

  /** What these values come to; to be given this distribution's own buckets. */
  Summary summary(Buckets buckets) {
    return new Summary(
        count(),
        within(moments.mean()),
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

  /** What these values come to, or null where there is none. */
  Summary summaryOrNull() {
    return count() == 0 ? null : summary(buckets());
  }
}
