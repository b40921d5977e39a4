package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What the server under test runs on. Immutable.
 *
 * @param gpus number of GPUs, or −1 if unknown
 * @param costPerHour of the whole server, or −1 if unknown
 */
public record Deployment(double gpus, double costPerHour) {

  public static final Deployment UNKNOWN = new Deployment(-1, -1);

  private static final double SECONDS_PER_HOUR = 3_600;

  /** Returns a rate of the server per GPU; null if unknown. */
  @Nullable Double perGpu(@Nullable Double perSecond) {
    return perSecond == null || gpus < 0 ? null : perSecond / gpus;
  }

  /** Returns the cost of a number of things that come at a rate; null if unknown or infinite. */
  @Nullable Double costOf(double number, @Nullable Double perSecond) {
    return perSecond == null || perSecond == 0 || costPerHour < 0
        ? null
        : number * costPerHour / (perSecond * SECONDS_PER_HOUR);
  }
}
