package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.ResponseSamples;
import dev.gatlingllm.metrics.ResponseSamples.Sample;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Charts;
import dev.gatlingllm.metrics.ScopeSummary.Curve;
import dev.gatlingllm.metrics.ScopeSummary.InputBin;
import dev.gatlingllm.metrics.ScopeSummary.PercentileCurve;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.ScopeSummary.UncachedBin;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Numbers;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of a page's charts. Each series is an array of its own, a fraction of the size of an
 * object for each point, and values keep four significant digits, more than a screen shows.
 */
final class ChartData {

  private static final List<Figure> OVER_TIME = List.of(Figure.TTFT, Figure.TPOT, Figure.E2E);

  private static final List<Figure> PERCENTILE_CURVES =
      List.of(Figure.TTFT, Figure.ICL, Figure.ITL, Figure.TPOT, Figure.E2E);

  private static final List<Figure> HISTOGRAMS =
      List.of(
          Figure.ICL,
          Figure.TTFT,
          Figure.TPOT,
          Figure.E2E,
          Figure.INPUT_TOKENS,
          Figure.CACHED_TOKENS,
          Figure.OUTPUT_TOKENS);

  /** Cells of a heatmap, and the least latency that it tells apart from 0. */
  private static final int HEAT_COLUMNS = 120;

  private static final int HEAT_ROWS = 24;
  private static final double LEAST_MILLIS = 0.001;

  /** As many kinds of failure as a reader can tell apart in a chart. */
  private static final int MAX_KINDS = 8;

  private ChartData() {}

  static Map<String, Object> of(ScopeSummary scope) {
    List<Figure> withPercentiles =
        scope.charts().equals(Charts.NONE) ? List.of() : PERCENTILE_CURVES;
    return object(
        "timeline", timeline(scope.charts().steps()),
        "percentiles", curves(withPercentiles, scope, ChartData::percentiles),
        "curves", curves(HISTOGRAMS, scope, ChartData::histogram),
        "ttftByInput", scope.charts().ttftByInput().stream().map(ChartData::bin).toList(),
        "ttftByUncached", uncached(scope.charts()),
        "heat", heat(scope.charts().steps()));
  }

  private static Map<String, Object> uncached(Charts charts) {
    List<UncachedBin> bins = charts.ttftByUncached();
    List<Summary> ttft = bins.stream().map(UncachedBin::ttft).toList();
    return object(
        "uncachedTokens", column(bins, UncachedBin::uncachedTokens),
        "count", column(ttft, summary -> (double) summary.count()),
        "p50", column(ttft, Summary::p50),
        "p95", column(ttft, Summary::p95),
        "line", charts.prefill());
  }

  /** Every latency over time, in cells of equal length and equal ratio; only the filled ones. */
  private static Map<String, Object> heat(List<Step> steps) {
    Map<String, Object> heat = new LinkedHashMap<>();
    for (Figure metric : OVER_TIME) {
      double[] ends =
          steps.stream()
              .flatMap(step -> Stream.ofNullable(step.buckets().get(metric)))
              .flatMapToDouble(buckets -> Arrays.stream(buckets.ends()))
              .map(end -> Math.max(LEAST_MILLIS, end))
              .toArray();
      if (ends.length > 0) {
        double low = Arrays.stream(ends).min().getAsDouble();
        double high = Math.max(low * 1.1, Arrays.stream(ends).max().getAsDouble());
        heat.put(metric.fileKey(), heat(steps, metric, low, high));
      }
    }
    return heat;
  }

