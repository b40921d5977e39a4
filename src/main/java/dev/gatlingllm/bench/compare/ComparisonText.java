package dev.gatlingllm.bench.compare;

import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sentences and cells that the console table and the Markdown table have in common. */
final class ComparisonText {

  private ComparisonText() {}

  static String difference(Difference difference) {
    return Double.isNaN(difference.percent())
        ? (difference.absolute() > 0 ? "+" : "") + Numbers.score(difference.absolute())
        : Numbers.signedPercent(difference.percent());
  }

  /** Returns the interval in percent, or in the metric's unit if there is no percentage. */
  static String interval(Difference difference) {
    if (!difference.isJudged()) {
      return "–";
    }
    Interval percent = difference.percentInterval();
    Interval absolute = difference.interval();
    return percent.isKnown()
        ? Numbers.signed(percent.low()) + " to " + Numbers.signed(percent.high()) + " %"
        : Numbers.score(absolute.low()) + " to " + Numbers.score(absolute.high());
  }

  static String verdict(Difference difference) {
    return difference.reason().isEmpty()
        ? difference.verdict().toString()
        : difference.verdict() + ": " + difference.reason();
  }

  /** Returns the number of comparisons with each verdict, the most important ones first. */
  static String counts(ResultComparison comparison) {
    List<String> counts = new ArrayList<>();
    for (ChangeVerdict verdict : ChangeVerdict.values()) {
      long count = comparison.count(verdict);
      if (count > 0 || verdict == ChangeVerdict.WORSE) {
        counts.add(count + " " + verdict);
      }
    }
    return String.join(", ", counts);
  }

  /** Returns a sentence on how many differences chance alone would show. */
  static String falseAlarms(ResultComparison comparison, Judge judge) {
    double expected = comparison.judged() * (1 - judge.confidence());
    return String.format(
        Locale.ROOT,
        "%d comparisons at %s: were both sides the same, chance alone would show a difference in"
            + " about %s of them.",
        comparison.judged(),
        Numbers.percentOf(judge.confidence()),
        Numbers.significant(expected, 2));
  }
}
