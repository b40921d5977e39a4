package dev.gatlingllm.bench.result;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as results are read: with as many digits as mean something. */
public final class Figures {

  private Figures() {}

  /** Four significant digits, whole numbers in full: 0.01234, 12.34, 123456; – for none. */
  public static String of(double value) {
    return rounded(value, 4);
  }

  /** Two significant digits, whole numbers in full, as an error is written. */
  public static String error(double value) {
    return rounded(value, 2);
  }

  /** An error with its unit. */
  public static String error(double value, String unit) {
    return withUnit(error(value), value, unit);
  }

  private static String withUnit(String text, double value, String unit) {
    return unit.isEmpty() || unit.equals("#") || Double.isNaN(value) ? text : text + " " + unit;
  }

  private static String rounded(double value, int digits) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal exact = BigDecimal.valueOf(value);
    BigDecimal rounded =
        exact.precision() - exact.scale() >= digits
            ? exact.setScale(0, RoundingMode.HALF_EVEN)
            : exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    return rounded.stripTrailingZeros().toPlainString();
  }

  /** The value with its unit, such as {@code 12.34 ms}. */
  public static String of(double value, String unit) {
    return withUnit(of(value), value, unit);
  }

  /** A difference in percent with its sign and one decimal: +3.1 %. */
  public static String percent(double percent) {
    return Double.isNaN(percent) ? "–" : signed(percent) + " %";
  }

  /** With a sign and one decimal, and no sign for what is 0.0. */
  public static String signed(double percent) {
    String text = String.format(Locale.ROOT, "%+.1f", percent);
    return text.matches("[+-]0\\.0") ? "0.0" : text;
  }

  /** A share such as 0.999 as 99.9 %. */
  public static String confidence(double confidence) {
    return BigDecimal.valueOf(confidence)
            .movePointRight(2)
            .round(new MathContext(8))
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }
}
