package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
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
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a page's charts are drawn from. Each series is an array of its own, which is a fraction of
 * the size of an object for each point, and values keep four significant digits, whole numbers all
 * of theirs, which is more than a screen shows.
 */
final class ChartsJson {

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

  private final JsonGenerator json;

  ChartsJson(JsonGenerator json) {
    this.json = json;
  }

  void write(ScopeSummary scope) throws IOException {
    timeline(scope.charts().steps());
    percentiles(scope.charts().equals(Charts.NONE) ? Map.of() : scope.buckets());
    curves(scope.buckets());
    ttftByInput(scope.charts().ttftByInput());
  }

  private void timeline(List<Step> steps) throws IOException {
    json.writeObjectFieldStart("timeline");
    json.writeArrayFieldStart("second");
    for (Step step : steps) {
      json.writeNumber(step.second());
    }
    json.writeEndArray();
    column("ok", steps, Step::okPerSecond);
    column("ko", steps, Step::koPerSecond);
    column("outputTokens", steps, Step::outputTokensPerSecond);
    column("activeStreams", steps, Step::activeStreams);
    column("cacheHit", steps, Step::cacheHitPercent);
    column("reusable", steps, Step::reusablePercent);
    for (Figure metric : OVER_TIME) {
      json.writeObjectFieldStart(metric.key());
      latency("count", steps, metric, summary -> (double) summary.count());
      latency("p50", steps, metric, Summary::p50);
      latency("p75", steps, metric, Summary::p75);
      latency("p90", steps, metric, Summary::p90);
      latency("p95", steps, metric, Summary::p95);
      latency("p99", steps, metric, Summary::p99);
      latency("p999", steps, metric, Summary::p999);
      latency("max", steps, metric, Summary::max);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void latency(
      String name, List<Step> steps, Figure metric, Function<Summary, Double> figure)
      throws IOException {
    column(
        name,
        steps,
        step -> {
          Summary summary = step.latencies().get(metric);
          return summary == null ? null : figure.apply(summary);
        });
  }

  private void column(String name, List<Step> steps, Function<Step, Double> figure)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Step step : steps) {
      number(figure.apply(step));
    }
    json.writeEndArray();
  }

  private void percentiles(Map<Figure, Buckets> buckets) throws IOException {
    json.writeObjectFieldStart("percentiles");
    for (Figure metric : PERCENTILE_CURVES) {
      if (buckets.containsKey(metric)) {
        PercentileCurve curve = buckets.get(metric).percentileCurve();
        json.writeObjectFieldStart(metric.key());
        // a hundred per cent less a billionth is not a hundred
        json.writeFieldName("percentiles");
        json.writeArray(curve.percentiles(), 0, curve.percentiles().length);
        numbers("values", curve.values());
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private void curves(Map<Figure, Buckets> buckets) throws IOException {
    json.writeObjectFieldStart("curves");
    for (Figure metric : HISTOGRAMS) {
      if (buckets.containsKey(metric)) {
        Curve curve = buckets.get(metric).curve();
        json.writeObjectFieldStart(metric.key());
        numbers("values", curve.values());
        json.writeFieldName("counts");
        json.writeArray(curve.counts(), 0, curve.counts().length);
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private void ttftByInput(List<InputBin> bins) throws IOException {
    json.writeArrayFieldStart("ttftByInput");
    for (InputBin bin : bins) {
      json.writeStartObject();
      json.writeStringField("kind", bin.kind().key());
      json.writeNumberField("count", bin.ttft().count());
      field("inputTokens", bin.inputTokens());
      field("p50", bin.ttft().p50());
      field("p90", bin.ttft().p90());
      field("p95", bin.ttft().p95());
      field("p99", bin.ttft().p99());
      field("max", bin.ttft().max());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void numbers(String name, double[] values) throws IOException {
    json.writeArrayFieldStart(name);
    for (double value : values) {
      number(value);
    }
    json.writeEndArray();
  }

  private void field(String name, double value) throws IOException {
    json.writeFieldName(name);
    number(value);
  }

  private void number(Double value) throws IOException {
    if (value == null || !Double.isFinite(value)) {
      json.writeNull();
    } else {
      json.writeNumber(Numbers.significant(value, 4));
    }
  }
}
