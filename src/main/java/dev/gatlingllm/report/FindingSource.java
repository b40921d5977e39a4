package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.text.Plurals;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

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

  /** Returns how many successful responses had output; embeddings and scores have none. */
  final long withOutput() {
    return run.overall().samples(Figure.OUTPUT_TOKENS);
  }

  /** Returns how many successful responses ended for one of these reasons. */
  final long endedBy(Set<String> reasons) {
    return scopes(reasons).mapToLong(scope -> scope.totals().ok()).sum();
  }

  /** Returns a latency of the responses that ended for one of these reasons. */
  final List<Buckets> ofEndedBy(Set<String> reasons, Figure latency) {
    return scopes(reasons)
        .map(scope -> scope.buckets().get(latency))
        .filter(Objects::nonNull)
        .toList();
  }

  private Stream<ScopeSummary> scopes(Set<String> reasons) {
    return reasons.stream()
        .map(reason -> run.by(Breakdown.FINISH_REASON).get(reason))
        .filter(Objects::nonNull);
  }

  /** Adds a finding with a text in the form of {@link Plurals#format}. */
  final void add(Finding.Level level, String kind, String text, Object... figures) {
    found.add(new Finding(kind, level, Plurals.format(text, figures)));
  }

  /**
   * Adds a finding on a number of things, if there are any.
   *
   * @param number first figure of the text
   */
  final void addIfAny(Finding.Level level, String kind, long number, String text, Object... more) {
    if (number > 0) {
      add(level, kind, text, Stream.concat(Stream.of(number), Stream.of(more)).toArray());
    }
  }

  final void warn(String kind, String text, Object... figures) {
    add(Finding.Level.WARNING, kind, text, figures);
  }

  final void note(String kind, String text, Object... figures) {
    add(Finding.Level.NOTE, kind, text, figures);
  }
}
