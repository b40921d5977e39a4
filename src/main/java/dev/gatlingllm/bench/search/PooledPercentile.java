package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.Percentile;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A percentile of the samples of all iterations together. A mean of the iterations' percentiles
 * would keep the bias of each, however many iterations there are. Immutable.
 *
 * @param value estimate of the percentile; NaN without samples
 * @param interval by order statistics, which assumes no distribution; an end is infinite where
 *     samples are too few to bound it
 */
record PooledPercentile(double value, Interval interval) {

  /**
   * Estimates a percentile. A request that was waiting for its first token when the load ended has
   * a sample of at least its age: the lower end of the interval takes it as its age, the upper end
   * as infinite. So it is with a response that was under way and the gap after its last chunk, but
   * only if its age misses the condition: any load has young ones, of which nothing is known. A
   * response whose user left has no sample either, however young it was: the upper end takes it as
   * infinite.
   *
   * @param left responses of which there is no sample because their users left
   * @param confidence of the interval, between 0 and 1
   */
  static PooledPercentile of(
      PercentileSamples samples, long left, Condition condition, double confidence) {
    Buckets ended = Buckets.pooled(samples.iterations().toList());
    boolean isAboutStart = condition.indicator().figure().bounding() == Figure.WAITING_AGE;
    Buckets unfinished = Buckets.pooled(samples.unfinished());
    Buckets counted = isAboutStart ? unfinished : missing(unfinished, condition);
    Buckets all = Buckets.pooled(List.of(ended, counted));
    long young = unfinished.total() - counted.total();
    long most = all.total() + (unfinished.total() > 0 ? Math.min(left, young) : left);
    if (all.total() == 0) {
      return new PooledPercentile(Double.NaN, Interval.UNKNOWN);
    }
    double percentile = samples.percentile();
    // samples of iterations or forks that differ by more than chance are worth as many fewer
    double spread =
        Math.max(
            overdispersion(samples.iterations(), condition),
            overdispersion(samples.forks().stream().map(Buckets::pooled), condition));
    return new PooledPercentile(
        all.percentile(percentile),
        new Interval(
            interval(
                    percentile,
                    confidence,
                    all.total(),
                    spread,
                    rank -> all.sampleAt(Math.max(1, (long) rank)))
                .low(),
            interval(percentile, confidence, most, spread, rank -> atMost(ended, rank)).high()));
  }

  private static Interval interval(
      double percentile,
      double confidence,
      long count,
      double spread,
      DoubleUnaryOperator sampleAt) {
    long worth = Math.max(1, (long) (count / spread));
    double perRank = (double) count / worth;
    return Percentile.interval(
        percentile, confidence, worth, rank -> sampleAt.applyAsDouble(rank * perRank));
  }

  private static double atMost(Buckets ended, double rank) {
    long scaled = (long) Math.ceil(rank);
    return scaled > ended.total() ? Double.POSITIVE_INFINITY : ended.sampleAt(scaled);
  }

  /**
   * Returns the greatest value of any iteration. What other iterations would have is bounded as
   * their mean is.
   */
  static PooledPercentile greatest(MetricScores metric, double confidence) {
    double greatest = DoubleStream.of(metric.values()).max().orElse(Double.NaN);
    double most = Math.max(greatest, metric.verdictInterval(confidence).high());
    return new PooledPercentile(greatest, new Interval(greatest, most));
  }

  /**
   * Returns by how much the number of samples that miss the condition varies between groups,
   * relative to independent samples: Pearson's statistic divided by its degrees of freedom, at
   * least 1.
   */
  private static double overdispersion(Stream<Buckets> all, Condition condition) {
    List<Buckets> groups = all.filter(group -> group.total() > 0).toList();
    long[] missed = groups.stream().mapToLong(group -> missing(group, condition).total()).toArray();
    double share =
        (double) LongStream.of(missed).sum() / groups.stream().mapToLong(Buckets::total).sum();
    if (groups.size() < 2 || share == 0 || share == 1) {
      return 1;
    }
    double sum = 0;
    for (int i = 0; i < missed.length; i++) {
      double expected = share * groups.get(i).total();
      sum += (missed[i] - expected) * (missed[i] - expected) / (expected * (1 - share));
    }
    return Math.max(1, sum / (missed.length - 1));
  }

  /** Returns the samples that miss the condition. */
  private static Buckets missing(Buckets samples, Condition condition) {
    int[] missing =
        IntStream.range(0, samples.ends().length)
            .filter(i -> !condition.isMetBy(samples.ends()[i]))
            .toArray();
    long[] counts = IntStream.of(missing).mapToLong(i -> samples.counts()[i]).toArray();
    double[] ends = IntStream.of(missing).mapToDouble(i -> samples.ends()[i]).toArray();
    return new Buckets(ends, counts, LongStream.of(counts).sum());
  }
}
