package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.ScopeSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.util.ScoreFormatter;

/** The line for an iteration that has ended, like JMH's, with the most important figures. */
final class IterationLine {

  private static final List<String> BESIDE =
      List.of("ttft·p50", "ttft·p99", "icl·p99", "outputTokensPerSecond", "requestsPerSecond");

  private IterationLine() {}

  /**
   * Returns the line.
   *
   * @param number from 1; the warm-up's numbers end with 0
   * @param scope what was measured in the iteration so far, or null
   */
  static String of(Conditions conditions, int number, ScopeSummary scope) {
    String name =
        number > 0
            ? String.format(Locale.ROOT, "Iteration %3d: ", number)
            : String.format(
                Locale.ROOT, "# Warmup Iteration %3d: ", number + conditions.warmupIterations());
    List<String> beside = new ArrayList<>();
    for (String label : BESIDE) {
      Indicator metric = ScoreUnits.metric(label);
      String value = value(conditions, metric, scope);
      if (!metric.equals(conditions.score()) && value != null) {
        beside.add((metric.unit() == Unit.MILLISECONDS ? label + " " : "") + value);
      }
    }
    if (scope != null && scope.totals().ko() > 0) {
      beside.add(scope.totals().ko() + " of " + scope.totals().requests() + " failed");
    }
    String score = value(conditions, conditions.score(), scope);
    return name
        + (score == null ? "no " + conditions.score().label() : score)
        + (beside.isEmpty() ? "" : "  (" + String.join(", ", beside) + ")");
  }

  private static String value(Conditions conditions, Indicator metric, ScopeSummary scope) {
    double value = conditions.units().value(metric, scope, null);
    return Double.isNaN(value)
        ? null
        : (mayGrow(metric) && value > 0 ? "≥ " : "")
            + (value == 0 ? "0" : ScoreFormatter.format(value))
            + " "
            + conditions.units().unit(metric);
  }

  /** Tokens of responses in flight are counted when these have ended. */
  private static boolean mayGrow(Indicator metric) {
    return metric.figure() == Figure.OUTPUT_TOKENS_PER_SECOND;
  }
}
