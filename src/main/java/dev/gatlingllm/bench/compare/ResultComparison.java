package dev.gatlingllm.bench.compare;

import dev.gatlingllm.bench.compare.Difference.Verdict;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.ResultReader;
import dev.gatlingllm.bench.steady.Warnings;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The comparison of two results. Immutable.
 *
 * @param rows the benchmarks that both sides have, in the new file's order
 * @param missing a line for each benchmark or metric that only one side has
 * @param warnings a line for each warning about a score of either side
 */
record ResultComparison(List<Row> rows, List<String> missing, List<String> warnings) {

  /** As a share of the old number of tokens per chunk. */
  private static final double OTHER_CHUNKS = 0.1;

  /** One benchmark with its parameters. */
  record Row(Key key, List<Difference> differences) {}

  /**
   * Compares the metrics whose names are wanted.
   *
   * @param before each benchmark once, as {@link ResultReader} checks; likewise {@code now}
   */
  static ResultComparison of(
      List<BenchmarkScores> before,
      List<BenchmarkScores> now,
      Judge judge,
      Predicate<String> wanted) {
    Map<Key, BenchmarkScores> old = new LinkedHashMap<>();
    before.forEach(scores -> old.put(scores.key(), scores));
    List<Row> rows = new ArrayList<>();
    Set<String> warnings = new LinkedHashSet<>();
    List<String> missing = new ArrayList<>();
    for (BenchmarkScores scores : now) {
      BenchmarkScores was = old.remove(scores.key());
      if (was == null) {
        missing.add(scores.key() + " is in the new file only");
        continue;
      }
      warnings.addAll(otherSettings(was, scores));
      Row row = new Row(scores.key(), differences(was, scores, judge, wanted, missing));
      rows.add(row);
      if (row.differences().stream().anyMatch(ResultComparison::isOfGaps)) {
        otherChunks(was, scores).ifPresent(warnings::add);
      }
    }
    old.keySet().forEach(key -> missing.add(key + " is in the old file only"));
    Warnings.lines(before, judge.confidence()).forEach(line -> warnings.add("Old: " + line));
    Warnings.lines(now, judge.confidence()).forEach(line -> warnings.add("New: " + line));
    return new ResultComparison(rows, missing, List.copyOf(warnings));
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

  private static boolean isOfGaps(Difference difference) {
    return Indicator.parse(difference.metric())
        .filter(metric -> metric.figure() == Figure.ICL)
        .isPresent();
  }

  /** Gaps between chunks are of the same thing only if these have as many tokens. */
  private static Optional<String> otherChunks(BenchmarkScores before, BenchmarkScores now) {
    double was = tokensPerChunk(before);
    double is = tokensPerChunk(now);
    return Math.abs(is - was) > OTHER_CHUNKS * was
        ? Optional.of(
            "%s: tokens per chunk are %s in the old file, and %s in the new one, so ICL is not of the"
                    .formatted(now.key(), Numbers.score(was), Numbers.score(is))
                + " same thing; compare TPOT.")
        : Optional.empty();
  }

  /** Returns the mean, or NaN if it is not known. */
  private static double tokensPerChunk(BenchmarkScores scores) {
    return scores.metric(Figure.TOKENS_PER_CHUNK.key()).map(MetricScores::mean).orElse(Double.NaN);
  }

  /** Compares the settings, of which a file has those that were set or have a default. */
  private static List<String> otherSettings(BenchmarkScores before, BenchmarkScores now) {
    Map<String, String> old = before.settings();
    Map<String, String> anew = now.settings();
    if (old.isEmpty() || anew.isEmpty()) {
      return List.of();
    }
    return Stream.concat(anew.keySet().stream(), old.keySet().stream())
        .filter(name -> !Objects.equals(anew.get(name), old.get(name)))
        .map(
            name ->
                "The settings differ: %s is %s in the old file, and %s in the new one."
                    .formatted(
                        name.startsWith("-") ? name : "llm." + name,
                        old.getOrDefault(name, "not set"),
                        anew.getOrDefault(name, "not set")))
        .toList();
  }

  private static String lone(BenchmarkScores row, MetricScores metric, String side) {
    return metric.name() + " of " + row.key() + " is in the " + side + " file only";
  }

  /** Returns the number of comparisons with this verdict. */
  long count(Verdict verdict) {
    return all().filter(difference -> difference.verdict() == verdict).count();
  }

  /** Returns the number of comparisons that could be decided. */
  long judged() {
    return all().filter(Difference::isJudged).count();
  }

  /** Returns how many comparisons of metrics with a better direction are inconclusive. */
  long inconclusive() {
    return gated().filter(difference -> difference.verdict() == Verdict.INCONCLUSIVE).count();
  }

  /** Returns the result of all comparisons in a sentence, without a full stop. */
  String headline() {
    if (!passes()) {
      return "Benchmarks got worse";
    }
    long open = inconclusive();
    return open == 0
        ? "No benchmark is shown to be worse"
        : Plurals.format(
            "Inconclusive: no benchmark is shown to be worse, but %d of %d comparison{s} that can"
                + " fail the gate cannot tell",
            open, gated().count());
  }

  /** Returns whether no metric got worse. */
  boolean passes() {
    return count(Verdict.WORSE) == 0;
  }

  /** Returns the number of comparisons with each verdict, the most important ones first. */
  String counts() {
    return Stream.of(Verdict.values())
        .filter(verdict -> verdict == Verdict.WORSE || count(verdict) > 0)
        .map(verdict -> count(verdict) + " " + verdict)
        .collect(Collectors.joining(", "));
  }

  /** Returns a sentence on how many differences chance alone would show. */
  String falseAlarms(Judge judge) {
    return Plurals.format(
        "%d comparison{s} at %s: were both sides the same, chance alone would show a difference in"
            + " about %s of them.",
        judged(),
        Numbers.percentOf(judge.confidence()),
        Numbers.significant(judged() * (1 - judge.confidence()), 2));
  }

  /** Returns the comparisons of metrics that can get worse. */
  private Stream<Difference> gated() {
    return all().filter(difference -> difference.now().better() != Direction.NEITHER);
  }

  private Stream<Difference> all() {
    return rows.stream().flatMap(row -> row.differences().stream());
  }
}
