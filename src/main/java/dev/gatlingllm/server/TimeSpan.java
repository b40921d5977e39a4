package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Require;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as a command line has them: {@code 10ms}, {@code 250us}, {@code 50ns}, {@code 1.5s},
 * {@code 0}.
 */
final class TimeSpan {

  private static final Pattern SYNTAX = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ns|us|ms|s)");
  private static final Map<String, Double> NANOS =
      Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);

  private TimeSpan() {}

  /**
   * @throws IllegalArgumentException naming the option when the text is no duration
   */
  static Duration parse(String option, String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = SYNTAX.matcher(text);
    Require.that(matcher.matches(), option, text, "a time such as 250us, 10ms or 1.5s");
    double number = Double.parseDouble(matcher.group(1));
    return Duration.ofNanos(Math.round(number * NANOS.get(matcher.group(2))));
  }

  /** The shortest text that {@link #parse} reads as this duration, rounded to microseconds. */
  static String format(Duration duration) {
    long micros = duration.toNanos() / 1_000;
    if (micros == 0) {
      return "0";
    }
    return micros % 1_000_000 == 0
        ? micros / 1_000_000 + "s"
        : micros % 1_000 == 0 ? micros / 1_000 + "ms" : micros + "us";
  }
}
