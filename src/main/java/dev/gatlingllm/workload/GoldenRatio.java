package dev.gatlingllm.workload;

/**
 * The sequence of the fractional parts of k/φ, which fills the unit interval as evenly as any at
 * every moment (Knuth, <i>The Art of Computer Programming</i>, vol. 3, 6.4, theorem S).
 */
final class GoldenRatio {

  /** 1/φ as a fraction of 2^64; multiples wrap round as fractional parts do. */
  private static final long FRACTION = 0x9E3779B97F4A7C15L;

  private GoldenRatio() {}

  /** The k-th point, from 0 to below 1. */
  static double point(long k) {
    return (k * FRACTION >>> 11) * 0x1p-53;
  }
}
