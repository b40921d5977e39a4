package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.text.Numbers;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** What the load generator's own figures, and the failures, may not exceed in any iteration. */
enum LoadLimit {
  CLIENT_LAG(
      "clientLag·p99",
      ClientHealth.MAX_LAG_P99,
      "the load generator's event loops ran late, and latencies may be too high by as much; use"
          + " fewer users, a larger machine, or several load generators."),
  CLIENT_CPU(
      "clientCpuPercent",
      ClientHealth.MAX_CPU_PERCENT,
      "the load generator's machine was busy with it, so that latencies may be its own; use fewer"
          + " users or a larger machine."),
  SCHEDULE_DELAY(
      "scheduleDelay·p99",
      ClientHealth.MAX_SCHEDULE_DELAY_P99,
      "requests were written late: the load generator could not keep up, or connections took that"
          + " long to open."),
  FAILURES(
      "failures",
      0,
      "latencies are of good replies alone; see the fork's report for their" + " kinds.");

  private final String metric;
  private final double limit;
  private final String words;

  LoadLimit(String metric, double limit, String words) {
    this.metric = metric;
    this.limit = limit;
    this.words = words;
  }

  /** The limit of that metric, if it has one. */
  static Optional<LoadLimit> of(MetricScores metric) {
    for (LoadLimit limit : values()) {
      if (limit.metric.equals(metric.name())) {
        return Optional.of(limit);
      }
    }
    return Optional.empty();
  }

  /** A doubt where an iteration lies above the limit. */
  Optional<Doubt> check(MetricScores measured) {
    MetricScores scores = measured.inMilliseconds();
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
        new Doubt(
            scores.name(),
            String.format(
                "%s in %d of %d iterations: %s", found, above.length, values.length, words)));
  }
}
