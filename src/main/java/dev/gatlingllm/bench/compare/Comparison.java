package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.steady.Doubts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that two results have in common, compared, and what they have not. Immutable.
 *
 * @param rows a benchmark each, in the new file's order
 * @param missing a line for each benchmark or metric that only one side has
 * @param doubts a line for each reason not to trust a score of either side
 */
record Comparison(List<Row> rows, List<String> missing, List<String> doubts) {

  /** One benchmark with its parameters. */
  record Row(Key key, List<Difference> differences) {

    boolean hasLoneFork() {
      return differences.stream()
          .anyMatch(
              difference ->
                  Math.min(difference.before().forks().size(), difference.now().forks().size())
                      < 2);
    }
  }

  /** Iterations of one fork share what came about as it started, such as how users fell in step. */
  private static final String LONE_FORK =
      "A side was measured by one fork alone: how much forks differ from one another is in no"
          + " interval, and a difference may be that of two forks. Use -f 2 or more.";

  /** Compares the metrics whose names are wanted. */
  static Comparison of(
      List<BenchmarkScores> before,
      List<BenchmarkScores> now,
      Judge judge,
      Predicate<String> wanted) {
    Map<Key, BenchmarkScores> old = byKey(before);
    List<Row> rows = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (BenchmarkScores scores : now) {
      BenchmarkScores was = old.remove(scores.key());
      if (was == null) {
        missing.add(scores.key() + " is in the new file only");
        continue;
      }
      rows.add(new Row(scores.key(), differences(was, scores, judge, wanted, missing)));
    }
    old.keySet().forEach(key -> missing.add(key + " is in the old file only"));
    List<String> doubts = new ArrayList<>();
    Doubts.lines(before, judge.confidence()).forEach(line -> doubts.add("Old: " + line));
    Doubts.lines(now, judge.confidence()).forEach(line -> doubts.add("New: " + line));
    if (rows.stream().anyMatch(Row::hasLoneFork)) {
      doubts.add(LONE_FORK);
    }
    return new Comparison(rows, missing, doubts);
  }

  private static List<Difference> differences(
      BenchmarkScores before,
      BenchmarkScores now,
      Judge judge,
      Predicate<String> wanted,
      List<String> missing) {
    List<Difference> differences = new ArrayList<>();
    for (MetricScores metric : now.metrics()) {
      if (wanted.test(metric.name())) {
        before
            .metric(metric.name())
            .ifPresentOrElse(
                was -> differences.add(judge.between(was, metric)),
                () -> missing.add(lone(now, metric, "new")));
      }
    }
    before.metrics().stream()
        .filter(metric -> wanted.test(metric.name()) && now.metric(metric.name()).isEmpty())
        .forEach(metric -> missing.add(lone(before, metric, "old")));
    return differences;
  }

  private static String lone(BenchmarkScores row, MetricScores metric, String side) {
    return metric.name() + " of " + row.key() + " is in the " + side + " file only";
  }

  private static Map<Key, BenchmarkScores> byKey(List<BenchmarkScores> scores) {
    return scores.stream()
        .collect(
            Collectors.toMap(
                BenchmarkScores::key, Function.identity(), (a, b) -> a, LinkedHashMap::new));
  }

  /** How many comparisons came to this verdict. */
  long count(Verdict verdict) {
    return all().filter(difference -> difference.verdict() == verdict).count();
  }

  /** How many comparisons have a verdict. */
  long judged() {
    return all().filter(Difference::isJudged).count();
  }

  /** Whether nothing has the verdict that fails a gate. */
  boolean passes() {
    return count(Verdict.WORSE) == 0;
  }

  private Stream<Difference> all() {
    return rows.stream().flatMap(row -> row.differences().stream());
  }
}
