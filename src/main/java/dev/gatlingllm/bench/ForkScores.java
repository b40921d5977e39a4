package dev.gatlingllm.bench;

import dev.gatlingllm.bench.result.ForkNote;
import dev.gatlingllm.bench.result.PercentileSamples;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.text.Require;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one fork measured.
 *
 * @param iterations the value of each metric by its label, for each measured iteration; NaN if it
 *     could not be measured. Percentiles of samples are not among them. Failures of requests that
 *     were under way when the load ended are among those of the last iteration
 * @param samples histograms by the key of their figure, for each measured iteration: those of the
 *     figures of which a percentile is measured
 * @param unfinished what is known of samples that the end of the load, or users who left, made
 *     unknown: {@link Figure#bounding}, likewise by the key of their figure
 * @param report folder of the fork's report, or null
 * @param settings of the load, by their names
 * @param withoutEffect keys of settings that were given, but decided nothing
 * @param notes what its reader has to know of the server
 */
record ForkScores(
    List<Map<String, Double>> iterations,
    List<Map<String, Buckets>> samples,
    Map<String, Buckets> unfinished,
    @Nullable String report,
    Map<String, String> settings,
    List<String> withoutEffect,
    List<ForkNote> notes) {

  private static final Buckets NONE = Buckets.pooled(List.of());

  /**
   * Checks and copies what was measured.
   *
   * @throws RuntimeException if a part is missing
   */
  ForkScores {
    iterations = iterations.stream().map(Map::copyOf).toList();
    samples = samples.stream().map(Map::copyOf).toList();
    unfinished = Map.copyOf(unfinished);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    withoutEffect = List.copyOf(withoutEffect);
    notes = List.copyOf(notes);
    Require.that(
        !iterations.isEmpty() && samples.size() == iterations.size(),
        "samples",
        samples.size(),
        "one map for each iteration");
  }

  /**
   * Returns the scores of a load that has lasted for all iterations.
   *
   * @param run what was measured
   * @param client the load generator's health, by iteration from 1
   */
  static ForkScores of(
      Conditions conditions,
      RunSummary run,
      SortedMap<Integer, ClientHealth> client,
      @Nullable String report,
      Map<String, String> settings,
      List<String> withoutEffect,
      List<ForkNote> notes) {
    List<Map<String, Double>> scores = new ArrayList<>();
    List<Map<String, Buckets>> samples = new ArrayList<>();
    Map<String, Buckets> unfinished = new HashMap<>();
    for (int number = 1; number <= conditions.iterations(); number++) {
      ScopeSummary responses = run.byIteration().get(number);
      Map<String, Double> values = new LinkedHashMap<>();
      Map<String, Buckets> histograms = new LinkedHashMap<>();
      for (Indicator metric : conditions.metrics()) {
        if (isPercentileOfSamples(metric)) {
          histograms.put(metric.figure().key(), buckets(responses, metric.figure()));
        } else {
          // what is unfinished counts once in a mean: when the load ends, or its user leaves
          boolean isBounded =
              metric.statistic().takesGreatest()
                  || number == conditions.iterations()
                  || hasLeavers(responses);
          double value =
              isBounded && responses != null && metric.figure().bounding() != null
                  ? conditions.units().least(metric, responses)
                  : conditions.units().value(metric, responses, client.get(number));
          // where nothing ended, a rate is 0, but only if the run has it at all
          boolean isUnknown = metric.unit().isRate() && metric.of(run.overall()).isEmpty();
          values.put(metric.label(), isUnknown ? Double.NaN : value);
        }
      }
      scores.add(values);
      samples.add(histograms);
    }
    Map<String, Double> last = scores.get(scores.size() - 1);
    last.computeIfPresent(Figure.FAILURES.key(), (key, count) -> count + run.inDrain().ko());
    last.computeIfPresent(
        Figure.DRAIN_REQUESTS.key(), (key, none) -> (double) run.inDrain().requests());
    for (Indicator metric : conditions.metrics()) {
      Figure bounding = metric.figure().bounding();
      if (bounding != null) {
        unfinished.put(metric.figure().key(), buckets(run.overall(), bounding));
      }
    }
    return new ForkScores(scores, samples, unfinished, report, settings, withoutEffect, notes);
  }

  private static boolean isPercentileOfSamples(Indicator metric) {
    double percentile = metric.statistic().percentile();
    return percentile > 0 && percentile < 100 && Figure.distributions().contains(metric.figure());
  }

  private static boolean hasLeavers(@Nullable ScopeSummary responses) {
    return responses != null && responses.totals().value(Figure.ABANDONED).orElse(0) > 0;
  }

  private static Buckets buckets(@Nullable ScopeSummary responses, Figure figure) {
    Buckets buckets = responses == null ? null : responses.buckets().get(figure);
    return buckets == null ? NONE : buckets;
  }

  /** Returns the samples of some forks of which a metric is a percentile; empty if it is none. */
  static Optional<PercentileSamples> samples(Indicator metric, List<ForkScores> forks) {
    String figure = metric.figure().key();
    return isPercentileOfSamples(metric)
        ? Optional.of(
            new PercentileSamples(
                metric.statistic().percentile(),
                forks.stream()
                    .map(
                        fork ->
                            fork.samples.stream().map(i -> i.getOrDefault(figure, NONE)).toList())
                    .toList(),
                forks.stream().map(fork -> fork.unfinished.getOrDefault(figure, NONE)).toList()))
        : Optional.empty();
  }

  /** Returns these scores with another report, or null for none. */
  ForkScores withReport(@Nullable Path folder) {
    String text = folder == null ? null : folder.toString();
    return new ForkScores(iterations, samples, unfinished, text, settings, withoutEffect, notes);
  }

  /** Returns the value of a metric in each iteration; NaN if it could not be measured. */
  List<Double> values(Indicator metric) {
    return iterations.stream()
        .map(values -> values.getOrDefault(metric.label(), Double.NaN))
        .toList();
  }

  /** Returns the iterations, from 1, without a value of a metric. */
  List<Integer> without(Indicator metric) {
    List<Double> values =
        samples(metric, List.of(this))
            .map(known -> known.byIteration().get(0))
            .orElseGet(() -> values(metric));
    return IntStream.rangeClosed(1, values.size())
        .filter(number -> values.get(number - 1).isNaN())
        .boxed()
        .toList();
  }
}
