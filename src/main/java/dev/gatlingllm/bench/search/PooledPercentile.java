package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.Percentile;
import java.util.List;
import java.util.function.LongToDoubleFunction;
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
   * as infinite. So it is with the gap after the last chunk, but only if its age misses the
   * condition: any load has young ones, of which nothing is known. The upper end of E2E and TTFO is
   * that of a {@link ProductLimit}. TPOT that a user saw who left is a sample.
   *
   * @param confidence of the interval, between 0 and 1
   */
  static PooledPercentile of(PercentileSamples samples, Condition condition, double confidence) {
    // samples of iterations or forks that differ by more than chance are worth as many fewer
    double spread =
        Math.max(
            overdispersion(samples.iterations(), condition),
            overdispersion(samples.forks().stream().map(Buckets::pooled), condition));
    double percentile = samples.percentile();
    Figure figure = condition.indicator().figure();
    Buckets ended = Buckets.pooled(samples.iterations().toList());
    Buckets unfinished = Buckets.pooled(samples.unfinished());
    Buckets known =
        figure == Figure.TTFT || figure == Figure.TPOT
            ? unfinished
            : missing(unfinished, condition);
    Buckets all = Buckets.pooled(List.of(ended, known));
    PooledPercentile pooled =
        of(figure == Figure.TPOT ? all : ended, all, percentile, confidence, spread);
    boolean hasAges = figure == Figure.E2E || figure == Figure.TTFO;
    return hasAges && ended.total() > 0 && unfinished.total() > 0
        ? pooled.with(new ProductLimit(ended, unfinished), percentile, confidence, spread)
        : pooled;
  }

  /**
   * Estimates from samples.
   *
   * @param all with lower bounds of those that are not known, which the upper end takes as infinite
   */
  private static PooledPercentile of(
      Buckets ended, Buckets all, double percentile, double confidence, double spread) {
    if (all.total() == 0) {
      return new PooledPercentile(Double.NaN, Interval.UNKNOWN);
    }
    long worth = Math.max(1, (long) (all.total() / spread));
    double perRank = (double) all.total() / worth;
    LongToDoubleFunction atLeast = rank -> all.sampleAt(Math.max(1, (long) (rank * perRank)));
    LongToDoubleFunction atMost =
        rank -> {
          long scaled = (long) Math.ceil(rank * perRank);
          return scaled > ended.total() ? Double.POSITIVE_INFINITY : ended.sampleAt(scaled);
        };
    return new PooledPercentile(
        all.percentile(percentile),
        new Interval(
            Percentile.interval(percentile, confidence, worth, atLeast).low(),
            Percentile.interval(percentile, confidence, worth, atMost).high()));
  }

  /**
   * Returns the estimate of a product limit and its upper end; the lower end is the lower one of
   * both: who leaves after a number of tokens leaves late where responses are slow, and would have
   * waited for less than others of that age.
   */
  private PooledPercentile with(
      ProductLimit responses, double percentile, double confidence, double spread) {
    long worth = Math.max(1, (long) (responses.worth(percentile / 100) / spread));
    Interval limit =
        Percentile.interval(
            percentile, confidence, worth, rank -> responses.atMost((double) rank / worth));
    double low =
        Double.isFinite(limit.low()) ? Math.min(interval.low(), limit.low()) : interval.low();
    return new PooledPercentile(responses.percentile(percentile), new Interval(low, limit.high()));
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
