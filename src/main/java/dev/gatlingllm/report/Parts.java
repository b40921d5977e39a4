package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Trend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The window in equal parts, some of which may have a far higher value than usual. docs/report.md
 * lists the limits.
 *
 * @param steps of each part; one may have none
 * @param seconds length of a part
 */
record Parts(List<List<Step>> steps, double seconds) {

  private static final int NUMBER = 10;

  /** A hump may take half of the window. */
  private static final double QUIETER = 40;

  /** A value that is so many times as high as in the quieter parts of the window is not usual. */
  private static final double FAR_HIGHER = 3;

  /** One part alone may have a few slow responses. */
  private static final int MIN_PARTS = 2;

  static Parts of(List<Step> steps, double windowSeconds) {
    return new Parts(Trend.parts(steps, 0, windowSeconds), windowSeconds / NUMBER);
  }

  /** Returns the value of each part; NaN if it has none. */
  double[] values(ToDoubleFunction<List<Step>> value) {
    return steps.stream().mapToDouble(value).toArray();
  }

  /** Returns what a value is in the quieter parts of the window; NaN if it is known of none. */
  static double usual(double[] values) {
    double[] known = Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
    return known.length == 0
        ? Double.NaN
        : Percentile.of(QUIETER, known.length, rank -> known[(int) rank - 1]);
  }

  /** Returns the limit above which a value is not usual. */
  static double limit(double[] values) {
    return FAR_HIGHER * usual(values);
  }

  /** Returns the spans in which a value is far higher than usual. */
  List<Span> high(double[] values) {
    double limit = limit(values);
    List<Span> high = new ArrayList<>();
    boolean isNoneBefore = true;
    for (int from = 0, to; from < values.length; from = to + 1) {
      to = from;
      while (to < values.length && values[to] > limit) {
        to++;
      }
      // one at the end may have just begun
      if (to - from >= MIN_PARTS || (to > from && to == values.length && isNoneBefore)) {
        high.add(span(from, to));
      }
      isNoneBefore &= to == from;
    }
    return high;
  }

  private Span span(int from, int to) {
    return new Span(
        from * seconds,
        to * seconds,
        steps.subList(from, to).stream().flatMap(List::stream).toList());
  }

  /** Returns the steps of all parts whose value is not far higher than usual. */
  List<Step> others(double[] values) {
    double limit = limit(values);
    return IntStream.range(0, values.length)
        .filter(part -> values[part] <= limit)
        .mapToObj(steps::get)
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Neighbouring parts.
   *
   * @param from seconds since the window opened
   * @param to the same
   * @param steps of all of them
   */
  record Span(double from, double to, List<Step> steps) {}
}
