package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Metric;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The headline figures as github-action-benchmark takes them, which draws them over the commits of
 * a repository: one file of those that had better be small and one of those that had better be
 * large. What was not measured is left out.
 */
public final class BenchmarkJson {

  static final String SMALLER_IS_BETTER = "customSmallerIsBetter.json";
  static final String BIGGER_IS_BETTER = "customBiggerIsBetter.json";

  private static final List<Metric> TIMES =
      List.of(Metric.TTFT, Metric.ICL, Metric.TPOT, Metric.E2E);

  private final JsonGenerator json;

  private BenchmarkJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes both files, over earlier ones.
   *
   * @param folder the run's folder
   * @throws IOException when they cannot be written
   */
  public static void write(RunReport report, Path folder) throws IOException {
    ScopeSummary overall = report.summary().get().overall();
    write(folder.resolve(SMALLER_IS_BETTER), file -> file.latencies(overall));
    write(folder.resolve(BIGGER_IS_BETTER), file -> file.rates(overall.totals()));
  }

  private interface Content {
    void writeTo(BenchmarkJson file) throws IOException;
  }

  private static void write(Path file, Content content) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      content.writeTo(new BenchmarkJson(json));
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  private void latencies(ScopeSummary overall) throws IOException {
    for (Metric metric : TIMES) {
      Summary summary = overall.metrics().get(metric);
      if (summary != null) {
        String samples = summary.count() + " samples";
        figure(metric.name() + " p50", "ms", summary.p50(), samples);
        figure(metric.name() + " p95", "ms", summary.p95(), samples);
        figure(metric.name() + " p99", "ms", summary.p99(), samples);
      }
    }
    Totals totals = overall.totals();
    if (totals.requests() > 0) {
      double failed = 100.0 * totals.ko() / totals.requests();
      figure("failed requests", "%", failed, totals.requests() + " requests");
    }
  }

  private void rates(Totals totals) throws IOException {
    String samples = totals.requests() + " requests";
    if (totals.outputTokens() != null) {
      figure("output tokens", "tokens/s", totals.outputTokensPerSecond(), samples);
    }
    if (totals.inputTokens() != null) {
      figure("input tokens", "tokens/s", totals.inputTokensPerSecond(), samples);
    }
    if (totals.requests() > 0) {
      figure("requests", "requests/s", totals.requestsPerSecond(), samples);
    }
    if (totals.cacheHitPercent() != null) {
      figure("cache hit", "%", totals.cacheHitPercent(), samples);
    }
    if (totals.goodput() != null) {
      figure("goodput", "%", totals.goodput().percent(), samples);
    }
  }

  private void figure(String name, String unit, double value, String extra) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("unit", unit);
    new SnapshotJson(json).number("value", value);
    json.writeStringField("extra", extra);
    json.writeEndObject();
  }
}
