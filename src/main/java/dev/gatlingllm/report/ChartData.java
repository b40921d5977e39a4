package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Charts;
import dev.gatlingllm.metrics.ScopeSummary.Curve;
import dev.gatlingllm.metrics.ScopeSummary.InputBin;
import dev.gatlingllm.metrics.ScopeSummary.PercentileCurve;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.text.Numbers;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

  private ChartData() {}

  static Map<String, Object> of(ScopeSummary scope) {
    boolean kept = !scope.charts().equals(Charts.NONE);
    return object(
        "timeline", timeline(scope.charts().steps()),
        "percentiles", curves(PERCENTILE_CURVES, kept ? scope : null, ChartData::percentiles),
        "curves", curves(HISTOGRAMS, scope, ChartData::histogram),
        "ttftByInput", scope.charts().ttftByInput().stream().map(ChartData::bin).toList());
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
            "reusable", column(steps, Step::reusablePercent));
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
      if (scope != null && scope.buckets().containsKey(metric)) {
        curves.put(metric.fileKey(), curve.apply(scope.buckets().get(metric)));
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

  private static BigDecimal rounded(Double value) {
    return value == null || !Double.isFinite(value)
        ? null
        : new BigDecimal(Numbers.significant(value, 4));
  }
}
