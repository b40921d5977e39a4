package dev.gatlingllm.metrics;

import java.util.List;

/**
 * Replies that meet every stated objective. Immutable. The denominator of every share is all
 * replies, failed ones included: a server that refuses what it cannot serve in time does not look
 * better for it.
 *
 * @param perSecond good replies that meet all objectives / length of the window
 * @param percent their share of all replies
 * @param objectives each objective alone
 */
public record Goodput(double perSecond, double percent, List<Share> objectives) {

  /**
   * How one objective fared.
   *
   * @param percent the share of all replies that meet it
   */
  public record Share(Objective objective, double percent) {}
}
