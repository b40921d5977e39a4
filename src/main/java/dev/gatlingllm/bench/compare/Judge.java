package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.compare.Difference.Verdict;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.MeanEstimate;
import java.util.Set;

/**
 * Judges the difference between two scores. Immutable.
 *
 * @param confidence of the intervals, between 0 and 1
 * @param ignoredPercent differences smaller than this, in percent of the old score, are ignored
 * @param resolutionPercent if no difference is shown, but one larger than this could be there, the
 *     comparison is inconclusive
 */
record Judge(double confidence, double ignoredPercent, double resolutionPercent) {

  /** Verdicts that must not rest on the values of a side that lacks some. */
  private static final Set<Verdict> NOT_WORSE =
      Set.of(Verdict.BETTER, Verdict.NO_DIFFERENCE, Verdict.TOO_SMALL);

  /**
   * Rates of whole responses: users in step give each fork as many, a group of them more or not.
   */
  private static final Set<String> IN_STEPS =
      Set.of(Figure.Unit.REQUESTS_PER_SECOND.symbol(), Figure.Unit.RESPONSES_PER_SECOND.symbol());

  /**
   * Compares one metric of both sides, by Welch's interval for the difference of the means of their
   * forks.
   */
  Difference between(MetricScores before, MetricScores now) {
    if (!before.figure().equals(now.figure())
        && !before.figure().isEmpty()
        && !now.figure().isEmpty()) {
      return Difference.notJudged(
          before, now, "figures differ: " + before.figure() + " and " + now.figure());
    }
    if (!before.unit().equals(now.unit())) {
      return Difference.notJudged(
          before, now, "units differ: " + before.unit() + " and " + now.unit());
    }
    MeanEstimate was = before.estimate();
    MeanEstimate is = now.estimate();
    if (was.count() < MetricScores.MIN_FORKS || is.count() < MetricScores.MIN_FORKS) {
      return Difference.notJudged(
              before, now, "fewer than " + MetricScores.MIN_FORKS + " forks with a value")
          .withVerdict(Verdict.INCONCLUSIVE);
    }
    if (IN_STEPS.contains(now.unit())
        && was.squaredError() == 0
        && is.squaredError() == 0
        && Math.abs(is.minus(was)) <= resolutionPercent / 100 * was.mean()) {
      return Difference.notJudged(
              before, now, "all forks of a side have as many: the users went in step")
          .withVerdict(Verdict.INCONCLUSIVE);
    }
    Interval interval = is.differenceFrom(was, confidence);
    if (!interval.isKnown()) {
      return Difference.notJudged(before, now, "a score is not finite");
    }
    Difference difference =
        new Difference(before, now, is.minus(was), interval, Verdict.NO_DIFFERENCE, "");
    if (isTooCoarse(difference)) {
      return Difference.inconclusive(
          difference, "a difference of " + difference.range() + " may be there");
    }
    Difference judged = difference.withVerdict(verdict(difference));
    if (before.isTooLow() && judged.verdict() != Verdict.BETTER) {
      return Difference.inconclusive(
          judged, "old iterations or forks without a value: " + before.missing());
    }
    // a server that hangs gives no values, and those that it gave before may be good
    return now.missing() > 0 && NOT_WORSE.contains(judged.verdict())
        ? Difference.inconclusive(
            judged, "new iterations or forks without a value: " + now.missing())
        : judged;
  }

  /** Returns whether an interval that contains 0 reaches beyond the resolution. */
  private boolean isTooCoarse(Difference difference) {
    Interval interval = difference.interval();
    Interval percent = difference.percentInterval();
    if (!interval.contains(0)) {
      return false;
    }
    return percent.isKnown()
        ? Math.max(-percent.low(), percent.high()) > resolutionPercent
        : interval.low() < interval.high();
  }

  private Verdict verdict(Difference difference) {
    if (difference.interval().contains(0)) {
      return Verdict.NO_DIFFERENCE;
    }
    // a change from 0 has no percentage, so no threshold applies
    if (Math.abs(difference.percent()) < ignoredPercent) {
      return Verdict.TOO_SMALL;
    }
    Direction better = difference.now().better();
    if (better == Direction.NEITHER) {
      return Verdict.DIFFERENT;
    }
    boolean grew = difference.absolute() > 0;
    return grew == (better == Direction.HIGHER_IS_BETTER) ? Verdict.BETTER : Verdict.WORSE;
  }
}
