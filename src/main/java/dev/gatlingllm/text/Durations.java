package dev.gatlingllm.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: a number with its unit, such as {@code 250us}, {@code 10ms},
 * {@code 1.5s} or {@code 2m}. Units are {@code ns}, {@code us}, {@code ms}, {@code s}, {@code m} or
 * {@code min}, {@code h} or {@code hr}, and {@code d} or {@code day}, and the words that HOCON has
 * for them, such as {@code 5 minutes} or {@code 100 millis}.
 */
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-z]+)");

  private static final Map<String, TimeUnit> UNITS =
      Map.of(
          "ns", TimeUnit.NANOSECONDS,
          "us", TimeUnit.MICROSECONDS,
          "ms", TimeUnit.MILLISECONDS,
          "s", TimeUnit.SECONDS,
          "m", TimeUnit.MINUTES,
          "min", TimeUnit.MINUTES,
          "h", TimeUnit.HOURS,
          "hr", TimeUnit.HOURS,
          "d", TimeUnit.DAYS,
          "day", TimeUnit.DAYS);

  private Durations() {}

  /**
   * Reads a duration; {@code 0} needs no unit.
   *
   * @return the duration, rounded to nanoseconds; never negative
   * @throws IllegalArgumentException if the text is not a duration; the message has no name of a
   *     setting or option in it, so that the caller can put one in front
   */
  public static Duration parse(String text) {
    String stripped = text.strip();
    if (stripped.equals("0")) {
      return Duration.ZERO;
    }
    Matcher form = FORM.matcher(stripped);
    Optional<TimeUnit> unit = form.matches() ? unitOrWord(form.group(2)) : Optional.empty();
    if (unit.isEmpty()) {
      throw new IllegalArgumentException(
          "must be a duration with its unit, such as 250us, 10ms or 1.5s, got " + text);
    }
    BigDecimal nanos =
        new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit.get().toNanos(1)));
    BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
    return Duration.ofSeconds(parts[0].longValue(), Math.round(parts[1].doubleValue()));
  }

  private static Optional<TimeUnit> unitOrWord(String text) {
    return unit(text)
        .or(
            () ->
                Arrays.stream(TimeUnit.values())
                    .filter(
                        unit ->
                            // seconds, second; milliseconds, millisecond, millis, milli
                            unit.name()
                                .toLowerCase(Locale.ROOT)
                                .matches(text + "(s|econds|seconds)?"))
                    .findFirst());
  }

  /** Returns the unit of time with this symbol, such as {@code ms}; empty for any other text. */
  public static Optional<TimeUnit> unit(String symbol) {
    return Optional.ofNullable(UNITS.get(symbol));
  }

  /** Returns the symbol of a unit, as JMH writes it: ns, us, ms, s, min, hr or day. */
  public static String symbol(TimeUnit unit) {
    return switch (unit) {
      case NANOSECONDS -> "ns";
      case MICROSECONDS -> "us";
      case MILLISECONDS -> "ms";
      case SECONDS -> "s";
      case MINUTES -> "min";
      case HOURS -> "hr";
      case DAYS -> "day";
    };
  }

  /** Returns a duration in milliseconds, with fractions. */
  public static double millis(Duration duration) {
    return duration.getSeconds() * 1e3 + duration.getNano() / 1e6;
  }

  /**
   * Writes a duration with the largest unit up to seconds that leaves it a whole number, such as
   * {@code 1500ms}. {@link #parse} reads the same duration back.
   */
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0";
    }
    TimeUnit[] units = {TimeUnit.SECONDS, TimeUnit.MILLISECONDS, TimeUnit.MICROSECONDS};
    for (TimeUnit unit : units) {
      if (nanos % unit.toNanos(1) == 0) {
        return nanos / unit.toNanos(1) + symbol(unit);
      }
    }
    return nanos + "ns";
  }
}
