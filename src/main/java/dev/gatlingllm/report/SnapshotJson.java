package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.ColdWarm;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Goodput;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The parts of a snapshot that {@code tokens.json} and the data of a page have in common. Fractions
 * are kept to three decimals, which is microseconds where the value is milliseconds.
 */
final class SnapshotJson {

  private static final List<Figure> IN_BRIEF =
      List.of(Figure.TTFT, Figure.TPOT, Figure.E2E, Figure.INPUT_TOKENS, Figure.OUTPUT_TOKENS);

  /** Columns of tables with a row for each scope. */
  private static final List<PageFigure> COLUMNS =
      Stream.of(
              PageFigure.totals(Figure.OK, Figure.FAILURES),
              PageFigure.percentiles(Figure.TTFT, 50, 95, 99),
              PageFigure.percentiles(Figure.TPOT, 50, 95),
              PageFigure.percentiles(Figure.E2E, 50, 95),
              Stream.of(Figure.INPUT_TOKENS, Figure.OUTPUT_TOKENS).map(PageFigure::mean),
              PageFigure.totals(Figure.CACHE_HIT_PERCENT, Figure.EXPECTED_REUSABLE_PERCENT))
          .flatMap(columns -> columns)
          .toList();

  private final JsonGenerator json;

  SnapshotJson(JsonGenerator json) {
    this.json = json;
  }

  /** What was run; the caller opens and closes the object. */
  void runFields(RunInfo run, double durationSeconds) throws IOException {
    json.writeStringField("id", run.id());
    json.writeStringField("simulation", run.simulation());
    json.writeStringField("start", run.start() == null ? null : run.start().toString());
    number("durationSeconds", durationSeconds);
    json.writeStringField("version", run.version());
    json.writeStringField("gatlingVersion", run.gatlingVersion());
    json.writeStringField("javaVersion", run.javaVersion());
    count("seed", run.seed());
    json.writeStringField("baseUrl", run.baseUrl());
    json.writeStringField("model", run.model());
    json.writeStringField("api", run.api());
    json.writeStringField("tokenizer", run.tokenizer());
  }

  void totals(Totals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    for (Figure figure : Figure.totals()) {
      if (figure == Figure.GOODPUT_PERCENT) {
        goodput(totals.goodput());
      } else if (!figure.isNested()) {
        number(figure.fileKey(), figure.of(totals));
      }
    }
    json.writeEndObject();
  }

