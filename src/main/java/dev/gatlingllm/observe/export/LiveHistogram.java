package dev.gatlingllm.observe.export;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A histogram in two forms at once: exponential buckets, of which each is 4.4 % wider than the one
 * below it, and classic buckets with given bounds. A record takes no memory. Not safe for threads.
 */
final class LiveHistogram {

  /** Of OpenTelemetry, and the schema of Prometheus: 2⁴ buckets for each doubling. */
  static final int SCALE = 4;

  /** Smaller values, in seconds or tokens, count as zero. */
  static final double ZERO_THRESHOLD = 1e-9;

  private static final int PER_DOUBLING = 1 << SCALE;

  /** The upper bound of each bucket from 1 to 2: 2^(1/16), 2^(2/16), … 2. */
  private static final double[] UPPER =
      IntStream.rangeClosed(1, PER_DOUBLING)
          .mapToDouble(i -> Math.pow(2, (double) i / PER_DOUBLING))
          .toArray();

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;
  private static final long ONE = Double.doubleToRawLongBits(1);

  private final double[] bounds;
  private final long[] classic;
  private long count;
  private double sum;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long zeros;

  /** The bucket of the first of the counts. */
  private int offset;

  private long[] counts = {};

  /** Creates an empty histogram with classic buckets of these upper bounds and one above them. */
  LiveHistogram(double[] bounds) {
    this.bounds = bounds;
    this.classic = new long[bounds.length + 1];
  }

  /** Adds a value; a negative one counts as 0. */
  void record(double value) {
    double positive = Math.max(0, value);
    count++;
    sum += positive;
    min = Math.min(min, positive);
    max = Math.max(max, positive);
    int found = Arrays.binarySearch(bounds, positive);
    classic[found >= 0 ? found : -found - 1]++;
    if (positive < ZERO_THRESHOLD) {
      zeros++;
    } else {
      increment(bucket(positive));
    }
  }

  /**
   * Returns the bucket of a value: bucket i holds those above base^i, up to base^(i + 1). From the
   * bits of the number, because a logarithm would be most of what a record costs.
   */
  private static int bucket(double value) {
    long bits = Double.doubleToRawLongBits(value);
    double fraction = Double.longBitsToDouble((bits & MANTISSA) | ONE);
    int first = Math.getExponent(value) * PER_DOUBLING;
    if (fraction == 1) {
      return first - 1;
    }
    // never too high, because log₂ x is at least x − 1 here
    int within = (int) ((fraction - 1) * PER_DOUBLING);
    while (fraction > UPPER[within]) {
      within++;
    }
    return first + within;
  }

  private void increment(int bucket) {
    if (counts.length == 0) {
      offset = bucket;
      counts = new long[1];
    } else if (bucket < offset) {
      long[] more = new long[counts.length + offset - bucket];
      System.arraycopy(counts, 0, more, offset - bucket, counts.length);
      counts = more;
      offset = bucket;
    } else if (bucket >= offset + counts.length) {
      counts = Arrays.copyOf(counts, bucket - offset + 1);
    }
    counts[bucket - offset]++;
  }

  /** Returns a copy that no longer changes. */
  State state() {
    return new State(count, sum, min, max, zeros, offset, counts.clone(), bounds, classic.clone());
  }

  /**
   * A histogram at a moment. Its arrays must not be modified.
   *
   * @param count of all values
   * @param sum of all values
   * @param min the smallest value, or positive infinity without values
   * @param max the largest value, or negative infinity without values
   * @param zeros values below {@link #ZERO_THRESHOLD}
   * @param offset the bucket of the first of the counts
   * @param counts values in each exponential bucket from {@code offset}
   * @param bounds upper bounds of the classic buckets, without +Inf
   * @param classic values in each classic bucket, and in the one above them
   */
  record State(
      long count,
      double sum,
      double min,
      double max,
      long zeros,
      int offset,
      long[] counts,
      double[] bounds,
      long[] classic) {}
}
