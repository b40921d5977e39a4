package dev.gatlingllm.metrics;

/**
 * Time to first token of first turns, of whose prompts the server can know no more than a shared
 * prefix, against that of later turns, whose history it has seen. Good replies of conversations,
 * ended in the window. Immutable.
 *
 * @param cold TTFT of turn 1 in milliseconds, or null where there is none
 * @param warm TTFT of turns from 2 on in milliseconds, or null where there is none
 * @param speedUp how many times faster warm is, or null where one of both has fewer than 2 replies
 */
public record ColdWarm(Summary cold, Summary warm, SpeedUp speedUp) {

  /**
   * The ratio of the geometric means, cold / warm, with its 95 % confidence interval: Welch's t
   * interval for the difference of the means of the logarithms (B. L. Welch, Biometrika 34, 1947),
   * carried back by the exponential. Latencies are closer to log-normal than to normal, and a few
   * stragglers move a geometric mean little. Replies are taken to be independent of one another; a
   * prompt that grows from turn to turn is not allowed for.
   *
   * @param ratio above 1 where warm is faster
   * @param low lower end of the interval; above 1 it says that warm is faster
   * @param high upper end of the interval
   */
  public record SpeedUp(double ratio, double low, double high) {}
}
