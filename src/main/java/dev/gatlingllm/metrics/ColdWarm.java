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
 * @param speedUp how many times faster warm is; null if either has fewer than 2 responses
 */
public record ColdWarm(@Nullable Summary cold, @Nullable Summary warm, @Nullable SpeedUp speedUp) {

  /**
   * The ratio of the geometric means, cold / warm, with its 95 % confidence interval: Welch's t
   * interval for the difference of the means of the logarithms (B. L. Welch, Biometrika 34, 1947),
   * carried back by the exponential. Latencies are closer to log-normal than to normal, and a few
   * outliers move a geometric mean little. Assumes that responses are independent; does not correct
   * for the lengths of prompts, which differ between the two.
   *
   * @param ratio above 1 if warm is faster
   * @param low lower end of the interval; above 1, warm is significantly faster
   * @param high upper end of the interval
   */
  public record SpeedUp(double ratio, double low, double high) {}
}
