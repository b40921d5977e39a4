package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.MeanEstimate;
import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * The change of a metric from one iteration to the next: the common slope of one straight line per
 * fork, by least squares. Immutable.
 *
 * @param slope change per iteration, in the metric's unit
 * @param interval of the slope
 * @param steps from the first iteration to the last
 */
record Drift(double slope, Interval interval, int steps) {

  /** With one degree, three counts that happen to lie on a line would have no error at all. */
  private static final int FEWEST_DEGREES = 2;

  /** The drift of too few iterations, or of iterations without a value. */
  private static final Drift UNKNOWN = new Drift(Double.NaN, Interval.UNKNOWN, 0);

  /**
   * Estimates the slope with Student's t interval. Of n values of f forks, n − f − 1 degrees of
   * freedom are left for the error; with fewer than 2 the interval is unknown.
   *
   * @param confidence of the interval, between 0 and 1
   */
  static Drift of(MetricScores metric, double confidence) {
    int degrees = -1;
    int steps = 0;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (List<Double> fork : metric.forks()) {
      SimpleRegression line = line(fork);
      if (line.getN() > 1) {
        degrees += (int) line.getN() - 1;
        xx += line.getXSumSquares();
        xy += line.getSumOfCrossProducts();
        yy += line.getTotalSumSquares();
      }
      steps = Math.max(steps, fork.size() - 1);
    }
    if (degrees < FEWEST_DEGREES || xx == 0) {
      return UNKNOWN;
    }
    double slope = xy / xx;
    double residuals = Math.max(0, yy - slope * xy);
    double error = Math.sqrt(residuals / degrees / xx);
    double halfWidth = error == 0 ? 0 : MeanEstimate.studentT(degrees, confidence) * error;
    return new Drift(slope, Interval.around(slope, halfWidth), steps);
  }

  private static SimpleRegression line(List<Double> fork) {
    SimpleRegression line = new SimpleRegression();
    for (int iteration = 0; iteration < fork.size(); iteration++) {
      if (!Double.isNaN(fork.get(iteration))) {
        line.addData(iteration, fork.get(iteration));
      }
    }
    return line;
  }

  /** Returns whether the slope differs from 0. */
  boolean isShown() {
    return interval.isKnown() && !interval.contains(0);
  }

  /** Returns the change from the first iteration to the last, in the metric's unit. */
  double total() {
    return slope * steps;
  }
}
