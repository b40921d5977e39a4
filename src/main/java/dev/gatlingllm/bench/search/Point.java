package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.steady.Doubts;
import dev.gatlingllm.metrics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * One value of the searched parameter, measured and judged. Immutable.
 *
 * @param value of the parameter
 * @param iterations with which it was judged
 * @param checks one for each objective
 * @param doubts why its scores are not to be trusted
 */
public record Point(double value, int iterations, List<Check> checks, List<String> doubts) {

  /** Takes copies. */
  public Point {
    checks = List.copyOf(checks);
    doubts = List.copyOf(doubts);
  }

  /**
   * Judges what was measured.
   *
   * @throws MeasureFailedException if a metric that an objective names was not measured
   */
  static Point judged(
      double value, BenchmarkScores scores, SearchObjectives objectives, double confidence)
      throws MeasureFailedException {
    List<Check> checks = new ArrayList<>();
    for (SearchObjective objective : objectives.all()) {
      checks.add(
          objective.isAboutFailures()
              ? failures(objective, scores)
              : check(objective, required(scores, objective.metric()), confidence));
    }
    List<String> doubts =
        Doubts.about(scores, confidence).stream()
            .map(doubt -> doubt.metric() + ": " + doubt.words())
            .toList();
    int iterations = scores.primary().forks().stream().mapToInt(List::size).sum();
    return new Point(value, iterations, checks, doubts);
  }

  private static Check check(SearchObjective objective, MetricScores metric, double confidence)
      throws MeasureFailedException {
    if (!objective.unit().isEmpty() && !objective.unit().equals(metric.unit())) {
      throw new MeasureFailedException(
          metric.name() + " is measured in " + metric.unit() + "; leave -tu out");
    }
    Interval interval = metric.interval(confidence);
    Sustained verdict = objective.judge(interval);
    if (verdict == Sustained.YES
        && Doubts.worsens(metric, objective.comparison().wantsLess(), confidence)) {
      // what builds up a queue keeps any limit, if only it is measured early enough
      return new Check(
          objective, metric.mean(), interval, Sustained.UNDECIDED, "still getting worse");
    }
    return new Check(
        objective,
        metric.mean(),
        interval,
        verdict,
        interval.isKnown() ? "" : "fewer than 3 iterations with a value");
  }

  /** All iterations together: a share of a handful of failures has no interval worth the name. */
  private static Check failures(SearchObjective objective, BenchmarkScores scores)
      throws MeasureFailedException {
    double failed = sum(required(scores, objective.metric()));
    double requests = sum(required(scores, SearchObjectives.REQUESTS));
    double percent = requests == 0 ? Double.NaN : 100 * failed / requests;
    Interval interval = Interval.around(percent, 0);
    return new Check(
        objective,
        percent,
        interval,
        objective.judge(interval),
        requests == 0 ? "no request ended" : "");
  }

  private static MetricScores required(BenchmarkScores scores, String name)
      throws MeasureFailedException {
    return scores
        .metric(name)
        .orElseThrow(
            () ->
                new MeasureFailedException(
                    name
                        + " was not measured; there are "
                        + scores.metrics().stream().map(MetricScores::name).toList()));
  }

  private static double sum(MetricScores metric) {
    return DoubleStream.of(metric.values()).sum();
  }

  /** What all objectives say together. */
  public Sustained verdict() {
    return checks.stream().map(Check::verdict).reduce(Sustained.YES, Sustained::and);
  }
}
