package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.steady.Warnings.Warning;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.text.Numbers;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Limits of the load generator's own figures, and of failures, in any iteration. */
enum LoadLimit {
  CLIENT_LAG(
      Figure.CLIENT_LAG.key() + "·p99",
      ClientHealth.MAX_LAG_P99,
      "the load generator's event loops ran late, and latencies may be too high by as much; use"
          + " fewer users, a larger machine, or several load generators."),
  CLIENT_CPU(
      Figure.CLIENT_CPU_PERCENT.key(),
      ClientHealth.MAX_CPU_PERCENT,
      "the load generator's machine was busy, and latencies may be its own; use fewer users or a"
          + " larger machine."),
  SEND_DELAY(
      Figure.SEND_DELAY.key() + "·p99",
      ClientHealth.MAX_SEND_DELAY_P99,
      "requests were sent late, not counting the time to connect: the load generator could not keep"
          + " up; use fewer users, a larger machine, or several load generators."),
  FAILURES(
      Figure.FAILURES.key(),
      0,
      "latencies are of successful responses only; the fork's report lists the failures.");

  private final String metric;
  private final double limit;
  private final String advice;

  LoadLimit(String metric, double limit, String advice) {
    this.metric = metric;
    this.limit = limit;
    this.advice = advice;
  }

  /** Returns a warning if a metric has a limit and an iteration is above it. */
  static Optional<Warning> check(MetricScores metric) {
    for (LoadLimit limit : values()) {
      if (limit.metric.equals(metric.name())) {
        return limit.warning(metric.inMilliseconds());
      }
    }
    return Optional.empty();
  }

  private Optional<Warning> warning(MetricScores scores) {
    double[] values = scores.values();
    double[] above = DoubleStream.of(values).filter(value -> value > limit).toArray();
    if (above.length == 0) {
      return Optional.empty();
    }
    double most = DoubleStream.of(above).max().orElseThrow();
    String found =
        this == FAILURES
            ? "failed requests: " + Numbers.score(DoubleStream.of(above).sum()) + ","
            : Numbers.score(most, scores.unit()) + " at most, above " + Numbers.score(limit);
    return Optional.of(
        new Warning(
            scores.name(),
            "%s in %d of %d %s: %s"
                .formatted(
                    found,
                    above.length,
                    values.length,
                    scores.isPooled() ? "forks" : "iterations",
                    advice)));
  }
}
