package dev.gatlingllm.metrics;

import java.util.List;

/**
 * Responses that meet every objective. Immutable. Every share is of all responses, failed ones
 * included, so a server that refuses what it cannot serve in time does not look better.
 *
 * @param perSecond successful responses that meet all objectives / length of the window
 * @param percent their share of all responses
 * @param objectives the share of each objective alone
 */
public record Goodput(double perSecond, double percent, List<Share> objectives) {

  /**
   * The share of one objective.
   *
   * @param percent the share of all responses that meet it
   */
  public record Share(Condition objective, double percent) {}
}
