package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Interval;

/**
 * The change of one metric. Immutable.
 *
 * @param before the old scores
 * @param now the new scores
 * @param absolute new mean − old mean, in the metric's unit
 * @param interval of the difference; unknown if it was not judged
 * @param verdict what the interval shows
 * @param reason why it was not judged; empty otherwise
 */
record Difference(
    MetricScores before,
    MetricScores now,
    double absolute,
    Interval interval,
    ChangeVerdict verdict,
    String reason) {

  static Difference notJudged(MetricScores before, MetricScores now, String reason) {
    return new Difference(
        before,
        now,
        now.mean() - before.mean(),
        Interval.UNKNOWN,
        ChangeVerdict.NOT_JUDGED,
        reason);
  }

  Difference withVerdict(ChangeVerdict other) {
    return new Difference(before, now, absolute, interval, other, reason);
  }

  String metric() {
    return now.name();
  }

  boolean isJudged() {
    return verdict != ChangeVerdict.NOT_JUDGED;
  }

  /** Returns the difference in percent of the old score; NaN if that is 0. */
  double percent() {
    return before.mean() == 0 ? Double.NaN : absolute * percentPerUnit();
  }

  /** Returns the interval in percent of the old score; unknown if that is 0. */
  Interval percentInterval() {
    return before.mean() == 0 ? Interval.UNKNOWN : interval.times(percentPerUnit());
  }

  private double percentPerUnit() {
    return 100 / Math.abs(before.mean());
  }
}
