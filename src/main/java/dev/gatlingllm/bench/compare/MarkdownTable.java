package dev.gatlingllm.bench.compare;

import dev.gatlingllm.text.Numbers;
import java.util.List;
import java.util.function.Predicate;

/**
 * A comparison as Markdown for a pull request: what changed at once, the rest folded away. Names
 * and parameters are data: they stand as escaped HTML in code spans, so that none of them becomes
 * markup or calls somebody.
 */
final class MarkdownTable {

  private static final String HEADINGS =
      "| benchmark | metric | old | new | difference | interval | verdict |\n"
          + "|---|---|--:|--:|--:|--:|---|\n";

  private static final String ZERO_WIDTH_SPACE = "&#8203;";

  private MarkdownTable() {}

  static String of(Comparison comparison, Judge judge) {
    StringBuilder text = new StringBuilder("### ");
    text.append(comparison.passes() ? "No benchmark got worse" : "Benchmarks got worse");
    text.append("\n\n").append(Words.counts(comparison)).append(".\n\n");
    String changed = rows(comparison, MarkdownTable::isChange);
    if (!changed.isEmpty()) {
      text.append(HEADINGS).append(changed).append('\n');
    }
    String others = rows(comparison, difference -> !isChange(difference));
    if (!others.isEmpty()) {
      text.append("<details><summary>No change shown</summary>\n\n").append(HEADINGS);
      text.append(others).append("\n</details>\n\n");
    }
    list(comparison.missing(), text);
    if (!comparison.doubts().isEmpty()) {
      text.append("Warnings:\n\n");
      list(comparison.doubts(), text);
    }
    text.append(Words.falseAlarms(comparison, judge)).append(" Intervals are Welch's");
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
      case NO_DIFFERENCE, TOO_SMALL, NOT_JUDGED -> false;
    };
  }

  private static String rows(Comparison comparison, Predicate<Difference> wanted) {
    StringBuilder rows = new StringBuilder();
    for (Comparison.Row row : comparison.rows()) {
      row.differences().stream()
          .filter(wanted)
          .forEach(
              difference ->
                  rows.append("| ")
                      .append(code(row.key().toString()))
                      .append(" | ")
                      .append(code(difference.metric()))
                      .append(" | ")
                      .append(value(difference.before().mean(), difference.before().unit()))
                      .append(" | ")
                      .append(value(difference.now().mean(), difference.now().unit()))
                      .append(" | ")
                      .append(Words.difference(difference))
                      .append(" | ")
                      .append(Words.interval(difference))
                      .append(" | ")
                      .append(verdict(difference))
                      .append(" |\n"));
    }
    return rows.toString();
  }

  private static String value(double value, String unit) {
    return escaped(Numbers.score(value, unit));
  }

  private static String verdict(Difference difference) {
    String words = escaped(Words.verdict(difference));
    return difference.verdict() == Verdict.WORSE ? "**" + words + "**" : words;
  }

  private static String code(String text) {
    return "<code>" + escaped(text) + "</code>";
  }

  /** Whatever could be markup or end a cell becomes a character reference. */
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
                // GitHub looks for names to call in what it has rendered
                escaped.append(point == '@' ? ZERO_WIDTH_SPACE : "");
              }
            });
    return escaped.toString();
  }
}
