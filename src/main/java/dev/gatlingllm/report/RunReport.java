package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSnapshot;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Everything that pages, files and console say of one run.
 *
 * @param info what was run
 * @param snapshot what was measured, up to the moment of asking
 */
public record RunReport(RunInfo info, Supplier<RunSnapshot> snapshot) {

  /** Refuses null. */
  public RunReport {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(snapshot, "snapshot");
  }
}
