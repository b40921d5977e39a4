package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;

/**
 * TTFT of successful responses by how much of their prompt was cached: by the server's report, else
 * by what earlier prompts had sent. Says nothing about turns: a shared prefix makes a first turn
 * warm, an eviction makes a later one cold. Immutable.
 *
 * @param cold TTFT in milliseconds of prompts of which less than half was cached, or null without
 *     any
 * @param warm TTFT in milliseconds of prompts of which half or more was cached, or null without any
 * @param lengths mean input tokens of warm prompts / of cold ones; null if either is not known
 * @param speedUp how many times faster warm is; null if either has fewer than 2 responses, if they
 *     are of several models, or if the lengths of prompts may explain it: they differ by more than
 *     a quarter, and the longer ones are not significantly faster
 */
public record ColdWarm(
    @Nullable Summary cold,
    @Nullable Summary warm,
    @Nullable Double lengths,
    @Nullable SpeedUp speedUp) {

  /** Prompts that differ by more take another time to read. */
  private static final double ALIKE = 1.25;

  /**
   * The ratio of the geometric means, cold / warm, with its 95 % confidence interval: Welch's t
   * interval for the difference of the means of the logarithms (B. L. Welch, Biometrika 34, 1947),
   * carried back by the exponential. Latencies are closer to log-normal than to normal, and a few
   * outliers move a geometric mean little. Assumes that responses are independent; does not correct
   * for the lengths of prompts.
   *
   * @param ratio above 1 if warm is faster
   * @param low lower end of the interval; above 1, warm is significantly faster
   * @param high upper end of the interval
   */
  public record SpeedUp(double ratio, double low, double high) {

    /** Returns whether prompts of both kinds are about as long, or the longer ones are faster. */
    boolean isKnownFor(@Nullable Double lengths) {
      return lengths == null || areAlike(lengths) || (lengths > 1 ? low > 1 : high < 1);
    }
  }

  private static boolean areAlike(double lengths) {
    return lengths <= ALIKE && lengths >= 1 / ALIKE;
  }

  /** Returns whether warm prompts are shorter or longer than cold ones by more than a quarter. */
  public boolean haveOtherLengths() {
    return lengths != null && !areAlike(lengths);
  }
}
