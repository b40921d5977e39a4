package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.text.Numbers;
import java.util.stream.DoubleStream;

/**
 * The change of one metric. Immutable.
 *
 * @param before the old scores
 * @param now the new scores
 * @param absolute new mean − old mean, in the metric's unit
 * @param interval of the difference; unknown if there are too few forks or it was not judged
 * @param verdict what the interval shows
 * @param reason why it was not judged or is inconclusive; empty otherwise
 */
record Difference(
    MetricScores before,
    MetricScores now,
    double absolute,
    Interval interval,
    Verdict verdict,
    String reason) {

  /** What a comparison of one metric shows. */
  enum Verdict {
    WORSE("worse"),
    BETTER("better"),
    /** A difference of a metric that has no better direction. */
    DIFFERENT("different"),
    /** The interval contains 0 and is narrow: a difference, if any, is small. */
    NO_DIFFERENCE("no difference shown"),
    /** The interval does not contain 0, but the difference is below the threshold. */
    TOO_SMALL("below the threshold"),
    /** A large difference may be there or not: too few forks, or forks that differ too much. */
    INCONCLUSIVE("inconclusive"),
    /** The units differ, or a score is not finite. */
    NOT_JUDGED("not judged");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  static Difference notJudged(MetricScores before, MetricScores now, String reason) {
    return new Difference(
        before, now, now.mean() - before.mean(), Interval.UNKNOWN, Verdict.NOT_JUDGED, reason);
  }

  static Difference inconclusive(Difference of, String reason) {
    return new Difference(
        of.before, of.now, of.absolute, of.interval, Verdict.INCONCLUSIVE, reason);
  }

  Difference withVerdict(Verdict other) {
    return new Difference(before, now, absolute, interval, other, reason);
  }

  String metric() {
    return now.name();
  }

  boolean isJudged() {
    return interval.isKnown();
  }

  /** Returns the difference in percent of the old score; NaN if that is 0. */
  double percent() {
    return before.mean() == 0 ? Double.NaN : absolute * percentPerUnit();
  }

  /**
   * Returns the interval in percent of the old score; unknown if that is 0. What is never negative
   * cannot fall by more than 100 %.
   */
  Interval percentInterval() {
    if (before.mean() == 0) {
      return Interval.UNKNOWN;
    }
    Interval percent = interval.times(percentPerUnit());
    boolean isBounded =
        before.mean() > 0 && DoubleStream.of(now.values()).allMatch(value -> value >= 0);
    return isBounded && percent.low() < -100
        ? new Interval(-100, Math.max(-100, percent.high()))
        : percent;
  }

  /** Returns the difference in words: in percent, or in the metric's unit if that is unknown. */
  String change() {
    return Double.isNaN(percent())
        ? (absolute > 0 ? "+" : "") + Numbers.score(absolute)
        : Numbers.signedPercent(percent());
  }

  /** Returns the interval in words, in the same unit as {@link #change}. */
  String range() {
    if (!isJudged()) {
      return Numbers.UNKNOWN;
    }
    Interval percent = percentInterval();
    return percent.isKnown()
        ? Numbers.signed(percent.low()) + " to " + Numbers.signed(percent.high()) + " %"
        : Numbers.score(interval.low()) + " to " + Numbers.score(interval.high());
  }

  /** Returns the verdict in words, with the reason if there is one. */
  String conclusion() {
    return reason.isEmpty() ? verdict.toString() : verdict + ": " + reason;
  }

  private double percentPerUnit() {
    return 100 / Math.abs(before.mean());
  }
}
