package dev.gatlingllm.metrics;

/**
 * Count, mean and variance of values, by B. P. Welford (Technometrics 4, 1962): numerically stable
 * for any number of values, whatever their mean.
 */
@Accumulator
final class Moments {

  private long count;
  private double mean;

  /** Sum of the squared distances from the mean. */
  private double squares;

  void add(double value) {
    count++;
    double distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }

  /** Adds other values, by Chan, Golub and LeVeque (Technical Report STAN-CS-79-773). */
  void add(Moments other) {
    if (other.count == 0) {
      return;
    }
    double distance = other.mean - mean;
    double share = (double) other.count / (count + other.count);
    squares += other.squares + distance * distance * count * share;
    mean += distance * share;
    count += other.count;
  }

  long count() {
    return count;
  }

  /** Returns the arithmetic mean; 0 without values. */
  double mean() {
    return mean;
  }

  /** Returns the variance of the values as a population; there must be a value. */
  double variance() {
    return squares / count;
  }

  /** Returns the mean with its standard error; there must be 2 values. */
  MeanEstimate estimate() {
    return new MeanEstimate(count, mean, variance() / (count - 1));
  }
}
