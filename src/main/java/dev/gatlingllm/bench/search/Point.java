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

  /** Judges what was measured. */
  static Point judged(
      double value, BenchmarkScores scores, SearchObjectives objectives, double confidence) {
    List<Check> checks = new ArrayList<>();
    for (SearchObjective objective : objectives.all()) {
      checks.add(
          objective.isAboutFailures()
              ? failures(objective, scores)
              : scores
                  .metric(objective.metric())
                  .map(metric -> check(objective, metric, confidence))
                  .orElseGet(() -> unknown(objective, "not measured")));
    }
    List<String> doubts =
        Doubts.about(scores, confidence).stream()
            .map(doubt -> doubt.metric() + ": " + doubt.words())
            .toList();
    int iterations = scores.primary().forks().stream().mapToInt(List::size).sum();
    return new Point(value, iterations, checks, doubts);
  }

  private static Check unknown(SearchObjective objective, String why) {
    return new Check(objective, Double.NaN, Interval.UNKNOWN, Sustained.UNDECIDED, why);
  }

  private static Check check(SearchObjective objective, MetricScores measured, double confidence) {
    MetricScores metric = measured.inMilliseconds();
    if (!objective.isIn(metric.unit())) {
      return unknown(objective, "measured in " + metric.unit() + "; leave -tu out");
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
  private static Check failures(SearchObjective objective, BenchmarkScores scores) {
    double requests = sum(scores, SearchObjectives.REQUESTS);
    if (requests == 0) {
      return unknown(objective, "no request ended");
    }
    double percent = 100 * sum(scores, objective.metric()) / requests;
    Interval interval = Interval.around(percent, 0);
    return new Check(objective, percent, interval, objective.judge(interval), "");
  }

  private static double sum(BenchmarkScores scores, String name) {
    return scores.metric(name).stream()
        .mapToDouble(metric -> DoubleStream.of(metric.values()).sum())
        .sum();
  }

  /** What all objectives say together. */
  public Sustained verdict() {
    return checks.stream().map(Check::verdict).reduce(Sustained.YES, Sustained::and);
  }
}
