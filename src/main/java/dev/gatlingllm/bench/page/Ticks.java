package dev.gatlingllm.bench.page;

import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an axis of values begins and ends, and what it says in between: steps of 1, 2 or 5 times a
 * power of ten.
 *
 * @param low its lower end
 * @param high its upper end, above the lower
 * @param step from one tick to the next
 */
record Ticks(double low, double high, double step) {

  private static final int ABOUT = 5;

  /** Covers values, from 0 on unless all of them lie far above it or some below. */
  static Ticks covering(double least, double greatest) {
    double low = least > 0 && least < 0.7 * greatest ? 0 : least;
    double span = greatest - low;
    if (!(span > 0)) {
      span = greatest == 0 ? 1 : Math.abs(greatest) / 10;
      low = low > 0 ? low - span / 2 : low;
    }
    double step = nice(span / ABOUT);
    return new Ticks(
        Math.floor(low / step) * step, Math.ceil((low + span) / step - 1e-9) * step, step);
  }

  private static double nice(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  List<Double> all() {
    List<Double> ticks = new ArrayList<>();
    long first = Math.round(low / step);
    long last = Math.round(high / step);
    for (long i = first; i <= last; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  static String label(double tick) {
    return Numbers.score(tick);
  }

  /** Where a value lies, 0 at the lower end and 1 at the upper. */
  double share(double value) {
    return (value - low) / (high - low);
  }
}
