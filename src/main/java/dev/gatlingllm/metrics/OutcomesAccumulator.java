package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunSummary.Outcomes;

/** How the responses ended that ended in one part of a run. */
@Accumulator
final class OutcomesAccumulator {

  private long ok;
  private long ko;
  private long abandoned;
  private FailureCounts failures = new FailureCounts();

  /** Adds a response; one that was cut is not counted. */
  void add(Response response) {
    switch (response.status()) {
      case OK -> ok++;
      case KO -> {
        ko++;
        failures.add(response.outcome().reason());
      }
      case ABANDONED -> abandoned++;
      case CUT, UNSENT -> {}
    }
  }

  void add(OutcomesAccumulator other) {
    ok += other.ok;
    ko += other.ko;
    abandoned += other.abandoned;
    failures.add(other.failures);
  }

  Outcomes summary() {
    return new Outcomes(ok, ko, abandoned, failures.summary());
  }
}
