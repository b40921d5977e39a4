package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSummary;
import java.util.List;

/**
 * Finds what a reader should know about a run, once for the page, the console and {@code
 * tokens.json}.
 */
final class Findings {

  private Findings() {}

  /** Returns all findings, warnings first. */
  static List<Finding> of(RunInfo info, RunSummary run) {
    FindingList findings = new FindingList(info.remarks());
    new LoadFindings(info, run, findings).find();
    new ServerFindings(info, run, findings).find();
    new PromptFindings(info, run, findings).find();
    return findings.warningsFirst();
  }
}
