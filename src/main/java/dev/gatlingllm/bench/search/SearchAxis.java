package dev.gatlingllm.bench.search;

import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Require;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The searched parameter and its range. Immutable.
 *
 * @param name of the parameter
 * @param start the first value that is measured, above 0
 * @param end the last value that may be measured, above 0: a search climbs to an end above its
 *     start and descends to one below
 * @param whole whether the parameter takes whole numbers only
 */
public record SearchAxis(String name, double start, double end, boolean whole) {

  /** Values that differ by less than this share count as equal. */
  public static final double STEP = 0.05;

  private static final Pattern FORM =
      Pattern.compile("([\\w$.]+)=(\\d+(?:\\.\\d+)?)\\.\\.(\\d+(?:\\.\\d+)?)");

  private static final String FORM_IN_WORDS =
      "a parameter and two ends above 0 that differ, such as users=1..512";

  /**
   * Reads {@code users=1..512} or {@code rate=0.5..64}. If both ends are whole numbers, the
   * parameter takes whole numbers only.
   *
   * @throws IllegalArgumentException if the text is invalid; the message says what is allowed
   */
  public static SearchAxis parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    Require.that(form.matches(), "-search", text, FORM_IN_WORDS);
    double start = Double.parseDouble(form.group(2));
    double end = Double.parseDouble(form.group(3));
    Require.that(start > 0 && end > 0 && start != end, "-search", text, FORM_IN_WORDS);
    boolean whole = !form.group(2).contains(".") && !form.group(3).contains(".");
    return new SearchAxis(form.group(1), start, end, whole);
  }

  /** Returns up to three values, as the parameter takes them, the start first. */
  public List<String> examples() {
    double middle = between(Math.min(start, end), Math.max(start, end));
    return Stream.of(start, middle, end).map(this::written).distinct().toList();
  }

  boolean climbs() {
    return start < end;
  }

  /** Returns the next value towards the end: double, or half. */
  double stepFrom(double value) {
    return climbs() ? Math.min(2 * value, end) : Math.max(rounded(value / 2), end);
  }

  /**
   * Returns the value half-way between two by ratio; neither of both unless they are neighbours.
   */
  double between(double low, double high) {
    double middle = rounded(Math.sqrt(low * high));
    return whole ? Math.max(low + 1, Math.min(middle, high - 1)) : middle;
  }

  /** Returns whether no value between two is worth measuring. */
  boolean areNeighbours(double low, double high) {
    return (whole && high - low <= 1) || high <= low * (1 + STEP);
  }

  private double rounded(double value) {
    return whole ? Math.rint(value) : new BigDecimal(value, new MathContext(3)).doubleValue();
  }

  /** Returns a value as the parameter takes it. */
  public String written(double value) {
    return whole ? Long.toString((long) value) : Numbers.score(value);
  }
}
