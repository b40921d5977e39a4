package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Everything that pages, files and console say of one run.
 *
 * @param info what was run
 * @param summary what was measured, up to the moment of asking
 */
public record RunReport(RunInfo info, Supplier<RunSummary> summary) {

  /** Refuses null. */
  public RunReport {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(summary, "summary");
  }

  /**
   * The report of a run on this machine. What it was calibrated for is asked now and kept with the
   * run: another machine that writes the report once more knows nothing of it.
   */
  public static RunReport ofThisMachine(RunInfo info, RunSummary run) {
    List<Finding> remarks = new ArrayList<>(info.remarks());
    remarks.addAll(CalibrationFindings.of(Calibration.stored(), run));
    return new RunReport(info.remarked(remarks), () -> run);
  }
}
