package dev.gatlingllm.metrics;

/** Mean and variance of the natural logarithms of times. Not safe for threads. */
final class LogMoments {

  private long count;
  private double mean;
  private double squaredDeviations;

  /** Adds a time; what no clock could tell from zero counts as one nanosecond. */
  void add(long nanos) {
    double value = Math.log(Math.max(1, nanos));
    double before = value - mean;
    count++;
    mean += before / count;
    squaredDeviations += before * (value - mean);
  }

  long count() {
    return count;
  }

  double mean() {
    return mean;
  }

  /** The mean with its error, from 2 values on. */
  MeanEstimate estimate() {
    return new MeanEstimate(count, mean, squaredDeviations / (count - 1) / count);
  }
}
