package dev.gatlingllm.benchmarks;

import java.util.Arrays;

/** Any number of times, to be asked for quantiles in milliseconds. Used by one thread. */
final class Samples {

  private long[] nanos = new long[1 << 10];
  private int count;
  private boolean sorted;

  void add(long sample) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    // an error to either side is one
    nanos[count++] = Math.abs(sample);
    sorted = false;
  }

  int count() {
    return count;
  }

  /**
   * The quantile of the samples' sizes, whatever their signs, by nearest rank.
   *
   * @param share from 0 to 1
   * @return milliseconds, or NaN where there is no sample
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
