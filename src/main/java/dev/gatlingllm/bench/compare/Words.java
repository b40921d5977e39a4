package dev.gatlingllm.bench.compare;

import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The sentences and cells that the console's table and Markdown have in common. */
final class Words {

  private Words() {}

  static String difference(Difference difference) {
    return Double.isNaN(difference.percent())
        ? (difference.absolute() > 0 ? "+" : "") + Numbers.score(difference.absolute())
        : Numbers.signedPercent(difference.percent());
  }

  /** In percent where there is a percentage, else in the metric's own unit. */
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

  /** How many there are of each verdict, those first that matter. */
  static String counts(Comparison comparison) {
    List<String> counts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      long count = comparison.count(verdict);
      if (count > 0 || verdict == Verdict.WORSE) {
        counts.add(count + " " + verdict);
      }
    }
    return String.join(", ", counts);
  }

  /** What chance alone does with as many comparisons. */
  static String falseAlarms(Comparison comparison, Judge judge) {
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
