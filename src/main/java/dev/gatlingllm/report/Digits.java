package dev.gatlingllm.report;

import java.util.Locale;

/** How consoles write numbers. */
final class Digits {

  private Digits() {}

  /** About three digits that mean something, as on the page. */
  static String millis(double millis) {
    int decimals = millis < 1 ? 3 : millis < 10 ? 2 : millis < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + decimals + "f", millis);
  }
}
