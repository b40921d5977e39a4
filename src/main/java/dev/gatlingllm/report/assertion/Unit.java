package dev.gatlingllm.report.assertion;

import dev.gatlingllm.text.Numbers;

/**
 * What a figure counts. Gatling judges whole numbers that fit an int: each unit is cut into 1,000
 * ticks, so that small figures keep their digits.
 */
enum Unit {
  MILLISECONDS(" ms", "microseconds"),
  TOKENS(" tokens", "thousandths"),
  PERCENT(" %", "thousandths"),
  TOKENS_PER_SECOND(" tokens/s", "thousandths");

  /** The greatest limit; what lies above 1.07 times as much is judged as that. */
  static final double GREATEST = 2_000_000;

  private static final int TICKS = 1_000;

  private final String symbol;
  private final String tick;

  Unit(String symbol, String tick) {
    this.symbol = symbol;
    this.tick = tick;
  }

  /** The name of a tick, as Gatling's message of the assertion gives it. */
  String tick() {
    return tick;
  }

  /** A figure as Gatling judges it. */
  int ticks(double value) {
    return (int)
        Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Math.round(value * TICKS)));
  }

  /** As a person reads it, to three decimals at most, with the unit. */
  String words(double value) {
    return Numbers.decimals(value, 3) + symbol;
  }
}
