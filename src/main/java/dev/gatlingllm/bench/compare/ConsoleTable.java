package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.text.Numbers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints a comparison as a table of text. */
final class ConsoleTable {

  private static final List<String> HEADINGS =
      List.of("Metric", "Old", "New", "Unit", "Difference", "Interval", "Verdict");

  /** Columns of numbers are aligned to the right. */
  private static final String ALIGNED = "lrrlrrl";

  private ConsoleTable() {}

  static void print(ResultComparison comparison, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEADINGS);
    for (ResultComparison.Row row : comparison.rows()) {
      lines.add(List.of(row.key().toString()));
      row.differences().forEach(difference -> lines.add(cells(difference)));
    }
    int[] widths = widths(lines);
    for (List<String> line : lines) {
      out.println(line.size() == 1 ? "\n" + line.get(0) : aligned(line, widths));
    }
  }

  private static List<String> cells(Difference difference) {
    return List.of(
        difference.metric(),
        atLeast(difference.before()) + Numbers.score(difference.before().mean()),
        atLeast(difference.now()) + Numbers.score(difference.now().mean()),
        difference.now().unit(),
        difference.change(),
        difference.range(),
        difference.conclusion());
  }

  /** Returns the sign of a mean that the score is not less than; empty if it is the score. */
  static String atLeast(MetricScores scores) {
    return scores.isTooLow() ? "≥ " : "";
  }

  private static int[] widths(List<List<String>> lines) {
    int[] widths = new int[HEADINGS.size()];
    for (List<String> line : lines) {
      for (int i = 0; line.size() > 1 && i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return widths;
  }

  private static String aligned(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder("  ");
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      boolean right = ALIGNED.charAt(i) == 'r';
      line.append(right ? padding : "").append(cells.get(i)).append(right ? "" : padding);
      line.append("  ");
    }
    return line.toString().stripTrailing();
  }
}
