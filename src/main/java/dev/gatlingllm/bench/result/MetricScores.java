package dev.gatlingllm.bench.result;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.MeanEstimate;
import dev.gatlingllm.text.Durations;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.util.ListStatistics;

/**
 * One metric of one benchmark: a value for each measurement iteration of each fork, or one for each
 * fork where the metric is a percentile and iterations have too few samples. Immutable.
 *
 * @param name of the metric; {@link #PRIMARY} for the benchmark's primary one if its file does not
 *     name it
 * @param figure what the values are of, such as {@code ttft·p50}; empty if a file does not say
 * @param unit of the values, such as {@code ms}
 * @param better which values are the better ones
 * @param forks the values, fork by fork; NaN where an iteration has none, and no values of a fork
 *     that failed
 * @param samples of a percentile, if they are known; files do not hold them
 */
public record MetricScores(
    String name,
    String figure,
    String unit,
    Direction better,
    List<List<Double>> forks,
    Optional<PercentileSamples> samples) {

  /** With fewer forks than this, their spread is not known well enough to decide. */
  public static final int MIN_FORKS = 3;

  /** The name of a primary metric that has no other. */
  public static final String PRIMARY = "score";

  /** The field of a file's primary metric that names its figure. JMH itself does not write it. */
  public static final String FIGURE = "figure";

  /** The field that says whether a file's primary metric has one value for each fork. */
  public static final String POOLED = "pooled";

  /** The field with the number of iterations without a sample of each fork that has one value. */
  public static final String EMPTY = "empty";

  /** The field with what a reader of the file has to know of its forks. */
  public static final String NOTES = "notes";

  /** The field with the settings of the load. */
  public static final String SETTINGS = "settings";

  /** Copies the lists. */
  public MetricScores {
    Objects.requireNonNull(name);
    Objects.requireNonNull(figure);
    Objects.requireNonNull(unit);
    Objects.requireNonNull(better);
    forks = forks.stream().map(List::copyOf).toList();
  }

  /** Makes the scores of a metric whose samples are not known. */
  public MetricScores(String name, String unit, Direction better, List<List<Double>> forks) {
    this(name, name, unit, better, forks, Optional.empty());
  }

  /**
   * Makes the scores of a benchmark's primary metric.
   *
   * @param name under which the metric is listed
   * @param figure label of the figure that was scored, or null where it is not known: then JMH's
   *     mode and the unit determine the direction
   * @param mode JMH's short label of the mode, such as {@code avgt}
   */
  public static MetricScores primary(
      String name, String figure, String mode, String unit, List<List<Double>> forks) {
    Direction direction =
        figure(figure)
            .map(Figure::direction)
            .orElse(
                mode.equals(Mode.Throughput.shortLabel()) || isRate(unit)
                    ? Direction.HIGHER_IS_BETTER
                    : Direction.LOWER_IS_BETTER);
    return new MetricScores(
        name, Objects.requireNonNullElse(figure, ""), unit, direction, forks, Optional.empty());
  }

  /**
   * Makes the scores of a secondary metric. A figure of the load generator has no direction here: a
   * busier client must not fail a comparison of servers. Metrics that are not ours, such as a
   * profiler's, have one if they are rates.
   */
  public static MetricScores secondary(String name, String unit, List<List<Double>> forks) {
    Direction direction =
        figure(name)
            .map(figure -> figure.isAboutClient() ? Direction.NEITHER : figure.direction())
            .orElse(isRate(unit) ? Direction.HIGHER_IS_BETTER : Direction.NEITHER);
    return new MetricScores(name, unit, direction, forks);
  }

  private static boolean isRate(String unit) {
    return unit.matches(".*/(ns|us|ms|s|min|hr|day)");
  }

  /** JMH puts a dot before the names of secondary metrics. */
  private static Optional<Figure> figure(String label) {
    return Optional.ofNullable(label)
        .flatMap(name -> Indicator.parse(name.replaceFirst("^·", "")))
        .map(Indicator::figure);
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
        figure,
        "ms",
        better,
        forks.stream().map(fork -> fork.stream().map(value -> value * millis).toList()).toList(),
        samples);
  }

  /** Returns these scores with the samples that they are percentiles of. */
  public MetricScores with(PercentileSamples known) {
    return new MetricScores(name, figure, unit, better, forks, Optional.of(known));
  }

  /** Returns the same scores, for a table: their unit says whether each fork has one value. */
  public MetricScores marked() {
    return isPooled()
        ? new MetricScores(name, figure, unit + " by fork", better, forks, samples)
        : this;
  }

  /** Returns the same metric with a value for each iteration, however few its samples are. */
  public MetricScores byIteration() {
    return samples
        .map(known -> new MetricScores(name, unit, better, known.byIteration()))
        .orElse(this);
  }

  /** Returns whether each fork has one value, of the samples of all its iterations. */
  public boolean isPooled() {
    return samples.isPresent() && !samples.get().sufficeByIteration();
  }

  /** Returns these forks and another's. */
  MetricScores plus(MetricScores other) {
    MetricScores both =
        new MetricScores(
            name, unit, better, Stream.concat(forks.stream(), other.forks.stream()).toList());
    return samples.isPresent() && other.samples.isPresent()
        ? both.with(samples.get().plus(other.samples.get()))
        : both;
  }

  /** Returns the values of all iterations that have one. */
  public double[] values() {
    return known(forks.stream());
  }

  /** Returns the number of iterations without a value, such as a percentile of no responses. */
  public long missing() {
    return samples.map(PercentileSamples::empty).orElseGet(() -> unknown() + ofFailedForks());
  }

  private long unknown() {
    return forks.stream().flatMap(List::stream).filter(value -> value.isNaN()).count();
  }

  /** Returns how many iterations the forks that failed would have had. */
  private long ofFailedForks() {
    long longest = forks.stream().mapToLong(List::size).max().orElse(0);
    return longest * forks.stream().filter(List::isEmpty).count();
  }

  /** Returns the number of iterations. */
  public long iterations() {
    return samples
        .map(known -> known.iterations().count())
        .orElseGet(() -> forks.stream().mapToLong(List::size).sum() + ofFailedForks());
  }

  /**
   * Returns whether a fork has too few samples of a percentile. The score is unknown then: the
   * slowest forks have the fewest samples.
   */
  private boolean lacksSamples() {
    return samples.filter(known -> known.fewestOfAFork() < known.neededByFork()).isPresent();
  }

  /**
   * Returns whether {@link #mean} is only a lower bound of the score: an iteration has no cost,
   * because nothing good came in it, and what it cost is not part of the others' values.
   */
  public boolean isTooLow() {
    return unit.equals(Figure.Unit.MONEY.symbol()) && unknown() > 0;
  }

  /** Returns JMH's Score: the mean of the known values, or NaN if that is not the score. */
  public double score() {
    return isTooLow() ? Double.NaN : mean();
  }

  /** Returns the mean over all iterations with a value, NaN if none has one. */
  public double mean() {
    return statistics().getMean();
  }

  /**
   * Returns JMH's Error: half the width of the mean's interval by Student's t. NaN for 2 values or
   * fewer, and where the mean is not the {@link #score}.
   *
   * @param confidence of the interval, between 0 and 1
   */
  public double error(double confidence) {
    return isTooLow() ? Double.NaN : statistics().getMeanErrorAt(confidence);
  }

  /**
   * Returns the mean's interval for a verdict: over iterations or, of enough forks, over these,
   * whichever is wider. Where iterations of a fork depend on each other, the first is too narrow.
   */
  public Interval verdictInterval(double confidence) {
    MeanEstimate ofForks = estimate();
    double error = statistics().getMeanErrorAt(confidence);
    return Interval.around(
        mean(),
        ofForks.count() < MIN_FORKS ? error : Math.max(error, ofForks.halfWidth(confidence)));
  }

  /**
   * Returns the mean of the forks' means with its error, for comparisons. Forks are independent;
   * iterations of one fork are not, because they share its start and follow each other.
   */
  public MeanEstimate estimate() {
    ListStatistics means =
        new ListStatistics(
            forks.stream()
                .mapToDouble(fork -> statistics(Stream.of(fork)).getMean())
                .filter(mean -> !Double.isNaN(mean))
                .toArray());
    long count = means.getN();
    return new MeanEstimate(count, means.getMean(), means.getVariance() / count);
  }

  private ListStatistics statistics() {
    return statistics(lacksSamples() ? Stream.empty() : forks.stream());
  }

  private static ListStatistics statistics(Stream<List<Double>> forks) {
    return new ListStatistics(known(forks));
  }

  private static double[] known(Stream<List<Double>> forks) {
    return forks
        .flatMap(List::stream)
        .filter(value -> !value.isNaN())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
