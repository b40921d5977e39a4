package dev.gatlingllm.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Writes numbers, with a point for decimals in any locale. */
public final class Numbers {

  /** Stands for a number that is not known. */
  public static final String UNKNOWN = "–";

  private Numbers() {}

  /**
   * Writes a number with at most so many decimals, without trailing zeros: {@code 12.5}, {@code
   * 400}. For files; without grouping.
   *
   * @param value any finite number
   */
  public static String decimals(double value, int decimals) {
    return plain(BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP));
  }

  /** Writes a number of thousandths, from 0, with three decimals: 1,500 as {@code 1.500}. */
  public static String thousandths(long value) {
    long rest = value % 1_000;
    return value / 1_000 + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
  }

  /** Writes a number in full, without trailing zeros or exponent: {@code 0.25}, {@code 64}. */
  public static String plain(double value) {
    return plain(BigDecimal.valueOf(value));
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /**
   * Writes a number to so many significant digits, whole numbers in full: of 4 digits {@code
   * 0.01234}, {@code 12.34}, {@code 123456}; {@value #UNKNOWN} for NaN and ∞ for an infinite one.
   */
  public static String significant(double value, int digits) {
    if (Double.isNaN(value)) {
      return UNKNOWN;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    BigDecimal exact = BigDecimal.valueOf(value);
    return plain(
        exact.precision() - exact.scale() >= digits
            ? exact.setScale(0, RoundingMode.HALF_EVEN)
            : exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)));
  }

  /** Writes a score: four significant digits, whole numbers in full. */
  public static String score(double value) {
    return significant(value, 4);
  }

  /** Writes a score with its unit, such as {@code 12.34 ms}. */
  public static String score(double value, String unit) {
    return withUnit(score(value), value, unit);
  }

  /** Writes half the width of an interval: two significant digits, with its unit. */
  public static String error(double value, String unit) {
    return withUnit(significant(value, 2), value, unit);
  }

  private static String withUnit(String number, double value, String unit) {
    return unit.isEmpty() || unit.equals("#") || Double.isNaN(value) ? number : number + " " + unit;
  }

  /** Writes a difference in percent with its sign and one decimal: {@code +3.1 %}. */
  public static String signedPercent(double percent) {
    return Double.isNaN(percent) ? UNKNOWN : signed(percent) + " %";
  }

  /** Writes a number with its sign and one decimal, and {@code 0.0} without a sign. */
  public static String signed(double value) {
    String text = String.format(Locale.ROOT, "%+.1f", value);
    return text.matches("[+-]0\\.0") ? "0.0" : text;
  }

  /** Writes a share as percent in full: 0.999 as {@code 99.9 %}. */
  public static String percentOf(double share) {
    return plain(BigDecimal.valueOf(share).movePointRight(2).round(new MathContext(8))) + " %";
  }

  /** Writes a time for a console: about three significant digits, with grouping. */
  public static String millis(double millis) {
    double size = Math.abs(millis);
    return grouped(millis, size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0);
  }

  /** Writes a number for a console: so many decimals, with grouping, such as {@code 1,234.5}. */
  public static String grouped(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Writes a count for a console, with grouping: {@code 1,234}. */
  public static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
