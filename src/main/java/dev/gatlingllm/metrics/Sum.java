package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;

/** The sum that a total is read from: an amount and, of a share, the whole that it is part of. */
@Accumulator
final class Sum {

  private double amount;
  private double whole;

  void add(double amount, double whole) {
    this.amount += amount;
    this.whole += whole;
  }

  void add(Sum other) {
    add(other.amount, other.whole);
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
   * @param seconds length of the window
   */
  double perSecond(double seconds) {
    return seconds > 0 ? amount / seconds : 0;
  }

  /** Returns the amount as a share of the whole, or null of nothing. */
  @Nullable Double percent() {
    return whole == 0 ? null : 100 * amount / whole;
  }
}
