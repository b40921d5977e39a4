package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.bench.steady.Warnings;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.metrics.Statistic;
import dev.gatlingllm.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * One value of the searched parameter, measured and judged. Immutable.
 *
 * @param value of the parameter
 * @param iterations measured iterations at this value
 * @param checks one for each condition
 * @param warnings why its scores may be wrong
 * @param outputTokensPerSecond mean over its iterations; NaN where it is unknown
 * @param clientLate whether the load generator could not keep up, so that a limit may be its own
 * @param cacheWarm whether a fork found a warm cache where it was to be fresh
 * @param otherLoad whether the server worked for others in a fork
 * @param tradeOff throughput and time per output token, as far as they were measured
 */
public record Point(
    double value,
    int iterations,
    List<Check> checks,
    List<String> warnings,
    double outputTokensPerSecond,
    boolean clientLate,
    boolean cacheWarm,
    boolean otherLoad,
    List<MetricScores> tradeOff) {

  /** From so many users on who left, a mean of what ended says nothing of all. */
  private static final double MIN_LEFT_PERCENT = 1;

  /**
   * A metric that gets worse may go on to, until it misses its limit in a load that lasts for 20
   * times as long.
   */
  private static final double SHARE_OF_HEADROOM = 0.05;

  /**
   * A metric that gets worse by more than this share of it may get worse ever faster: TTFT does
   * where the load exceeds the capacity, once all slots of the server are busy.
   */
  private static final double SHARE_OF_VALUE = 0.2;

  private static final List<String> TRADE_OFF =
      List.of(
          "tpot·p50",
          Figure.TPOT.key(),
          Figure.OUTPUT_TOKENS_PER_SECOND.key(),
          Figure.OUTPUT_TOKENS_PER_SECOND_PER_GPU.key());

  /** Copies the lists. */
  public Point {
    tradeOff = List.copyOf(tradeOff);
    checks = List.copyOf(checks);
    warnings = List.copyOf(warnings);
  }

  /**
   * One condition at one point. Immutable.
   *
   * @param condition what is required
   * @param mean over the point's iterations, or the percentile of all their samples, in the
   *     condition's unit; NaN where it is unknown
   * @param interval of it; of no width for the share of failures
   * @param verdict what the interval shows
   * @param note why the verdict is undecided, where the interval alone does not say it; or empty
   */
  public record Check(
      Condition condition, double mean, Interval interval, SearchVerdict verdict, String note) {

    /** Returns the score with its value, such as {@code ttft·p95 412 ± 31 ms}. */
    @Override
    public String toString() {
      return SearchObjectives.scoreOf(condition) + " " + valueWithError();
    }

    /** Returns the value with its error, such as {@code 412 ± 31 ms}. */
    public String valueWithError() {
      String unit = condition.indicator().unit().symbol();
      String text = Numbers.score(mean, unit);
      Statistic statistic = condition.indicator().statistic();
      if ((statistic.percentile() > 0 || statistic.takesGreatest()) && hasAnEnd()) {
        // the end that decides may be the only one that is bounded
        text +=
            " (%s to %s)".formatted(Numbers.score(interval.low()), Numbers.score(interval.high()));
      } else if (!SearchObjectives.isAboutFailures(condition) && Double.isFinite(error())) {
        text = Numbers.score(mean) + " ± " + Numbers.error(error(), unit);
      }
      return note.isEmpty() ? text : text + " (" + note + ")";
    }

    /** Returns the same, undecided if it was sustained. */
    private Check doubted(String why) {
      return verdict == SearchVerdict.SUSTAINED
          ? new Check(condition, mean, interval, SearchVerdict.UNDECIDED, why)
          : this;
    }

    private boolean hasAnEnd() {
      return Double.isFinite(interval.low()) || Double.isFinite(interval.high());
    }

    /** Returns how far the interval reaches to the farther side; infinite if it is not bounded. */
    public double error() {
      return Math.max(mean - interval.low(), interval.high() - mean);
    }
  }

  /** Judges what was measured. */
  static Point judged(
      double value, BenchmarkScores scores, SearchObjectives objectives, double confidence) {
    List<Check> checks = new ArrayList<>();
    objectives.all().forEach(condition -> checks.add(check(condition, scores, confidence)));
    boolean queues =
        objectives.ignoreQueues()
            && scores
                .metric(SearchObjectives.QUEUE)
                .filter(ttft -> Warnings.worsens(ttft.byIteration(), true, 0, confidence))
                .isPresent();
    if (queues) {
      checks.set(0, checks.get(0).doubted("TTFT still getting worse"));
    }
    // in one of many forks, it may be by chance
    int grown = scores.notes(ForkNote.Kind.BUILDING_UP).size();
    if (grown > 0 && 2 * grown >= scores.primary().forks().size()) {
      checks.replaceAll(check -> check.doubted("the load was still growing"));
    }
    return new Point(
        value,
        (int) scores.primary().iterations(),
        checks,
        Warnings.about(scores, confidence).stream().map(Object::toString).toList(),
        scores
            .metric(Figure.OUTPUT_TOKENS_PER_SECOND.key())
            .map(MetricScores::mean)
            .orElse(Double.NaN),
        Warnings.isClientLate(scores),
        !scores.notes(ForkNote.Kind.WARM_CACHE).isEmpty(),
        !scores.notes(ForkNote.Kind.OTHER_LOAD).isEmpty(),
        TRADE_OFF.stream().flatMap(name -> scores.metric(name).stream()).toList());
  }

  private static Check check(Condition condition, BenchmarkScores scores, double confidence) {
    if (SearchObjectives.isAboutFailures(condition)) {
      return failures(condition, scores);
    }
    return scores
        .metric(SearchObjectives.scoreOf(condition))
        .map(metric -> check(condition, metric, scores, confidence))
        .orElseGet(() -> unknown(condition, "not measured"));
  }

  private static Check unknown(Condition condition, String why) {
    return new Check(condition, Double.NaN, Interval.UNKNOWN, SearchVerdict.UNDECIDED, why);
  }

  private static Check check(
      Condition condition, MetricScores measured, BenchmarkScores scores, double confidence) {
    double counted = counted(condition, scores);
    MetricScores metric = measured.inMilliseconds();
    if (!metric.unit().equals(condition.indicator().unit().symbol())) {
      return unknown(condition, "measured in " + metric.unit() + " by -tu");
    }
    PooledPercentile percentile =
        metric
            .samples()
            .map(samples -> PooledPercentile.of(samples, condition, confidence))
            .orElseGet(
                () ->
                    condition.indicator().statistic().takesGreatest()
                        ? PooledPercentile.greatest(metric, confidence)
                        : new PooledPercentile(metric.mean(), metric.verdictInterval(confidence)));
    Interval interval =
        counted > 0 ? wideEnough(percentile, counted, confidence) : percentile.interval();
    SearchVerdict verdict = SearchVerdict.of(condition, interval);
    boolean areLeaversCounted =
        condition.indicator().figure() == Figure.E2E
            && metric.samples().isPresent()
            && Double.isFinite(interval.high());
    boolean lacksLeavers = SearchObjectives.lacksLeavers(condition) && !areLeaversCounted;
    double matters =
        Math.min(
            SHARE_OF_HEADROOM * Math.abs(condition.limit() - percentile.value()),
            SHARE_OF_VALUE * Math.abs(percentile.value()));
    String doubt =
        doubt(metric, condition, matters, confidence, lacksLeavers ? leavers(scores) : "");
    if (doubt.isEmpty()
        && verdict == SearchVerdict.UNDECIDED
        && SearchVerdict.of(condition, percentile.interval()) == SearchVerdict.SUSTAINED) {
      String what = SearchObjectives.countsOf(condition).get(0).unit().symbol();
      doubt = "too few %s: %d".formatted(what, (long) counted);
    }
    if (verdict == SearchVerdict.SUSTAINED && !doubt.isEmpty()) {
      verdict = SearchVerdict.UNDECIDED;
    }
    String note = verdict == SearchVerdict.UNDECIDED || metric.isTooLow() ? doubt : "";
    return new Check(condition, percentile.value(), interval, verdict, note);
  }

  /** Returns how many requests or conversations a share is of; 0 where that is not known. */
  private static double counted(Condition condition, BenchmarkScores scores) {
    return SearchObjectives.countsOf(condition).stream()
        .mapToDouble(count -> sum(scores, count))
        .sum();
  }

  /** Where all of a few are good, iterations do not differ at all. */
  private static Interval wideEnough(PooledPercentile percent, double counted, double confidence) {
    Interval ofAll =
        Percentile.shareInterval(
                Math.min(counted, percent.value() / 100 * counted), counted, confidence)
            .times(100);
    return new Interval(
        Math.min(ofAll.low(), percent.interval().low()),
        Math.max(ofAll.high(), percent.interval().high()));
  }

  /** Returns why a metric cannot show that a condition is met; empty if it can. */
  private static String doubt(
      MetricScores metric, Condition condition, double matters, double confidence, String leavers) {
    if (metric.missing() > 0) {
      // a server that hangs gives no values, and those that it gave before may be good
      return metric.missing() + " of " + metric.iterations() + " iterations have no value";
    }
    if (metric.samples().isPresent()) {
      PercentileSamples samples = metric.samples().get();
      if (samples.count() < samples.neededByFork()) {
        return "too few samples: " + samples.count() + ", and it takes " + samples.neededByFork();
      }
    } else if (metric.values().length < 3) {
      return "fewer than 3 iterations with a value";
    }
    if (!leavers.isEmpty()) {
      return leavers;
    }
    // a growing queue meets any limit if it is measured early enough
    boolean worsens =
        Warnings.worsens(
            metric.byIteration(), condition.comparison().wantsLess(), matters, confidence);
    return worsens ? "still getting worse" : "";
  }

  /** Returns a doubt if too many users left for those who stayed to tell of all. */
  private static String leavers(BenchmarkScores scores) {
    double left = sum(scores, Figure.ABANDONED);
    double all = left + sum(scores, Figure.REQUESTS);
    return left == 0 || 100 * left < MIN_LEFT_PERCENT * all
        ? ""
        : "%.0f of %.0f were left by their users: search by goodput".formatted(left, all);
  }

  /** Judges all iterations together: the share of a few failures has no useful interval. */
  private static Check failures(Condition condition, BenchmarkScores scores) {
    double requests = sum(scores, Figure.REQUESTS) + sum(scores, Figure.DRAIN_REQUESTS);
    if (requests == 0) {
      return unknown(condition, "no request ended");
    }
    double percent = 100 * sum(scores, Figure.FAILURES) / requests;
    Interval interval = Interval.around(percent, 0);
    SearchVerdict verdict = SearchVerdict.of(condition, interval);
    int silent = silentIterations(scores);
    Check check = new Check(condition, percent, interval, verdict, "");
    return silent == 0
        ? check
        : check.doubted(
            "nothing came in %d of the iterations: the server hangs, or -r is too short"
                .formatted(silent));
  }

  /** Counts the iterations in which no request ended and no token came: requests may be hanging. */
  private static int silentIterations(BenchmarkScores scores) {
    List<Double> requests = iterations(scores, Figure.REQUESTS);
    List<Double> tokens = iterations(scores, Figure.OUTPUT_TOKENS_PER_SECOND);
    int silent = 0;
    for (int i = 0; i < requests.size(); i++) {
      boolean anyTokens = i < tokens.size() && tokens.get(i) > 0;
      silent += requests.get(i) == 0 && !anyTokens ? 1 : 0;
    }
    return silent;
  }

  private static List<Double> iterations(BenchmarkScores scores, Figure figure) {
    return scores.metric(figure.key()).stream()
        .flatMap(metric -> metric.forks().stream().flatMap(List::stream))
        .toList();
  }

  private static double sum(BenchmarkScores scores, Figure count) {
    return scores.metric(count.key()).stream()
        .mapToDouble(metric -> DoubleStream.of(metric.values()).sum())
        .sum();
  }

  /** Returns what all conditions show together. */
  public SearchVerdict verdict() {
    return checks.stream().map(Check::verdict).reduce(SearchVerdict.SUSTAINED, SearchVerdict::and);
  }
}
