package dev.gatlingllm.server.engine;

/** 64-bit hashes of token ids: long enough that collisions do not happen in practice. */
public final class TokenHash {

  /** 2⁶⁴ divided by the golden ratio, the usual odd multiplier for spreading bits. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private TokenHash() {}

  /** Extends a hash with the tokens from {@code from} (inclusive) to {@code to}. */
  public static long extend(long hash, int[] tokens, int from, int to) {
    long sum = hash;
    for (int i = from; i < to; i++) {
      sum = sum * GOLDEN + tokens[i] + 1;
    }
    return mix(sum);
  }

  /** Returns a number of the uniformly distributed sequence that a seed defines. */
  public static long nth(long seed, int index) {
    return mix(seed + (index + 1) * GOLDEN);
  }

  /** The finaliser of SplitMix64: every bit of the input changes half of the output bits. */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
