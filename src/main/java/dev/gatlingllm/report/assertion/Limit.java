package dev.gatlingllm.report.assertion;

import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.text.Numbers;

/**
 * What a figure must come to, in the figure's unit. Immutable.
 *
 * @param comparison how it is compared
 * @param low the limit, or the lower one of two, included
 * @param high the upper one of two, included; else the same as {@code low}
 */
public record Limit(Comparison comparison, double low, double high) {

  /** The greatest limit; a value more than 1.07 times as large is judged as that. */
  private static final double GREATEST = 2_000_000;

  /**
   * Gatling judges whole numbers that fit an int: each unit is cut into so many, so that small
   * values keep their digits.
   */
  private static final int TICKS = 1_000;

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if a limit is negative, no number or above 2 million ms,
   *     tokens or whatever the figure counts, or the lower one is above the upper one
   */
  public Limit {
    requireInRange(comparison, low);
    requireInRange(comparison, high);
    if (low > high) {
      throw new IllegalArgumentException(
          "between(%s, %s): give the lower limit first".formatted(low, high));
    }
  }

  private static void requireInRange(Comparison comparison, double limit) {
    if (!(limit >= 0 && limit <= GREATEST)) {
      throw new IllegalArgumentException(
          "a token assertion's limit must be from 0 to 2,000,000 (a time up to 2,000 s), got '%s %s'"
              .formatted(comparison.words(), limit));
    }
  }

  /** A limit of one number. */
  public static Limit of(Comparison comparison, double limit) {
    return new Limit(comparison, limit, limit);
  }

  boolean allows(double value) {
    return comparison.holds(ticks(value), ticks(low), ticks(high));
  }

  String words(Unit unit) {
    return comparison.words()
        + " "
        + (comparison == Comparison.BETWEEN ? words(low, unit) + " and " : "")
        + words(high, unit);
  }

  /** Returns a value as Gatling judges it. */
  static int ticks(double value) {
    return (int)
        Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Math.round(value * TICKS)));
  }

  /** Returns the name of a tick, for Gatling's message of the assertion. */
  static String tick(Unit unit) {
    return unit == Unit.MILLISECONDS ? "microseconds" : "thousandths";
  }

  /** Returns a value for a person, to three decimals at most, with its unit. */
  static String words(double value, Unit unit) {
    return Numbers.decimals(value, 3) + " " + unit.symbol();
  }
}