  private void goodput(Goodput goodput) throws IOException {
    if (goodput == null) {
      json.writeNullField("goodput");
      return;
    }
    json.writeObjectFieldStart("goodput");
    number("perSecond", goodput.perSecond());
    number("percent", goodput.percent());
    json.writeObjectFieldStart("objectives");
    for (Goodput.Share share : goodput.objectives()) {
      json.writeObjectFieldStart(share.objective().indicator().figure().key());
      number("limitMillis", share.objective().limit());
      json.writeBooleanField(
          "inclusive", share.objective().comparison() == Comparison.LESS_OR_EQUAL);
      number("percent", share.percent());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /** What the keys of metrics mean. */
  void figures() throws IOException {
    json.writeObjectFieldStart("figures");
    for (Figure figure : Figure.distributions()) {
      json.writeObjectFieldStart(figure.fileKey());
      json.writeStringField("label", figure.label());
      json.writeStringField("description", figure.description());
      json.writeStringField("unit", figure.unit().symbol());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeFieldName("columns");
    Json.PAGES.writeValue(json, COLUMNS);
  }

  void metrics(Map<Figure, Summary> metrics) throws IOException {
    json.writeObjectFieldStart("metrics");
    for (Figure metric : Figure.distributions()) {
      summary(metric.key(), metrics.get(metric));
    }
    json.writeEndObject();
  }

  private void summary(String name, Summary summary) throws IOException {
    if (summary == null || summary.count() == 0) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", summary.count());
    number("mean", summary.mean());
    number("stddev", summary.stddev());
    number("min", summary.min());
    number("p50", summary.p50());
    number("p75", summary.p75());
    number("p90", summary.p90());
    number("p95", summary.p95());
    number("p99", summary.p99());
    number("p999", summary.p999());
    number("max", summary.max());
    json.writeEndObject();
  }

  /** Totals and metrics of each scope, under the scope's name or number. */
  void scopes(String field, Map<?, ScopeSummary> scopes) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<?, ScopeSummary> scope : scopes.entrySet()) {
      json.writeObjectFieldStart(scope.getKey().toString());
      totals(scope.getValue().totals());
      metrics(scope.getValue().metrics());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** The few figures of each scope that a table has room for: there may be a thousand scopes. */
  void briefScopes(String field, Map<?, ScopeSummary> scopes) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<?, ScopeSummary> scope : scopes.entrySet()) {
      json.writeObjectFieldStart(scope.getKey().toString());
      brief(scope.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void brief(ScopeSummary scope) throws IOException {
    Totals totals = scope.totals();
    json.writeObjectFieldStart("totals");
    json.writeNumberField("ok", totals.ok());
    json.writeNumberField("ko", totals.ko());
    number("cacheHitPercent", totals.cacheHitPercent());
    number("expectedReusablePercent", totals.expectedReusablePercent());
    json.writeEndObject();
    json.writeObjectFieldStart("metrics");
    for (Figure metric : IN_BRIEF) {
      Summary summary = scope.metrics().get(metric);
      if (summary != null) {
        json.writeObjectFieldStart(metric.key());
        if (metric.unit() == Figure.Unit.MILLISECONDS) {
          number("p50", summary.p50());
          number("p95", summary.p95());
          number("p99", summary.p99());
        } else {
          number("mean", summary.mean());
        }
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  /** How the load generator fared. */
  void client(ClientHealth client) throws IOException {
    if (client == null) {
      json.writeNullField("client");
      return;
    }
    json.writeObjectFieldStart("client");
    summary("eventLoopLag", client.eventLoopLag());
    number("gcPauseMillis", client.gcPauseMillis());
    number("cpuPercent", client.cpuPercent());
    json.writeEndObject();
  }

  /** What stands out, in plain words. */
  void notes(List<Finding> findings) throws IOException {
    json.writeArrayFieldStart("notes");
    for (Finding finding : findings) {
      json.writeStartObject();
      json.writeStringField("kind", finding.kind());
      json.writeStringField("level", finding.level().key());
      json.writeStringField("text", finding.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** First turns against later ones; intervals are of 95 % confidence. */
  void coldWarm(ColdWarm coldWarm) throws IOException {
    json.writeObjectFieldStart("coldWarm");
    summary("cold", coldWarm.cold());
    summary("warm", coldWarm.warm());
    ColdWarm.SpeedUp speedUp = coldWarm.speedUp();
    if (speedUp == null) {
      json.writeNullField("speedUp");
    } else {
      json.writeObjectFieldStart("speedUp");
      number("ratio", speedUp.ratio());
      number("low", speedUp.low());
      number("high", speedUp.high());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  void failures(Map<String, FailureCount> failures) throws IOException {
    json.writeObjectFieldStart("failures");
    for (Map.Entry<String, FailureCount> failure : failures.entrySet()) {
      json.writeObjectFieldStart(failure.getKey());
      json.writeNumberField("count", failure.getValue().count());
      json.writeArrayFieldStart("examples");
      for (String example : failure.getValue().examples()) {
        json.writeString(example);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  void count(String name, Long value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private void number(String name, OptionalDouble value) throws IOException {
    number(name, value.isPresent() ? value.getAsDouble() : null);
  }

  /** A number, or null for one that is absent or not finite. */
  void number(String name, Double value) throws IOException {
    json.writeFieldName(name);
    number(value);
  }

  void number(Double value) throws IOException {
    if (value == null || !Double.isFinite(value)) {
      json.writeNull();
      return;
    }
    json.writeNumber(Numbers.decimals(value, 3));
  }
}