  private static Map<String, Object> heat(
      List<Step> steps, Figure metric, double low, double high) {
    int stepsOfColumn = (steps.size() + HEAT_COLUMNS - 1) / HEAT_COLUMNS;
    TreeMap<Integer, Long> cells = new TreeMap<>();
    for (int i = 0; i < steps.size(); i++) {
      Buckets buckets = steps.get(i).buckets().get(metric);
      for (int b = 0; buckets != null && b < buckets.ends().length; b++) {
        double share =
            Math.log(Math.max(LEAST_MILLIS, buckets.ends()[b]) / low) / Math.log(high / low);
        int row = (int) Math.min(HEAT_ROWS - 1, Math.max(0, HEAT_ROWS * share));
        cells.merge(i / stepsOfColumn * HEAT_ROWS + row, buckets.counts()[b], Long::sum);
      }
    }
    return object(
        "low", rounded(low),
        "high", rounded(high),
        "rows", HEAT_ROWS,
        "stepsOfColumn", stepsOfColumn,
        "cells", cells.keySet(),
        "counts", cells.values());
  }

  /** Failures per second by kind, the most frequent kinds first; the rarest are one. */
  private static Map<String, Object> failures(List<Step> steps) {
    Map<String, Long> totals = new HashMap<>();
    steps.forEach(step -> step.failures().forEach((kind, n) -> totals.merge(kind, n, Long::sum)));
    List<String> kinds = Names.byFrequency(totals);
    List<String> shown = kinds.subList(0, kinds.size() <= MAX_KINDS ? kinds.size() : MAX_KINDS - 1);
    Map<String, Object> columns = new LinkedHashMap<>();
    shown.forEach(kind -> columns.put(kind, failures(steps, kind::equals)));
    if (shown.size() < kinds.size()) {
      columns.put("all others", failures(steps, kind -> !shown.contains(kind)));
    }
    return columns;
  }

