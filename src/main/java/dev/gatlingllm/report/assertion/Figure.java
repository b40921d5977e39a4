package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.ScopeSummary;
import java.util.OptionalDouble;

/** One number that can be said of a set of replies. */
public sealed interface Figure permits MetricFigure, TotalFigure {

  /** As a person names it, such as {@code TTFT p95}. */
  String words();

  /** What it counts. */
  Unit unit();

  /** Its value, in its unit; empty where it was not measured. */
  OptionalDouble in(ScopeSummary replies);

  /** What may have kept it from being measured, and what to do about it. */
  String whyAbsent(ScopeSummary replies);
}
