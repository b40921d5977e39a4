package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunSummary.Outcomes;

/** How the responses ended that ended in one part of a run. */
@Accumulator
final class OutcomesAccumulator {

  private long ok;
  private long ko;
  private FailureCounts failures = new FailureCounts();

  /** Adds a response; one that was cut or abandoned is neither good nor failed. */
  void add(Response response) {
    switch (response.status()) {
      case OK -> ok++;
      case KO -> {
        ko++;
        failures.add(response.outcome().reason());
      }
      case CUT, ABANDONED, UNSENT -> {}
    }
  }

  void add(OutcomesAccumulator other) {
    ok += other.ok;
    ko += other.ko;
    failures.add(other.failures);
  }

  Outcomes summary() {
    return new Outcomes(ok, ko, failures.summary());
  }
}