  private static long[] failures(List<Step> steps, Predicate<String> kinds) {
    return steps.stream()
        .mapToLong(
            step ->
                step.failures().entrySet().stream()
                    .filter(kind -> kinds.test(kind.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum())
        .toArray();
  }

  /**
   * Single responses, as columns.
   *
   * @param breakdowns the values of those with several, by which a reader can filter, but for the
   *     scenario; other values are pooled
   */
  static Map<String, Object> samples(
      ResponseSamples samples, Map<Breakdown, Set<String>> breakdowns) {
    return object(
        "lanes",
            samples.conversations().stream()
                .map(
                    conversation ->
                        object(
                            "id", conversation.id(),
                            "scenario", scenario(conversation.responses().get(0)),
                            "group", conversation.responses().get(0).sent().group(),
                            "responses", rows(conversation.responses(), breakdowns)))
                .toList(),
        "slowest", placed(samples.slowest(), breakdowns),
        "failed", placed(samples.failed(), breakdowns));
  }

  /** Samples of several conversations. */
  private static Map<String, Object> placed(
      List<Sample> samples, Map<Breakdown, Set<String>> breakdowns) {
    Map<String, Object> rows = rows(samples, breakdowns);
    rows.put("scenario", samples.stream().map(ChartData::scenario).toList());
    rows.put("group", samples.stream().map(sample -> sample.sent().group()).toList());
    return rows;
  }

  private static @Nullable String scenario(Sample sample) {
    return sample.sent().value(Breakdown.SCENARIO);
  }

  private static Map<String, Object> rows(
      List<Sample> samples, Map<Breakdown, Set<String>> breakdowns) {
    Map<String, Object> rows = columns(samples);
    breakdowns.forEach(
        (by, values) ->
            rows.put(
                by.key(),
                samples.stream().map(sample -> pooled(sample.sent().value(by), values)).toList()));
    return rows;
  }

  private static @Nullable String pooled(@Nullable String value, Set<String> known) {
    return value == null || known.contains(value) ? value : Breakdown.OTHERS;
  }

  private static Map<String, Object> columns(List<Sample> samples) {
    return object(
        "conversation", samples.stream().map(Sample::conversation).toList(),
        "request", samples.stream().map(sample -> sample.sent().request()).toList(),
        "turn", samples.stream().map(sample -> sample.sent().turn()).toList(),
        "attempt", samples.stream().map(sample -> sample.sent().attempt()).toList(),
        // to the millisecond, whatever the length of the run
        "second", samples.stream().map(sample -> sample.sent().second()).toList(),
        "ttft", column(samples, Sample::ttftMillis),
        "e2e", column(samples, Sample::e2eMillis),
        "inputTokens", known(samples, Sample::inputTokens),
        "cachedTokens", known(samples, Sample::cachedTokens),
        "outputTokens", known(samples, Sample::outputTokens),
        "failure", samples.stream().map(Sample::failure).toList(),
        "responseId", samples.stream().map(Sample::responseId).toList());
  }

  private static Integer[] known(List<Sample> samples, ToIntFunction<Sample> count) {
    return samples.stream()
        .map(sample -> count.applyAsInt(sample) < 0 ? null : count.applyAsInt(sample))
        .toArray(Integer[]::new);
  }

  private static Map<String, Object> timeline(List<Step> steps) {
    Map<String, Object> columns =
        object(
            "second", steps.stream().map(Step::second).toList(),
            "ok", column(steps, Step::okPerSecond),
            "ko", column(steps, Step::koPerSecond),
            "outputTokens", column(steps, Step::outputTokensPerSecond),
            "activeStreams", column(steps, Step::activeStreams),
            "cacheHit", column(steps, Step::cacheHitPercent),
            "cacheHitUpper", column(steps, Step::cacheHitPercentUpper),
            "reusable", column(steps, Step::reusablePercent),
            "failures", failures(steps));
    for (Figure metric : OVER_TIME) {
      List<Summary> summaries =
          Arrays.asList(
              steps.stream().map(step -> step.latencies().get(metric)).toArray(Summary[]::new));
      columns.put(
          metric.fileKey(),
          object(
              "count", column(summaries, summary -> (double) summary.count()),
              "p50", column(summaries, Summary::p50),
              "p75", column(summaries, Summary::p75),
              "p90", column(summaries, Summary::p90),
              "p95", column(summaries, Summary::p95),
              "p99", column(summaries, Summary::p99),
              "p999", column(summaries, Summary::p999),
              "max", column(summaries, Summary::max)));
    }
    return columns;
  }

  private static <T> BigDecimal[] column(List<T> steps, Function<T, Double> figure) {
    return steps.stream()
        .map(step -> step == null ? null : rounded(figure.apply(step)))
        .toArray(BigDecimal[]::new);
  }

  private static Map<String, Object> curves(
      List<Figure> metrics, ScopeSummary scope, Function<Buckets, Object> curve) {
    Map<String, Object> curves = new LinkedHashMap<>();
    for (Figure metric : metrics) {
      Buckets buckets = scope.buckets().get(metric);
      if (buckets != null) {
        curves.put(metric.fileKey(), curve.apply(buckets));
      }
    }
    return curves;
  }

  /** Percentiles are not rounded: 100 % less a billionth is not 100 %. */
  private static Object percentiles(Buckets buckets) {
    PercentileCurve curve = buckets.percentileCurve();
    return Map.of("percentiles", curve.percentiles(), "values", rounded(curve.values()));
  }

  private static Object histogram(Buckets buckets) {
    Curve curve = buckets.curve();
    return Map.of("values", rounded(curve.values()), "counts", curve.counts());
  }

  private static Map<String, Object> bin(InputBin bin) {
    return object(
        "state", bin.state().key(),
        "count", bin.ttft().count(),
        "inputTokens", rounded(bin.inputTokens()),
        "p50", rounded(bin.ttft().p50()),
        "p90", rounded(bin.ttft().p90()),
        "p95", rounded(bin.ttft().p95()),
        "p99", rounded(bin.ttft().p99()),
        "max", rounded(bin.ttft().max()));
  }

  private static BigDecimal[] rounded(double[] values) {
    return Arrays.stream(values).mapToObj(ChartData::rounded).toArray(BigDecimal[]::new);
  }

  /** Returns a value as charts have it; null for one that is unknown. */
  static @Nullable BigDecimal rounded(@Nullable Double value) {
    return value == null || !Double.isFinite(value)
        ? null
        : new BigDecimal(Numbers.significant(value, 4));
  }
}
