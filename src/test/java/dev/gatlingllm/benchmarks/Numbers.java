package dev.gatlingllm.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Formats numbers for tables. */
final class Numbers {

  private static final MathContext THREE_DIGITS = new MathContext(3);

  private Numbers() {}

  /** Formats to three significant digits, without an exponent; "–" for NaN. */
  static String shortly(double number) {
    return Double.isFinite(number)
        ? new BigDecimal(number).round(THREE_DIGITS).stripTrailingZeros().toPlainString()
        : "–";
  }

  /** Formats a whole number with commas. */
  static String whole(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }
}
