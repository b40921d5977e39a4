package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.ScopeSummary.Step;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * How a figure changed over a span of time, such as the measured window: a straight line through
 * the values of ten equal parts, by least squares. Of parts, because neighbouring seconds resemble
 * each other, so that they tell less than their number. Immutable.
 *
 * @param first value of the line in the first part, within the range of the values
 * @param last value of the line in the last part, within that range too: a line may fall below 0
 * @param low lower end of the 95 % interval of the difference, by Student's t
 * @param high upper end
 */
public record Trend(double first, double last, double low, double high) {

  private static final int PARTS = 10;

  /** A line through fewer parts has an interval too wide to tell anything. */
  private static final int FEWEST_PARTS = 6;

  private static final double CONFIDENCE = 0.95;

  /**
   * Estimates a trend.
   *
   * @param steps of the run; those outside of the span are left out
   * @param begin of the span, in seconds since the window opened
   * @param end of the span
   * @param value of the steps of a part; NaN if they have none
   * @return empty if too few parts have a value
   */
  public static Optional<Trend> of(
      List<Step> steps, double begin, double end, ToDoubleFunction<List<Step>> value) {
    List<List<Step>> parts = parts(PARTS, steps, begin, end);
    SimpleRegression line = new SimpleRegression();
    DoubleSummaryStatistics values = new DoubleSummaryStatistics();
    for (int part = 0; part < PARTS; part++) {
      double known = value.applyAsDouble(parts.get(part));
      if (!Double.isNaN(known)) {
        line.addData(part, known);
        values.accept(known);
      }
    }
    if (line.getN() < FEWEST_PARTS) {
      return Optional.empty();
    }
    int last = PARTS - 1;
    double halfWidth =
        MeanEstimate.studentT((int) line.getN() - 2, CONFIDENCE) * line.getSlopeStdErr();
    return Optional.of(
        new Trend(
            within(values, line.predict(0)),
            within(values, line.predict(last)),
            last * (line.getSlope() - halfWidth),
            last * (line.getSlope() + halfWidth)));
  }

  /** Returns the steps of each of several equal parts of a span; a part may have none. */
  public static List<List<Step>> parts(int number, List<Step> steps, double begin, double end) {
    List<List<Step>> parts =
        Stream.generate(() -> (List<Step>) new ArrayList<Step>()).limit(number).toList();
    for (Step step : steps) {
      if (step.second() >= begin && step.second() < end) {
        parts.get((int) (number * (step.second() - begin) / (end - begin))).add(step);
      }
    }
    return parts;
  }

  /**
   * Returns the mean of a value of steps.
   *
   * @param weight of a step; 0 for one without a value
   */
  public static ToDoubleFunction<List<Step>> mean(
      ToDoubleFunction<Step> value, ToDoubleFunction<Step> weight) {
    return steps -> {
      double sum = 0;
      double weights = 0;
      for (Step step : steps) {
        double weighs = weight.applyAsDouble(step);
        sum += weighs > 0 ? weighs * value.applyAsDouble(step) : 0;
        weights += weighs;
      }
      return weights == 0 ? Double.NaN : sum / weights;
    };
  }

  private static double within(DoubleSummaryStatistics range, double value) {
    return Math.max(range.getMin(), Math.min(range.getMax(), value));
  }

  /** Returns whether the figure rose for sure, and by more than a share of its mean. */
  public boolean rose(double share) {
    return low > 0 && last - first > share * mean();
  }

  /** Returns whether the figure fell for sure, and by more than a share of its mean. */
  public boolean fell(double share) {
    return high < 0 && first - last > share * mean();
  }

  /** Returns a difference in percent of the mean. */
  public double percent(double difference) {
    return mean() == 0 ? 0 : 100 * difference / mean();
  }

  private double mean() {
    return (first + last) / 2;
  }
}
