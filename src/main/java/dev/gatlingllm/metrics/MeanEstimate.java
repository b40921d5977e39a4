package dev.gatlingllm.metrics;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * A mean and its standard error. Immutable.
 *
 * @param count number of values
 * @param mean their arithmetic mean
 * @param squaredError square of the standard error: the sample variance divided by the count
 */
public record MeanEstimate(long count, double mean, double squaredError) {

  /** Returns this mean − another. */
  public double minus(MeanEstimate other) {
    return mean - other.mean;
  }

  /**
   * Returns the confidence interval of {@code this − other}, by Student's t with the degrees of
   * freedom of B. L. Welch (Biometrika 34, 1947) and F. E. Satterthwaite (Biometrics Bulletin 2,
   * 1946): both sides may differ in variance and count.
   *
   * @param confidence of the interval, between 0 and 1, such as 0.999
   * @return of width 0 if neither side has any variance; unknown if a side has fewer than 2 values
   */
  public Interval differenceFrom(MeanEstimate other, double confidence) {
    if (count < 2 || other.count < 2) {
      return Interval.UNKNOWN;
    }
    double both = squaredError + other.squaredError;
    double halfWidth = both == 0 ? 0 : studentT(degreesWith(other), confidence) * Math.sqrt(both);
    return Interval.around(minus(other), halfWidth);
  }

  /**
   * Returns half the width of the mean's confidence interval by Student's t; there must be 2
   * values.
   *
   * @param confidence of the interval, between 0 and 1
   */
  public double halfWidth(double confidence) {
    return studentT(count - 1.0, confidence) * Math.sqrt(squaredError);
  }

  private double degreesWith(MeanEstimate other) {
    // shares instead of squares, because squares of very small errors underflow
    double share = squaredError / (squaredError + other.squaredError);
    return 1 / (share * share / (count - 1) + (1 - share) * (1 - share) / (other.count - 1));
  }

  /**
   * Returns half the width of a two-sided interval in standard errors: a quantile of Student's t.
   *
   * @param degrees degrees of freedom, above 0 and not necessarily whole
   * @param confidence of the interval, between 0 and 1
   */
  public static double studentT(double degrees, double confidence) {
    // no generator, because no random numbers are drawn
    return new TDistribution(null, degrees).inverseCumulativeProbability((1 + confidence) / 2);
  }
}
