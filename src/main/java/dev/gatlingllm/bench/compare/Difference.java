package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Interval;

/**
 * How one metric changed. Immutable.
 *
 * @param before the old scores
 * @param now the new scores
 * @param absolute new mean − old mean, in the metric's unit
 * @param interval of that; unknown where it was not judged
 * @param verdict what it says
 * @param reason why it was not judged; empty otherwise
 */
record Difference(
    MetricScores before,
    MetricScores now,
    double absolute,
    Interval interval,
    Verdict verdict,
    String reason) {

  static Difference notJudged(MetricScores before, MetricScores now, String reason) {
    return new Difference(
        before, now, now.mean() - before.mean(), Interval.UNKNOWN, Verdict.NOT_JUDGED, reason);
  }

  Difference withVerdict(Verdict other) {
    return new Difference(before, now, absolute, interval, other, reason);
  }

  String metric() {
    return now.name();
  }

  boolean isJudged() {
    return verdict != Verdict.NOT_JUDGED;
  }

  /** In percent of the old score, taken as exact; NaN where that is 0. */
  double percent() {
    return before.mean() == 0 ? Double.NaN : absolute * percentPerUnit();
  }

  /** The interval in percent of the old score, taken as exact; unknown where that is 0. */
  Interval percentInterval() {
    return before.mean() == 0 ? Interval.UNKNOWN : interval.times(percentPerUnit());
  }

  private double percentPerUnit() {
    return 100 / Math.abs(before.mean());
  }
}
