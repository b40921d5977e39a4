package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;

/** The sum that a total is read from: an amount and, of a share, the whole that it is part of. */
@Accumulator
final class Sum {

  private double amount;
  private double whole;

  /** The sum of the rates of load generators that worked side by side; null of a single one. */
  private @Nullable Double perSecond;

  void add(double amount, double whole) {
    this.amount += amount;
    this.whole += whole;
  }

  void add(Sum other) {
    add(other.amount, other.whole);
  }

  /**
   * Adds what another load generator summed up.
   *
   * @param seconds length of its window, which its rate is over
   */
  void add(Sum other, double seconds) {
    add(other);
    perSecond = (perSecond == null ? 0 : perSecond) + other.perSecond(seconds);
  }

  /** Adds what a response adds to a total: nothing where the response does not know it. */
  void add(Figure total, Response response) {
    double added = total.amount(response);
    if (!Double.isNaN(added)) {
      add(added, total.whole(response));
    }
  }

  double amount() {
    return amount;
  }

  double whole() {
    return whole;
  }

  /**
   * Returns the amount per second.
   *
   * @param seconds length of the window; rates of merged runs have one of their own each
   */
  double perSecond(double seconds) {
    if (perSecond != null) {
      return perSecond;
    }
    return seconds > 0 ? amount / seconds : 0;
  }

  /** Returns the amount as a share of the whole, or null of nothing. */
  @Nullable Double percent() {
    return whole == 0 ? null : 100 * amount / whole;
  }
}
