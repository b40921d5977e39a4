package dev.gatlingllm.metrics;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * A mean with what is known of its error. Immutable.
 *
 * @param count of values that it is the mean of
 * @param mean of them
 * @param squaredError of the mean: the values' variance divided by their count
 */
public record MeanEstimate(long count, double mean, double squaredError) {

  /** How far this mean lies above another. */
  public double minus(MeanEstimate other) {
    return mean - other.mean;
  }

  /**
   * The confidence interval of {@code this − other}, by Student's t with the degrees of freedom of
   * B. L. Welch (Biometrika 34, 1947) and F. E. Satterthwaite (Biometrics Bulletin 2, 1946): both
   * sides may differ in spread and number.
   *
   * @param confidence of the interval, between 0 and 1, such as 0.999
   * @return of no width where neither side has any spread; unknown where a side has fewer than 2
   *     values
   */
  public Interval differenceFrom(MeanEstimate other, double confidence) {
    if (count < 2 || other.count < 2) {
      return Interval.UNKNOWN;
    }
    double both = squaredError + other.squaredError;
    double halfWidth = both == 0 ? 0 : studentT(degreesWith(other), confidence) * Math.sqrt(both);
    return Interval.around(minus(other), halfWidth);
  }

  private double degreesWith(MeanEstimate other) {
    // shares of the whole keep the squares of very small errors from vanishing
    double share = squaredError / (squaredError + other.squaredError);
    return 1 / (share * share / (count - 1) + (1 - share) * (1 - share) / (other.count - 1));
  }

  /**
   * Half the width of a two-sided interval in standard errors: a quantile of Student's t.
   *
   * @param degrees of freedom, above 0 and not necessarily whole
   * @param confidence of the interval, between 0 and 1
   */
  public static double studentT(double degrees, double confidence) {
    // no random numbers are drawn from it
    return new TDistribution(null, degrees).inverseCumulativeProbability((1 + confidence) / 2);
  }
}
