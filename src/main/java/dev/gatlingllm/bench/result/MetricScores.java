package dev.gatlingllm.bench.result;

import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.MeanEstimate;
import dev.gatlingllm.text.Durations;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.util.ListStatistics;

/**
 * One metric of one benchmark: a value for each measurement iteration of each fork. Immutable.
 *
 * @param name of the metric; {@link #PRIMARY} for the benchmark's primary one, which JMH's files
 *     leave unnamed
 * @param unit of the values as the file has it, such as {@code ms}
 * @param better which values are the better ones
 * @param forks the iterations' values, fork by fork; NaN where an iteration had none
 */
public record MetricScores(String name, String unit, Better better, List<List<Double>> forks) {

  /** The name that the primary metric goes by. */
  public static final String PRIMARY = "score";

  /** Takes a copy. */
  public MetricScores {
    Objects.requireNonNull(name);
    Objects.requireNonNull(unit);
    Objects.requireNonNull(better);
    forks = forks.stream().map(List::copyOf).toList();
  }

  /** Returns the same times in milliseconds, or itself if the unit is not a unit of time. */
  public MetricScores inMilliseconds() {
    Optional<TimeUnit> time = Durations.unit(unit);
    if (time.isEmpty() || time.get() == TimeUnit.MILLISECONDS) {
      return this;
    }
    double millis = time.get().toNanos(1) / 1e6;
    return new MetricScores(
        name,
        "ms",
        better,
        forks.stream().map(fork -> fork.stream().map(value -> value * millis).toList()).toList());
  }

  /** These forks and another's. */
  MetricScores plus(MetricScores other) {
    return new MetricScores(
        name, unit, better, Stream.concat(forks.stream(), other.forks.stream()).toList());
  }

  /** All iterations of all forks that have a value. */
  public double[] values() {
    return forks.stream()
        .flatMap(List::stream)
        .filter(value -> !value.isNaN())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  /** Iterations that have no value, such as a percentile of no replies. */
  public long missing() {
    return forks.stream().flatMap(List::stream).filter(value -> value.isNaN()).count();
  }

  /** The mean over all iterations, NaN where none has a value: JMH's Score. */
  public double mean() {
    return statistics().getMean();
  }

  /**
   * Half the width of the mean's interval by Student's t: JMH's Error. NaN for 2 values or fewer.
   *
   * @param confidence of the interval, between 0 and 1
   */
  public double error(double confidence) {
    return statistics().getMeanErrorAt(confidence);
  }

  /** The mean's interval; unknown for 2 values or fewer. */
  public Interval interval(double confidence) {
    return Interval.around(mean(), error(confidence));
  }

  /** The mean with its error, for comparisons. */
  public MeanEstimate estimate() {
    ListStatistics statistics = statistics();
    long count = statistics.getN();
    return new MeanEstimate(count, statistics.getMean(), statistics.getVariance() / count);
  }

  private ListStatistics statistics() {
    return new ListStatistics(values());
  }
}
