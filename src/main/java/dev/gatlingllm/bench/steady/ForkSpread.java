package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Interval;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.stat.inference.OneWayAnova;

/**
 * How much forks differ, by Fisher's analysis of variance with one factor. If they differ by more
 * than their own iterations do, iterations are not independent samples and the error over all of
 * them is too small. Immutable.
 *
 * @param chance the probability that equal forks differ as much; 1 if there are too few to tell
 * @param means the lowest and the highest mean of a fork
 */
record ForkSpread(double chance, Interval means) {

  static ForkSpread of(MetricScores metric) {
    List<SummaryStatistics> forks =
        metric.forks().stream()
            .map(ForkSpread::statistics)
            .filter(fork -> fork.getN() > 0)
            .toList();
    DoubleSummaryStatistics means =
        forks.stream().mapToDouble(SummaryStatistics::getMean).summaryStatistics();
    return new ForkSpread(
        chance(forks, means.getMin() == means.getMax()),
        new Interval(means.getMin(), means.getMax()));
  }

  private static double chance(List<SummaryStatistics> forks, boolean areAlike) {
    boolean everyForkHasOne = forks.stream().allMatch(fork -> fork.getN() == 1);
    if (forks.size() < 2 || everyForkHasOne || areAlike) {
      return 1;
    }
    // the ratio of variances has no value then
    boolean isConstant = forks.stream().allMatch(fork -> fork.getVariance() == 0);
    return isConstant ? 0 : new OneWayAnova().anovaPValue(forks, true);
  }

  private static SummaryStatistics statistics(List<Double> fork) {
    SummaryStatistics statistics = new SummaryStatistics();
    fork.stream().filter(value -> !value.isNaN()).forEach(statistics::addValue);
    return statistics;
  }
}
