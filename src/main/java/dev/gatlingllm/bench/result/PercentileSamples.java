package dev.gatlingllm.bench.result;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Percentile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The samples of which a score is a percentile: a histogram for each iteration of each fork, in the
 * figure's unit. Immutable.
 *
 * @param percentile above 0 and below 100
 * @param forks histograms of the iterations, fork by fork; of a total of 0 where there is no sample
 * @param unfinished for each fork, what is known of requests or gaps that had no sample when the
 *     load ended or users left: their age, a lower bound, or the TPOT that a user saw
 */
public record PercentileSamples(
    double percentile, List<List<Buckets>> forks, List<Buckets> unfinished) {

  /** Samples that an iteration must have on both sides of its percentile. */
  private static final int FEWEST_BESIDE = 10;

  /** Copies the lists. */
  public PercentileSamples {
    forks = forks.stream().map(List::copyOf).toList();
    unfinished = List.copyOf(unfinished);
  }

  /**
   * Returns whether every iteration with samples has enough for a percentile of its own, whose bias
   * is then small beside its error: 10 above it, and 10 below.
   */
  public boolean sufficeByIteration() {
    return iterations().allMatch(i -> i.total() == 0 || i.total() >= neededByIteration());
  }

  /** Returns how many samples an iteration needs for a percentile of its own. */
  public long neededByIteration() {
    double rarer = Math.min(percentile, 100 - percentile);
    // 1 − p is not exact in binary
    return (long) Math.ceil(FEWEST_BESIDE * 100 / rarer - 1e-9);
  }

  /** Returns how many samples a fork needs for its percentile to be judged. */
  public long neededByFork() {
    return Percentile.samplesToJudge(percentile);
  }

  /** Returns the fewest samples of any fork. */
  public long fewestOfAFork() {
    return forks.stream()
        .mapToLong(fork -> fork.stream().mapToLong(Buckets::total).sum())
        .min()
        .orElse(0);
  }

  /** Returns the number of samples. */
  public long count() {
    return iterations().mapToLong(Buckets::total).sum();
  }

  /** Returns the number of iterations without a sample. */
  public long empty() {
    return empty(iterations()).count();
  }

  private static Stream<Buckets> empty(Stream<Buckets> iterations) {
    return iterations.filter(iteration -> iteration.total() == 0);
  }

  /**
   * Returns the values to score: one for each iteration if each has samples enough, else one for
   * each fork, of all its samples; NaN for a fork with too few. After that of a fork, there is a
   * NaN for each of its iterations without samples, but for the first if none has any. What was
   * unfinished when the load ended counts as samples of the last iteration, or of the fork, if that
   * makes the value greater.
   */
  public List<List<Double>> scores() {
    return IntStream.range(0, forks.size()).mapToObj(this::scores).toList();
  }

  private List<Double> scores(int number) {
    List<Buckets> fork = forks.get(number);
    if (!sufficeByIteration()) {
      Buckets all = Buckets.pooled(fork);
      double value = all.total() < neededByFork() ? Double.NaN : atLeast(all, number);
      return Stream.concat(Stream.of(value), empty(fork.stream()).map(iteration -> Double.NaN))
          .limit(fork.size())
          .toList();
    }
    List<Double> values = new ArrayList<>(byIteration().get(number));
    int last = values.size() - 1;
    if (!values.isEmpty() && fork.get(last).total() > 0) {
      values.set(last, atLeast(fork.get(last), number));
    }
    return values;
  }

  /** Returns the least that the percentile of samples can be with the unfinished of a fork. */
  private double atLeast(Buckets samples, int fork) {
    Buckets all = Buckets.pooled(List.of(samples, unfinished.get(fork)));
    return Math.max(samples.percentile(percentile), all.percentile(percentile));
  }

  /** Returns the percentile of each iteration, however few its samples are; NaN without any. */
  public List<List<Double>> byIteration() {
    return forks.stream()
        .map(
            fork ->
                fork.stream()
                    .map(i -> i.total() == 0 ? Double.NaN : i.percentile(percentile))
                    .toList())
        .toList();
  }

  /** Returns the histograms of all iterations of all forks. */
  public Stream<Buckets> iterations() {
    return forks.stream().flatMap(List::stream);
  }

  /** Returns these forks and another's. */
  PercentileSamples plus(PercentileSamples other) {
    return new PercentileSamples(
        percentile,
        Stream.concat(forks.stream(), other.forks.stream()).toList(),
        Stream.concat(unfinished.stream(), other.unfinished.stream()).toList());
  }
}
