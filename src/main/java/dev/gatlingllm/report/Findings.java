package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds what a reader should know about a run, once for the page, the console and {@code
 * tokens.json}.
 */
final class Findings {

  private Findings() {}

  /** Returns all findings, warnings first. */
  static List<Finding> of(RunInfo info, RunSummary run) {
    List<Finding> found = new ArrayList<>(info.remarks());
    new LoadFindings(info, run, found).find();
    new ServerFindings(info, run, found).find();
    new ServerMetricsFindings(info, run, found).find();
    new PromptFindings(info, run, found).find();
    new FinishFindings(info, run, found).find();
    found.sort(Comparator.comparing(Finding::level));
    return List.copyOf(found);
  }
}
