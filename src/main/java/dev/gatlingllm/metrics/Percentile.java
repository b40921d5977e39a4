package dev.gatlingllm.metrics;

import java.util.function.LongToDoubleFunction;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * The one estimator of percentiles, and how many samples it takes.
 *
 * <p>The percentile p of n samples is estimated at rank (n + 1) · p, between two samples by linear
 * interpolation (type 6 of R. J. Hyndman and Y. Fan, The American Statistician 50, 1996), as JMH's
 * statistics do. Nearest rank would estimate too low a percentile: the 95th of 20 samples would be
 * the 90.5th.
 */
public final class Percentile {

  /** Samples above a percentile from which on it is shown. */
  private static final double SHOWN = 1;

  /** Samples above a percentile from which on it is asserted, scored or searched. */
  private static final double JUDGED = 5;

  /** Of n · (1 − p), which is not exact in binary. */
  private static final double ROUNDING = 1e-9;

  private Percentile() {}

  /** Returns whether so many samples say anything about a percentile: n · (1 − p) ≥ 1. */
  public static boolean isShown(long samples, double percentile) {
    return above(samples, percentile) >= SHOWN - ROUNDING;
  }

  /** Returns whether so many samples are enough to judge a percentile by: n · (1 − p) ≥ 5. */
  public static boolean isJudged(long samples, double percentile) {
    return above(samples, percentile) >= JUDGED - ROUNDING;
  }

  /** Returns how many samples it takes to judge a percentile below 100. */
  public static long samplesToJudge(double percentile) {
    return (long) Math.ceil(JUDGED * 100 / (100 - percentile) - ROUNDING);
  }

  private static double above(long samples, double percentile) {
    return samples * (100 - percentile) / 100;
  }

  /**
   * Returns a percentile of samples.
   *
   * @param percentile from 0 to 100
   * @param count number of samples, at least 1
   * @param sampleAt the samples by their rank in ascending order, from 1
   */
  public static double of(double percentile, long count, LongToDoubleFunction sampleAt) {
    double rank = Math.max(1, Math.min((double) count, (count + 1) * percentile / 100));
    long below = (long) rank;
    double value = sampleAt.applyAsDouble(below);
    return rank == below
        ? value
        : value + (rank - below) * (sampleAt.applyAsDouble(below + 1) - value);
  }

  /**
   * Returns a confidence interval of a percentile between two samples, whatever their distribution:
   * the number of samples below the percentile is binomial (H. A. David and H. N. Nagaraja, Order
   * Statistics, 2003, section 7.1). Samples must be independent.
   *
   * @param percentile above 0 and below 100
   * @param confidence of the interval, between 0 and 1, such as 0.95
   * @param count number of samples, at least 1
   * @param sampleAt the samples by their rank in ascending order, from 1
   * @return an end is infinite where there are too few samples to bound that side
   */
  public static Interval interval(
      double percentile, double confidence, long count, LongToDoubleFunction sampleAt) {
    double tail = (1 - confidence) / 2;
    // no generator, because no random numbers are drawn
    BinomialDistribution below =
        new BinomialDistribution(null, (int) Math.min(count, Integer.MAX_VALUE), percentile / 100);
    long low = below.inverseCumulativeProbability(tail);
    long high = below.inverseCumulativeProbability(1 - tail) + 1L;
    return new Interval(
        low < 1 ? Double.NEGATIVE_INFINITY : sampleAt.applyAsDouble(low),
        high > count ? Double.POSITIVE_INFINITY : sampleAt.applyAsDouble(high));
  }

  /**
   * Returns a confidence interval of a share, from 0 to 1: the binomial one of C. J. Clopper and E.
   * S. Pearson (Biometrika 26, 1934), also between two whole numbers.
   *
   * @param part from 0 to {@code whole}
   * @param whole above 0
   * @param confidence of the interval, between 0 and 1
   */
  public static Interval shareInterval(double part, double whole, double confidence) {
    double tail = (1 - confidence) / 2;
    return new Interval(
        part > 0 ? beta(part, whole - part + 1, tail) : 0,
        part < whole ? beta(part + 1, whole - part, 1 - tail) : 1);
  }

  private static double beta(double alpha, double beta, double probability) {
    return new BetaDistribution(null, alpha, beta).inverseCumulativeProbability(probability);
  }
}
