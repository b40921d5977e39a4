package dev.gatlingllm.metrics;

/** Mean and variance of the natural logarithms of times. Not safe for threads. */
final class LogMoments {

  private final Moments logs = new Moments();

  /** Adds a time; what no clock could tell from zero counts as one nanosecond. */
  void add(long nanos) {
    logs.add(Math.log(Math.max(1, nanos)));
  }

  void add(RunState.MomentsState other) {
    logs.add(other);
  }

  RunState.MomentsState state() {
    return logs.state();
  }

  long count() {
    return logs.count();
  }

  double mean() {
    return logs.mean();
  }

  /** The mean with its error, from 2 values on. */
  MeanEstimate estimate() {
    return new MeanEstimate(logs.count(), logs.mean(), logs.variance() / (logs.count() - 1));
  }
}
