package dev.gatlingllm.server.engine;

/** 64-bit hashes of token ids: long enough that two different prompts never meet in practice. */
public final class TokenHash {

  /** 2⁶⁴ divided by the golden ratio, the usual odd multiplier for spreading bits. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private TokenHash() {}

  /** Continues {@code hash} with the tokens from {@code from} (inclusive) to {@code to}. */
  public static long extend(long hash, int[] tokens, int from, int to) {
    long sum = hash;
    for (int i = from; i < to; i++) {
      sum = sum * GOLDEN + tokens[i] + 1;
    }
    return mix(sum);
  }

  /** The {@code index}-th of a sequence of evenly spread numbers that {@code seed} decides. */
  public static long nth(long seed, int index) {
    return mix(seed + (index + 1) * GOLDEN);
  }

  /** The finaliser of SplitMix64: every bit of the input changes half of the output's. */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
