package dev.gatlingllm.benchmarks;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * The ratio of the costs of two builds, from rounds in which both were measured one after the
 * other. Its interval is that of Student's t distribution for the mean of the logarithms, which
 * leaves out what other load on the machine did to both alike.
 */
final class CostRatio {

  private static final double CONFIDENCE = 0.95;

  private final SummaryStatistics logarithms = new SummaryStatistics();

  /** Adds a round. */
  void add(double cost, double otherCost) {
    logarithms.addValue(Math.log(cost / otherCost));
  }

  /** Returns the geometric mean of the ratios. */
  double mean() {
    return Math.exp(logarithms.getMean());
  }

  /** Returns the lower end of the interval; NaN for less than two rounds. */
  double low() {
    return Math.exp(logarithms.getMean() - margin());
  }

  /** Returns the upper end of the interval; NaN for less than two rounds. */
  double high() {
    return Math.exp(logarithms.getMean() + margin());
  }

  private double margin() {
    long rounds = logarithms.getN();
    return rounds < 2
        ? Double.NaN
        : new TDistribution(rounds - 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2)
            * logarithms.getStandardDeviation()
            / Math.sqrt(rounds);
  }

  @Override
  public String toString() {
    return "%s times as much as the other (95 %% interval %s–%s, %d rounds)"
        .formatted(
            Numbers.shortly(mean()),
            Numbers.shortly(low()),
            Numbers.shortly(high()),
            logarithms.getN());
  }
}
