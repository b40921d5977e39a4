package dev.gatlingllm.benchmarks;

import java.util.Arrays;

/** Collects times and returns their quantiles in milliseconds. Not thread-safe. */
final class Samples {

  private long[] nanos = new long[1 << 10];
  private int count;
  private boolean sorted;

  void add(long sample) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    // errors count by their size, whatever their sign
    nanos[count++] = Math.abs(sample);
    sorted = false;
  }

  int count() {
    return count;
  }

  /**
   * Returns a quantile of the samples' absolute values, by nearest rank.
   *
   * @param share from 0 to 1
   * @return milliseconds, or NaN without samples
   */
  double millis(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    if (!sorted) {
      Arrays.sort(nanos, 0, count);
      sorted = true;
    }
    int rank = Math.max(1, (int) Math.ceil(share * count));
    return nanos[rank - 1] / 1e6;
  }
}
