package dev.gatlingllm.metrics;

/**
 * TTFT of first turns, of whose prompts the server can have cached no more than a shared prefix,
 * against TTFT of later turns, whose history it has seen. Only successful responses of
 * conversations that ended in the window. Immutable.
 *
 * @param cold TTFT of turn 1 in milliseconds, or null without any
 * @param warm TTFT of turns from 2 on in milliseconds, or null without any
 * @param speedUp how many times faster warm is; null if either has fewer than 2 responses
 */
public record ColdWarm(Summary cold, Summary warm, SpeedUp speedUp) {

  /**
   * The ratio of the geometric means, cold / warm, with its 95 % confidence interval: Welch's t
   * interval for the difference of the means of the logarithms (B. L. Welch, Biometrika 34, 1947),
   * carried back by the exponential. Latencies are closer to log-normal than to normal, and a few
   * outliers move a geometric mean little. Assumes that responses are independent; does not correct
   * for prompts that grow from turn to turn.
   *
   * @param ratio above 1 if warm is faster
   * @param low lower end of the interval; above 1, warm is significantly faster
   * @param high upper end of the interval
   */
  public record SpeedUp(double ratio, double low, double high) {}
}
