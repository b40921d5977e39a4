package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.compare.Difference.Verdict;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.text.Numbers;
import java.util.List;
import java.util.function.Predicate;

/**
 * Writes a comparison as Markdown for a pull request: changes first, the rest folded away. Names
 * and parameters are untrusted: they are escaped, so that none of them becomes markup or mentions a
 * user.
 */
final class MarkdownTable {

  private static final String HEADINGS =
      """
      | benchmark | metric | old | new | difference | interval | verdict |
      |---|---|--:|--:|--:|--:|---|
      """;

  private static final String ZERO_WIDTH_SPACE = "&#8203;";

  private MarkdownTable() {}

  static String of(ResultComparison comparison, Judge judge) {
    StringBuilder text = new StringBuilder("### ");
    text.append(comparison.headline());
    text.append("\n\n").append(comparison.counts()).append(".\n\n");
    String changed = rows(comparison, MarkdownTable::isChange);
    if (!changed.isEmpty()) {
      text.append(HEADINGS).append(changed).append('\n');
    }
    String others = rows(comparison, difference -> !isChange(difference));
    if (!others.isEmpty()) {
      text.append("<details><summary>No change shown, or inconclusive</summary>\n\n")
          .append(HEADINGS);
      text.append(others).append("\n</details>\n\n");
    }
    list(comparison.missing(), text);
    if (!comparison.warnings().isEmpty()) {
      text.append("<details><summary>Warnings: ").append(comparison.warnings().size());
      text.append("</summary>\n\n");
      list(comparison.warnings(), text);
      text.append("</details>\n\n");
    }
    text.append(comparison.falseAlarms(judge))
        .append(" Intervals are Welch's, of the means of forks");
    if (judge.ignoredPercent() > 0) {
      text.append("; differences below ").append(Numbers.score(judge.ignoredPercent()));
      text.append(" % are ignored");
    }
    return text.append(".\n").toString();
  }

  private static void list(List<String> lines, StringBuilder text) {
    lines.forEach(line -> text.append("- ").append(escaped(line)).append('\n'));
    text.append(lines.isEmpty() ? "" : "\n");
  }

  private static boolean isChange(Difference difference) {
    return switch (difference.verdict()) {
      case WORSE, BETTER, DIFFERENT -> true;
      case NO_DIFFERENCE, TOO_SMALL, INCONCLUSIVE, NOT_JUDGED -> false;
    };
  }

  private static String rows(ResultComparison comparison, Predicate<Difference> wanted) {
    StringBuilder rows = new StringBuilder();
    for (ResultComparison.Row row : comparison.rows()) {
      for (Difference difference : row.differences()) {
        if (wanted.test(difference)) {
          rows.append("| ").append(String.join(" | ", cells(row, difference))).append(" |\n");
        }
      }
    }
    return rows.toString();
  }

  private static List<String> cells(ResultComparison.Row row, Difference difference) {
    return List.of(
        code(row.key().toString()),
        code(difference.metric()),
        value(difference.before()),
        value(difference.now()),
        difference.change(),
        difference.range(),
        verdict(difference));
  }

  private static String value(MetricScores scores) {
    return escaped(ConsoleTable.atLeast(scores) + Numbers.score(scores.mean(), scores.unit()));
  }

  private static String verdict(Difference difference) {
    String words = escaped(difference.conclusion());
    return difference.verdict() == Verdict.WORSE ? "**" + words + "**" : words;
  }

  private static String code(String text) {
    return "<code>" + escaped(text) + "</code>";
  }

  /** Replaces whatever could be markup or end a cell by a character reference. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              boolean plain =
                  Character.isLetterOrDigit(point) || " .,:;()=·%–+-/".indexOf(point) >= 0;
              if (plain) {
                escaped.appendCodePoint(point);
              } else {
                escaped.append("&#").append(Math.max(' ', point)).append(';');
                // GitHub looks for user names in the rendered text
                escaped.append(point == '@' ? ZERO_WIDTH_SPACE : "");
              }
            });
    return escaped.toString();
  }
}
