package dev.gatlingllm.bench.search;

import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.text.Numbers;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a metric has to keep for a load to count as sustained, such as {@code ttft p95 < 800ms}.
 * Immutable.
 *
 * @param metric its name among a benchmark's scores, such as {@code ttft·p95}
 * @param comparison with the limit
 * @param limit in {@code unit}
 * @param unit {@code ms} of times, {@code %} of shares, empty of rates per second
 */
public record SearchObjective(String metric, Comparison comparison, double limit, String unit) {

  /** The share of failed requests, which is judged over a point's iterations together. */
  static final String FAILURES = "failures";

  private static final List<String> TIMES =
      List.of("ttft", "ttfo", "icl", "itl", "tpot", "e2e", "ntpot", "scheduleDelay");

  private static final Map<String, String> SHARES =
      Map.of(
          "goodput",
          "goodputPercent",
          "goodputPercent",
          "goodputPercent",
          "cacheHit",
          "cacheHitPercent",
          "cacheHitPercent",
          "cacheHitPercent",
          FAILURES,
          FAILURES);

  private static final List<String> RATES =
      List.of(
          "outputTokensPerSecond", "inputTokensPerSecond", "requestsPerSecond", "goodputPerSecond");

  private static final List<String> STATISTICS =
      List.of("mean", "min", "max", "p50", "p75", "p90", "p95", "p99", "p999");

  private static final Map<String, Double> MILLIS =
      Map.of("us", 1e-3, "ms", 1.0, "s", 1e3, "m", 60e3);

  private static final Pattern FORM =
      Pattern.compile(
          "(\\w+)(?:[\\s·.-]+(\\w+))?\\s*(<=|<|>=|>)\\s*(\\d+(?:\\.\\d+)?)\\s*([%a-z]*)");

  /** How a figure is compared with its limit. */
  public enum Comparison {
    BELOW("<"),
    AT_MOST("<="),
    ABOVE(">"),
    AT_LEAST(">=");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    static Comparison of(String sign) {
      for (Comparison comparison : values()) {
        if (comparison.sign.equals(sign)) {
          return comparison;
        }
      }
      throw new IllegalArgumentException(sign);
    }

    /** Whether a figure on this side of a limit keeps it. */
    boolean holds(double value, double limit) {
      return switch (this) {
        case BELOW -> value < limit;
        case AT_MOST -> value <= limit;
        case ABOVE -> value > limit;
        case AT_LEAST -> value >= limit;
      };
    }

    boolean wantsLess() {
      return this == BELOW || this == AT_MOST;
    }
  }

  /** Reads one objective; throws IllegalArgumentException with what would be right. */
  static SearchObjective parse(String piece) {
    String text = piece.strip();
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw wrong(text, "is no objective", "a metric, a statistic, a sign, a value and its unit");
    }
    String figure = form.group(1);
    String statistic = form.group(2);
    Comparison comparison = Comparison.of(form.group(3));
    double value = Double.parseDouble(form.group(4));
    String unit = form.group(5);
    if (TIMES.contains(figure)) {
      return ofTime(text, figure, statistic, comparison, value, unit);
    }
    if (!SHARES.containsKey(figure) && !RATES.contains(figure)) {
      throw wrong(
          text,
          "judges " + figure + ", which is no metric",
          "one of " + listed(TIMES) + ", goodput, cacheHit, failures, " + listed(RATES));
    }
    if (statistic != null) {
      throw wrong(text, "has the statistic " + statistic, "one of times alone: " + listed(TIMES));
    }
    if (SHARES.containsKey(figure)) {
      requireUnit(text, unit, "%", "percent, such as " + figure + " > 95%");
      return new SearchObjective(SHARES.get(figure), comparison, value, "%");
    }
    requireUnit(text, unit, "", "a number per second without a unit");
    return new SearchObjective(figure, comparison, value, "");
  }

  private static String listed(List<String> names) {
    return String.join(", ", names);
  }

  private static SearchObjective ofTime(
      String text,
      String figure,
      String statistic,
      Comparison comparison,
      double value,
      String unit) {
    if (statistic != null && !STATISTICS.contains(statistic)) {
      throw wrong(text, "has the statistic " + statistic, "one of " + listed(STATISTICS));
    }
    Double millis = MILLIS.get(unit);
    if (millis == null) {
      throw wrong(text, "has the unit '" + unit + "'", "us, ms, s or m, such as 800ms");
    }
    boolean mean = statistic == null || statistic.equals("mean");
    return new SearchObjective(
        mean ? figure : figure + "·" + statistic, comparison, value * millis, "ms");
  }

  private static void requireUnit(String text, String given, String right, String remedy) {
    if (!given.equals(right)) {
      throw wrong(text, "has the unit '" + given + "'", remedy);
    }
  }

  private static IllegalArgumentException wrong(String text, String problem, String remedy) {
    return new IllegalArgumentException(
        "-objective: '"
            + text
            + "' "
            + problem
            + "; give "
            + remedy
            + ". An example: ttft p95 < 800ms & tpot mean < 50ms & failures <= 1%");
  }

  boolean isAboutFailures() {
    return metric.equals(FAILURES);
  }

  /** Whether figures in a unit can be compared with the limit: rates are per second. */
  boolean isIn(String other) {
    return unit.isEmpty() ? other.endsWith("/s") : unit.equals(other);
  }

  /** What an interval of the figure says. */
  Sustained judge(Interval interval) {
    if (!interval.isKnown()) {
      return Sustained.UNDECIDED;
    }
    boolean lowHolds = comparison.holds(interval.low(), limit);
    boolean highHolds = comparison.holds(interval.high(), limit);
    if (lowHolds && highHolds) {
      return Sustained.YES;
    }
    return lowHolds || highHolds ? Sustained.UNDECIDED : Sustained.NO;
  }

  /** As it could have been written: {@code ttft·p95 < 800 ms}. */
  @Override
  public String toString() {
    return metric + " " + comparison.sign + " " + Numbers.score(limit, unit);
  }
}
