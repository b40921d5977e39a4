package dev.gatlingllm.report;

import dev.gatlingllm.metrics.LiveSummary;
import dev.gatlingllm.text.Numbers;
import java.util.Locale;
import java.util.StringJoiner;

/** The line of token figures that follows each of Gatling's status blocks. */
public final class LiveLine {

  private LiveLine() {}

  /** Returns the line, about 80 columns wide, without an end of line. */
  public static String of(LiveSummary moment) {
    StringJoiner line = new StringJoiner(" | ");
    line.add(
        String.format(
            Locale.ROOT,
            "> %s %.0f s: %,.0f tokens/s",
            span(moment.iteration()),
            moment.seconds(),
            moment.outputTokensPerSecond()));
    line.add(
        Double.isNaN(moment.ttftP50())
            ? "no first token"
            : "TTFT p50 "
                + Numbers.millis(moment.ttftP50())
                + ", p95 "
                + Numbers.millis(moment.ttftP95())
                + " ms");
    line.add(String.format(Locale.ROOT, "%,d active", moment.activeStreams()));
    if (!Double.isNaN(moment.cacheHitPercent())) {
      line.add(String.format(Locale.ROOT, "hit %.1f %%", moment.cacheHitPercent()));
    }
    if (moment.failed() > 0) {
      line.add(String.format(Locale.ROOT, "%,d KO", moment.failed()));
    }
    return line.toString();
  }

  private static String span(String iteration) {
    return switch (iteration) {
      case "warmup" -> "warm-up,";
      case "drain" -> "draining,";
      default -> "last";
    };
  }
}
