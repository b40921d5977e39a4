package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The straight line through points by least squares. Sums of distances from the means are updated
 * as by Welford and merged as by Chan, Golub and LeVeque, see {@link Moments}.
 */
@Accumulator
final class LineFit {

  private static final int FEWEST_POINTS = 10;

  /** Of the standard normal distribution, for an interval of 95 %. */
  private static final double Z = 1.96;

  private long count;
  private double meanX;
  private double meanY;
  private double squaresX;
  private double squaresY;
  private double products;

  void add(double x, double y) {
    LineFit point = new LineFit();
    point.count = 1;
    point.meanX = x;
    point.meanY = y;
    add(point);
  }

  void add(LineFit other) {
    if (other.count == 0) {
      return;
    }
    double x = other.meanX - meanX;
    double y = other.meanY - meanY;
    double share = (double) other.count / (count + other.count);
    squaresX += other.squaresX + x * x * count * share;
    squaresY += other.squaresY + y * y * count * share;
    products += other.products + x * y * count * share;
    meanX += x * share;
    meanY += y * share;
    count += other.count;
  }

  /** Returns the line; null where there are too few points, or all have the same x. */
  ScopeSummary.@Nullable Line line() {
    if (count < FEWEST_POINTS || squaresX <= 0) {
      return null;
    }
    double slope = products / squaresX;
    double unexplained = Math.max(0, squaresY - slope * products) / (count - 2);
    double half = Z * Math.sqrt(unexplained / squaresX);
    return new ScopeSummary.Line(count, meanY - slope * meanX, slope, slope - half, slope + half);
  }
}
