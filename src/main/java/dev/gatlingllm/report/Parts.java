package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Trend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The window in equal parts, some of which may have a far higher value than usual. docs/report.md
 * lists the limits.
 *
 * @param steps of each part; one may have none
 * @param seconds length of a part
 */
record Parts(List<List<Step>> steps, double seconds) {

  /** A time of a fifth of the window has three of twenty parts whole, wherever it begins. */
  private static final int NUMBER = 20;

  /** Of a shorter window, with fewer steps, some of so many parts would be empty. */
  private static final int NUMBER_IF_SHORT = 10;

  /** A hump may take half of the window. */
  private static final double QUIETER = 40;

  /** A value that is so many times as high as in the quieter parts of the window is not usual. */
  private static final double FAR_HIGHER = 3;

  /** A shorter span, as a share of the window, may have a few slow responses. */
  private static final double MIN_SHARE = 0.15;

  /** One at the end may have just begun. */
  private static final double MIN_SHARE_AT_END = 0.1;

  static Parts of(List<Step> steps, double windowSeconds) {
    int number = measured(steps, windowSeconds).size() < NUMBER ? NUMBER_IF_SHORT : NUMBER;
    return new Parts(Trend.parts(number, steps, 0, windowSeconds), windowSeconds / number);
  }

  /** Returns the steps of the window. */
  static List<Step> measured(List<Step> steps, double windowSeconds) {
    return steps.stream()
        .filter(step -> step.second() >= 0 && step.second() < windowSeconds)
        .toList();
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

  /** Returns the spans in which a value is far higher than usual, where it is known. */
  List<Span> high(double[] values) {
    double limit = limit(values);
    List<Span> high = new ArrayList<>();
    boolean isNoneBefore = true;
    for (int from = 0, to; from < values.length; from = to + 1) {
      to = from;
      if (values[from] > limit) {
        for (int i = from; i < values.length && !(values[i] <= limit); i++) {
          to = Double.isNaN(values[i]) ? to : i + 1;
        }
      }
      boolean isAtEnd = to == values.length && isNoneBefore;
      if (to - from >= (isAtEnd ? MIN_SHARE_AT_END : MIN_SHARE) * values.length) {
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
        of(steps.subList(from, to).stream()),
        of(
            Stream.concat(
                steps.subList(0, from).stream(), steps.subList(to, steps.size()).stream())));
  }

  private static List<Step> of(Stream<List<Step>> parts) {
    return parts.flatMap(List::stream).toList();
  }

  /**
   * Neighbouring parts.
   *
   * @param from seconds since the window opened
   * @param to the same
   * @param steps of all of them
   * @param others all steps of the other parts
   */
  record Span(double from, double to, List<Step> steps, List<Step> others) {

    static Span of(List<Step> measured, double from, double to) {
      return new Span(
          from,
          to,
          measured.stream().filter(step -> step.second() >= from && step.second() < to).toList(),
          measured.stream().filter(step -> step.second() < from || step.second() >= to).toList());
    }
  }
}
