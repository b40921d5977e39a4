package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Goodput;
import dev.gatlingllm.metrics.MetricHistograms;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import java.io.IOException;
import java.util.Map;

/** One summary of inference-perf's schema: seconds and tokens. What is not known is null. */
final class InferencePerfSummary {

  private static final String[] NAMES = {
    "p0.1", "p1", "p5", "p10", "p25", "median", "p75", "p90", "p95", "p99", "p99.9"
  };
  private static final double[] PERCENTILES = {.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9};

  private final JsonGenerator json;
  private final RunSummary run;
  private final Totals totals;
  private final MetricHistograms all;
  private final MetricHistograms failed;

  InferencePerfSummary(
      JsonGenerator json, RunSummary run, MetricHistograms all, MetricHistograms failed) {
    this.json = json;
    this.run = run;
    this.totals = run.overall().totals();
    this.all = all;
    this.failed = failed;
  }

  void write() throws IOException {
    json.writeStartObject();
    json.writeNumberField("benchmark_time_seconds", run.durationSeconds());
    load();
    successes();
    failures();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void load() throws IOException {
    json.writeObjectFieldStart("load_summary");
    json.writeNumberField("count", totals.requests());
    distribution("schedule_delay", all, Figure.SCHEDULE_DELAY);
    json.writeNumberField("send_duration", run.durationSeconds());
    json.writeNullField("requested_rate");
    json.writeNumberField("achieved_rate", totals.requestsPerSecond());
    json.writeEndObject();
  }

  private void successes() throws IOException {
    json.writeObjectFieldStart("successes");
    json.writeNumberField("count", totals.ok());
    json.writeObjectFieldStart("latency");
    distribution("request_latency", all, Figure.E2E);
    distribution("normalized_time_per_output_token", all, Figure.NTPOT);
    distribution("time_per_output_token", all, Figure.TPOT);
    distribution("time_to_first_token", all, Figure.TTFT);
    // that tool, too, takes every chunk for a token here
    distribution("inter_token_latency", all, Figure.ICL);
    json.writeEndObject();
    throughput();
    promptTokens();
    distribution("output_len", all, Figure.OUTPUT_TOKENS);
    json.writeObjectFieldStart("output_tokens");
    count("total", totals.outputTokens());
    figures(all, Figure.OUTPUT_TOKENS);
    json.writeEndObject();
    goodput(totals.goodput());
    json.writeEndObject();
  }

  private void throughput() throws IOException {
    json.writeObjectFieldStart("throughput");
    json.writeNumberField("input_tokens_per_sec", totals.inputTokensPerSecond());
    json.writeNumberField("output_tokens_per_sec", totals.outputTokensPerSecond());
    json.writeNumberField(
        "total_tokens_per_sec", totals.inputTokensPerSecond() + totals.outputTokensPerSecond());
    json.writeNumberField("requests_per_sec", totals.requestsPerSecond());
    json.writeEndObject();
  }

  private void promptTokens() throws IOException {
    Long input = totals.inputTokens();
    Long cached = totals.cachedTokens();
    json.writeObjectFieldStart("prompt_tokens");
    count("total", input);
    count("cached", cached);
    count("uncached", input == null || cached == null ? null : Long.valueOf(input - cached));
    figures(all, Figure.INPUT_TOKENS);
    json.writeEndObject();
  }

  private void goodput(Goodput goodput) throws IOException {
    if (goodput == null) {
      json.writeNullField("goodput_metrics");
      return;
    }
    json.writeObjectFieldStart("goodput_metrics");
    json.writeNumberField("goodput_percentage", goodput.percent());
    json.writeNumberField("request_goodput", goodput.perSecond());
    json.writeNullField("token_goodput");
    json.writeNumberField("good_requests", Math.round(goodput.percent() / 100 * totals.requests()));
    json.writeNumberField("total_requests", totals.requests());
    json.writeEndObject();
  }

  private void failures() throws IOException {
    json.writeObjectFieldStart("failures");
    json.writeNumberField("count", totals.ko());
    distribution("request_latency", failed, Figure.E2E);
    json.writeObjectFieldStart("by_label");
    for (Map.Entry<String, FailureCount> kind : run.failures().entrySet()) {
      json.writeObjectFieldStart(kind.getKey());
      json.writeNumberField("count", kind.getValue().count());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void count(String name, Long value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private void distribution(String name, MetricHistograms samples, Figure metric)
      throws IOException {
    if (!samples.buckets().containsKey(metric)) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    figures(samples, metric);
    json.writeEndObject();
  }

  private void figures(MetricHistograms samples, Figure metric) throws IOException {
    Map<Figure, Buckets> buckets = samples.buckets();
    Summary summary = samples.summaries(buckets).get(metric);
    if (summary == null) {
      return;
    }
    double unit = metric.unit() == Figure.Unit.MILLISECONDS ? 1e3 : 1;
    json.writeNumberField("mean", summary.mean() / unit);
    json.writeNumberField("min", summary.min() / unit);
    json.writeNumberField("max", summary.max() / unit);
    for (int i = 0; i < NAMES.length; i++) {
      json.writeNumberField(NAMES[i], buckets.get(metric).percentile(PERCENTILES[i]) / unit);
    }
  }
}
