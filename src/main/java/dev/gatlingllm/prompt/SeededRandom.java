package dev.gatlingllm.prompt;

import java.util.random.RandomGenerator;

/**
 * A random number generator identified by a seed and a path of numbers: the same seed and path give
 * the same sequence on every machine, in any order of use. This makes a conversation the same on
 * every run although it is created lazily.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, <i>Fast splittable pseudorandom number
 * generators</i>, OOPSLA 2014). Not thread-safe, and cheap to create.
 */
public final class SeededRandom implements RandomGenerator {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private SeededRandom(long state) {
    this.state = state;
  }

  /**
   * Returns the generator of a path.
   *
   * @param seed the seed of the run
   * @param path the purpose of the sequence, from the general to the particular
   */
  public static SeededRandom of(long seed, long... path) {
    long state = mix(seed + GOLDEN_GAMMA);
    for (long step : path) {
      state = mix(state + GOLDEN_GAMMA * (step + 1));
    }
    return new SeededRandom(state);
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** David Stafford's variant 13 of the finalizer of MurmurHash3: a bijection that hashes. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
