package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A limit of a figure, such as {@code ttft p95 < 800ms}: a figure, a statistic of it, a sign, a
 * value and its unit. Immutable.
 *
 * @param indicator the number
 * @param comparison how it is compared; not {@link Comparison#BETWEEN}
 * @param limit in the indicator's unit
 */
public record Condition(Indicator indicator, Comparison comparison, double limit) {

  private static final Pattern FORM =
      Pattern.compile(
          "(\\w+)(?:[\\s·.-]+([\\w.]+))?\\s*(<=|<|>=|>|=)\\s*(\\d+(?:\\.\\d+)?)\\s*([%a-zA-Z/]*)");

  /**
   * Reads conditions joined by {@code ,} or {@code &}, such as {@code ttft p95 < 800ms & failures
   * <= 1%}.
   *
   * @throws IllegalArgumentException if one is invalid or an indicator has two; the message says
   *     what is allowed, and has no name of a setting or option in it
   */
  public static List<Condition> parseAll(String text) {
    List<Condition> all = new ArrayList<>();
    Set<Indicator> seen = new HashSet<>();
    for (String piece : text.split("[,&]", -1)) {
      Condition condition = parse(piece);
      if (!seen.add(condition.indicator)) {
        throw new IllegalArgumentException(
            condition.indicator.label() + " has two conditions; keep the stricter one");
      }
      all.add(condition);
    }
    return List.copyOf(all);
  }

  /**
   * Reads a condition.
   *
   * @throws IllegalArgumentException if the text is not a condition; the message quotes it and says
   *     what is allowed
   */
  static Condition parse(String text) {
    String piece = text.strip();
    Matcher form = FORM.matcher(piece);
    if (!form.matches()) {
      throw invalid(
          piece,
          "not a condition",
          "a figure, a sign, a value and its unit, such as ttft < 800ms; over many responses also a"
              + " statistic, such as ttft p95 < 800ms");
    }
    Figure figure =
        Figure.byName(form.group(1)).orElseThrow(() -> unknownFigure(piece, form.group(1)));
    Statistic statistic = statistic(piece, figure, form.group(2));
    Comparison comparison = Comparison.ofSign(form.group(3)).orElseThrow();
    double limit = limit(piece, figure, Double.parseDouble(form.group(4)), form.group(5));
    return new Condition(new Indicator(figure, statistic), comparison, limit);
  }

  private static IllegalArgumentException unknownFigure(String piece, String name) {
    List<String> names = Stream.of(Figure.values()).map(Figure::alias).distinct().toList();
    return invalid(
        piece,
        "unknown figure " + name,
        Names.nearest(name, names).orElseGet(() -> "one of " + String.join(", ", names)));
  }

  private static Statistic statistic(String piece, Figure figure, String name) {
    if (name == null) {
      return Statistic.MEAN;
    }
    if (!figure.isDistribution()) {
      throw invalid(piece, figure.alias() + " has no statistics", "the figure alone");
    }
    return Statistic.parse(name.toLowerCase(Locale.ROOT))
        .orElseThrow(
            () ->
                invalid(
                    piece,
                    "unknown statistic " + name,
                    "mean, min, max, stddev or a percentile such as p95"));
  }

  private static double limit(String piece, Figure figure, double value, String unit) {
    Unit expected = figure.unit();
    if (expected == Unit.MILLISECONDS) {
      Optional<TimeUnit> time = Durations.unit(unit.toLowerCase(Locale.ROOT));
      return time.map(of -> value * of.toNanos(1) / 1e6)
          .orElseThrow(() -> unit(piece, unit, "a time such as 250us, 800ms or 1.5s"));
    }
    boolean optional = expected != Unit.PERCENT;
    if (unit.equals(expected.symbol()) || (optional && unit.isEmpty())) {
      return value;
    }
    throw unit(piece, unit, expected.symbol() + (optional ? " or no unit" : ", such as 95%"));
  }

  private static IllegalArgumentException unit(String piece, String unit, String allowed) {
    return invalid(piece, unit.isEmpty() ? "no unit" : "invalid unit " + unit, allowed);
  }

  private static IllegalArgumentException invalid(String piece, String problem, String allowed) {
    return new IllegalArgumentException("'" + piece + "': " + problem + "; write " + allowed);
  }

  /** Returns whether a value meets the condition. */
  public boolean isMetBy(double value) {
    return comparison.holds(value, limit, limit);
  }

  /** Returns whether all samples of a successful response meet the condition. */
  boolean isMetBy(Response response) {
    return indicator.figure().isMetBy(response, this::isMetBy);
  }

  /** Returns the condition with a limit in the indicator's unit: {@code ttft·p95 < 800 ms}. */
  @Override
  public String toString() {
    // rates and counts are written without a unit, as their names say it
    Unit unit = indicator.unit();
    String symbol = unit == Unit.MILLISECONDS || unit == Unit.PERCENT ? unit.symbol() : "";
    return indicator.label(indicator.figure().alias())
        + " "
        + comparison.sign()
        + " "
        + Numbers.score(limit, symbol);
  }
}
