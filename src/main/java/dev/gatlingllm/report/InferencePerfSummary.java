package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.MetricHistograms;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A summary in the schema of inference-perf: seconds and tokens. Unknown values are null. */
final class InferencePerfSummary {

  private static final String[] NAMES = {
    "p0.1", "p1", "p5", "p10", "p25", "median", "p75", "p90", "p95", "p99", "p99.9"
  };
  private static final double[] PERCENTILES = {.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9};

  private final RunSummary run;
  private final Totals totals;
  private final MetricHistograms failed;

  private InferencePerfSummary(RunSummary run, MetricHistograms failed) {
    this.run = run;
    this.totals = run.overall().totals();
    this.failed = failed;
  }

  /**
   * Returns the summary of a run.
   *
   * @param failed latencies of failed responses, which the run's figures leave out
   */
  static Map<String, Object> of(RunSummary run, MetricHistograms failed) {
    InferencePerfSummary summary = new InferencePerfSummary(run, failed);
    return object(
        "benchmark_time_seconds", run.durationSeconds(),
        "load_summary", summary.load(),
        "successes", summary.successes(),
        "failures", summary.failures());
  }

  private Map<String, Object> load() {
    return object(
        "count", totals.requests(),
        "schedule_delay", distribution(Figure.SCHEDULE_DELAY),
        "send_duration", run.durationSeconds(),
        "requested_rate", null,
        "achieved_rate", rate(Figure.REQUESTS_PER_SECOND));
  }

  private Map<String, Object> successes() {
    return object(
        "count",
        totals.ok(),
        "latency",
        object(
            "request_latency", distribution(Figure.E2E),
            "normalized_time_per_output_token", distribution(Figure.NTPOT),
            "time_per_output_token", distribution(Figure.TPOT),
            "time_to_first_token", distribution(Figure.TTFT),
            // inference-perf, too, takes every chunk for a token here
            "inter_token_latency", distribution(Figure.ICL)),
        "throughput",
        object(
            "input_tokens_per_sec", rate(Figure.INPUT_TOKENS_PER_SECOND),
            "output_tokens_per_sec", rate(Figure.OUTPUT_TOKENS_PER_SECOND),
            "total_tokens_per_sec", totalRate(),
            "requests_per_sec", rate(Figure.RESPONSES_PER_SECOND)),
        "prompt_tokens",
        promptTokens(),
        "output_len",
        distribution(Figure.OUTPUT_TOKENS),
        "output_tokens",
        withFigures(
            object("total", totals.values().get(Figure.TOTAL_OUTPUT_TOKENS)), Figure.OUTPUT_TOKENS),
        "goodput_metrics",
        goodput());
  }

  private @Nullable Double rate(Figure total) {
    return totals.values().get(total);
  }

  private @Nullable Double totalRate() {
    Double input = rate(Figure.INPUT_TOKENS_PER_SECOND);
    Double output = rate(Figure.OUTPUT_TOKENS_PER_SECOND);
    return input == null || output == null ? null : (Double) (input + output);
  }

  private Map<String, Object> promptTokens() {
    Double input = totals.values().get(Figure.TOTAL_INPUT_TOKENS);
    Double cached = totals.values().get(Figure.TOTAL_CACHED_TOKENS);
    Double uncached = input == null || cached == null ? null : Double.valueOf(input - cached);
    return withFigures(
        object("total", input, "cached", cached, "uncached", uncached), Figure.INPUT_TOKENS);
  }

  private @Nullable Map<String, Object> goodput() {
    Double percent = totals.values().get(Figure.GOODPUT_PERCENT);
    long all = totals.judged();
    return percent == null
        ? null
        : object(
            "goodput_percentage",
            percent,
            "request_goodput",
            rate(Figure.GOODPUT_PER_SECOND),
            "token_goodput",
            null,
            "good_requests",
            Math.round(percent / 100 * all),
            "total_requests",
            all);
  }

  private Map<String, Object> failures() {
    Map<String, Object> byLabel = new LinkedHashMap<>();
    run.failures().forEach((kind, failure) -> byLabel.put(kind, Map.of("count", failure.count())));
    Map<Figure, Buckets> buckets = failed.buckets();
    Map<Figure, Summary> summaries = failed.summaries(buckets);
    return object(
        "count",
        totals.ko(),
        "request_latency",
        summaries.isEmpty() ? null : withFigures(object(), Figure.E2E, summaries, buckets),
        "by_label",
        byLabel);
  }

  private @Nullable Map<String, Object> distribution(Figure metric) {
    return run.overall().metrics().containsKey(metric) ? withFigures(object(), metric) : null;
  }

  private Map<String, Object> withFigures(Map<String, Object> fields, Figure metric) {
    return withFigures(fields, metric, run.overall().metrics(), run.overall().buckets());
  }

  private static Map<String, Object> withFigures(
      Map<String, Object> fields,
      Figure metric,
      Map<Figure, Summary> summaries,
      Map<Figure, Buckets> histograms) {
    Summary summary = summaries.get(metric);
    Buckets buckets = histograms.get(metric);
    if (summary == null || buckets == null) {
      return fields;
    }
    double unit = metric.unit() == Figure.Unit.MILLISECONDS ? 1e3 : 1;
    fields.put("mean", summary.mean() / unit);
    fields.put("min", summary.min() / unit);
    fields.put("max", summary.max() / unit);
    for (int i = 0; i < NAMES.length; i++) {
      fields.put(NAMES[i], buckets.percentile(PERCENTILES[i]) / unit);
    }
    return fields;
  }
}
