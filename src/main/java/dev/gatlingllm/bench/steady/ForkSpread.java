package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Interval;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.FDistribution;

/**
 * Whether forks differ by more than their own iterations do, in which case iterations are no
 * independent samples and the error over all of them is too small: Fisher's analysis of variance
 * with one factor. Immutable.
 *
 * @param chance that forks which are alike differ as much; 1 where there are too few to tell
 * @param means the lowest and the highest mean of a fork
 */
record ForkSpread(double chance, Interval means) {

  static ForkSpread of(MetricScores metric) {
    List<DoubleSummaryStatistics> forks =
        metric.forks().stream()
            .map(fork -> values(fork).summaryStatistics())
            .filter(fork -> fork.getCount() > 0)
            .toList();
    DoubleSummaryStatistics means =
        forks.stream().mapToDouble(DoubleSummaryStatistics::getAverage).summaryStatistics();
    Interval range = new Interval(means.getMin(), means.getMax());
    double mean = metric.mean();
    double between =
        forks.stream()
            .mapToDouble(fork -> fork.getCount() * Math.pow(fork.getAverage() - mean, 2))
            .sum();
    double within = metric.forks().stream().mapToDouble(ForkSpread::squares).sum();
    int betweenFreedom = forks.size() - 1;
    long withinFreedom = metric.values().length - forks.size();
    if (betweenFreedom < 1 || withinFreedom < 1 || between == 0) {
      return new ForkSpread(1, range);
    }
    if (within == 0) {
      return new ForkSpread(0, range);
    }
    double ratio = between / betweenFreedom / (within / withinFreedom);
    double below =
        new FDistribution(null, betweenFreedom, withinFreedom).cumulativeProbability(ratio);
    return new ForkSpread(1 - below, range);
  }

  private static double squares(Collection<Double> fork) {
    double mean = values(fork).average().orElse(Double.NaN);
    return values(fork).map(value -> (value - mean) * (value - mean)).sum();
  }

  private static DoubleStream values(Collection<Double> fork) {
    return fork.stream().mapToDouble(Double::doubleValue).filter(value -> !Double.isNaN(value));
  }
}
