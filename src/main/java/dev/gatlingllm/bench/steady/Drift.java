package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.MeanEstimate;
import java.util.List;

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
    Sums all = new Sums(0, 0, 0, 0);
    int steps = 0;
    for (List<Double> fork : metric.forks()) {
      Sums own = Sums.of(fork);
      all = all.plus(own);
      steps = Math.max(steps, fork.size() - 1);
    }
    int degrees = all.freedom - 1;
    if (degrees < FEWEST_DEGREES || all.xx == 0) {
      return UNKNOWN;
    }
    double slope = all.xy / all.xx;
    double residuals = Math.max(0, all.yy - slope * all.xy);
    double error = Math.sqrt(residuals / degrees / all.xx);
    double halfWidth = error == 0 ? 0 : MeanEstimate.studentT(degrees, confidence) * error;
    return new Drift(slope, Interval.around(slope, halfWidth), steps);
  }

  /** Returns whether the slope differs from 0. */
  boolean isShown() {
    return interval.isKnown() && !interval.contains(0);
  }

  /** Returns the change from the first iteration to the last, in the metric's unit. */
  double total() {
    return slope * steps;
  }

  /**
   * Squares and products of the deviations from a fork's own means.
   *
   * @param freedom values less one for each fork
   */
  private record Sums(int freedom, double xx, double xy, double yy) {

    static Sums of(List<Double> fork) {
      int count = 0;
      double meanX = 0;
      double meanY = 0;
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (int x = 0; x < fork.size(); x++) {
        double y = fork.get(x);
        if (!Double.isNaN(y)) {
          count++;
          double dx = x - meanX;
          double dy = y - meanY;
          meanX += dx / count;
          meanY += dy / count;
          xx += dx * (x - meanX);
          xy += dx * (y - meanY);
          yy += dy * (y - meanY);
        }
      }
      return new Sums(Math.max(0, count - 1), xx, xy, yy);
    }

    Sums plus(Sums other) {
      return new Sums(freedom + other.freedom, xx + other.xx, xy + other.xy, yy + other.yy);
    }
  }
}
