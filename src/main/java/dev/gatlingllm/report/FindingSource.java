package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.Totals;
import java.util.List;
import java.util.Locale;

/** Looks for findings of one kind in a run. */
abstract class FindingSource {

  final RunInfo info;
  final RunSummary run;

  /** Totals of all responses. */
  final Totals totals;

  private final List<Finding> found;

  /**
   * Creates a source.
   *
   * @param found receives the findings
   */
  FindingSource(RunInfo info, RunSummary run, List<Finding> found) {
    this.info = info;
    this.run = run;
    this.totals = run.overall().totals();
    this.found = found;
  }

  abstract void find();

  /** Adds a finding with a text in the form of {@link String#format}. */
  final void add(Finding.Level level, String kind, String text, Object... figures) {
    found.add(new Finding(kind, level, String.format(Locale.ROOT, text, figures)));
  }

  final void warn(String kind, String text, Object... figures) {
    add(Finding.Level.WARNING, kind, text, figures);
  }

  final void note(String kind, String text, Object... figures) {
    add(Finding.Level.NOTE, kind, text, figures);
  }
}
