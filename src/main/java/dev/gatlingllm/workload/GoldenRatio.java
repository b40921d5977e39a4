package dev.gatlingllm.workload;

/**
 * The fractional parts of k/φ: a sequence that fills the unit interval evenly at any length (Knuth,
 * <i>The Art of Computer Programming</i>, vol. 3, 6.4, theorem S).
 */
final class GoldenRatio {

  /** 1/φ as a fraction of 2^64; multiples wrap around as fractional parts do. */
  private static final long FRACTION = 0x9E3779B97F4A7C15L;

  private GoldenRatio() {}

  /** Returns the k-th point, from 0 inclusive to 1 exclusive. */
  static double point(long k) {
    return (k * FRACTION >>> 11) * 0x1p-53;
  }
}
