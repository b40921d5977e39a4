package dev.gatlingllm.bench.result;

import java.util.Set;

/** Which of two values of a metric is the better one. */
public enum Better {
  /** Times and failures. */
  SMALLER,
  /** Rates, cache hits and goodput. */
  BIGGER,
  /** Metrics that describe the load or its generator rather than the server. */
  NEITHER;

  private static final Set<String> TIMES =
      Set.of("ttft", "ttfo", "icl", "itl", "tpot", "e2e", "ntpot", "failures", "failedPercent");

  private static final Set<String> SHARES = Set.of("cacheHitPercent", "goodputPercent");

  /** A rate that follows from what is said, and grows as conversations do. */
  private static final String INPUT = "inputTokensPerSecond";

  /**
   * Tells a secondary metric's direction by its name, such as {@code ttft·p99}, else by its unit.
   */
  static Better ofSecondary(String name, String unit) {
    String figure = name.replaceFirst("^·", "").split("·", 2)[0];
    if (TIMES.contains(figure)) {
      return SMALLER;
    }
    boolean rate = isRate(unit) && !figure.equals(INPUT);
    return rate || SHARES.contains(figure) ? BIGGER : NEITHER;
  }

  /**
   * Tells the direction of a primary metric: JMH's throughput, any rate and any percentage had
   * better be big; all else is time.
   */
  static Better ofPrimary(String mode, String unit) {
    return mode.equals("thrpt") || isRate(unit) || unit.equals("%") ? BIGGER : SMALLER;
  }

  private static boolean isRate(String unit) {
    return unit.matches(".*/(ns|us|ms|s|min|hr|day)");
  }
}
