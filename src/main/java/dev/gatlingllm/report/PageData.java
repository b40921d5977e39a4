package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Metric;
import dev.gatlingllm.metrics.RunSnapshot;
import dev.gatlingllm.metrics.RunSnapshot.FailureCount;
import dev.gatlingllm.metrics.ScopeSnapshot;
import dev.gatlingllm.metrics.ScopeSnapshot.Curve;
import dev.gatlingllm.metrics.ScopeSnapshot.Second;
import dev.gatlingllm.metrics.ScopeSnapshot.Ttft;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What each page of one report is drawn from, as JSON that can stand inside of the page. */
final class PageData {

  private static final JsonFactory JSON =
      new JsonFactory().setCharacterEscapes(new InlineJsonEscapes());

  private static final int LONGEST_EXAMPLE = 500;

  private final RunInfo info;
  private final RunSnapshot run;

  PageData(RunReport report) {
    info = report.info();
    run = report.snapshot().get();
  }

  /** The index page: all replies. */
  String index() {
    return write(
        json -> {
          json.writeNullField("request");
          scope(json, run.overall());
          SnapshotJson snapshot = new SnapshotJson(json);
          snapshot.scopes("byRequest", run.byRequest());
          snapshot.failures(shortened(run.failures()));
          snapshot.coldWarm(run.coldWarm());
          snapshot.client(run.client());
          snapshot.notes(Findings.of(info, run));
        });
  }

  /**
   * One request's page, or nothing where none of its replies was measured.
   *
   * @param pages on how many pages these figures stand
   */
  Optional<String> request(String name, int pages) {
    return Optional.ofNullable(run.byRequest().get(name))
        .map(
            scope ->
                write(
                    json -> {
                      json.writeStringField("request", name);
                      json.writeNumberField("pages", pages);
                      scope(json, scope);
                    }));
  }

  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private String write(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("run");
      new SnapshotJson(json).runFields(info, run.durationSeconds());
      json.writeEndObject();
      content.writeTo(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void scope(JsonGenerator json, ScopeSnapshot scope) throws IOException {
    SnapshotJson snapshot = new SnapshotJson(json);
    snapshot.totals(scope.totals());
    snapshot.metrics(scope.metrics());
    snapshot.scopes("byTurn", scope.byTurn());
    timeline(json, scope.timeline());
    curve(json, scope.curves().get(Metric.ICL));
  }

  /** One array for each column: a fraction of the size of one object for each second. */
  private static void timeline(JsonGenerator json, List<Second> seconds) throws IOException {
    json.writeObjectFieldStart("timeline");
    column(json, "second", seconds, second -> (double) second.second());
    column(json, "outputTokens", seconds, Second::outputTokens);
    column(json, "activeStreams", seconds, Second::activeStreams);
    column(json, "ttftCount", seconds, ttft(ttft -> (double) ttft.count()));
    column(json, "ttftP50", seconds, ttft(Ttft::p50));
    column(json, "ttftP95", seconds, ttft(Ttft::p95));
    column(json, "ttftP99", seconds, ttft(Ttft::p99));
    json.writeEndObject();
  }

  private static Function<Second, Double> ttft(Function<Ttft, Double> figure) {
    return second -> second.ttft() == null ? null : figure.apply(second.ttft());
  }

  private static void column(
      JsonGenerator json, String name, List<Second> seconds, Function<Second, Double> figure)
      throws IOException {
    SnapshotJson snapshot = new SnapshotJson(json);
    json.writeArrayFieldStart(name);
    for (Second second : seconds) {
      snapshot.number(figure.apply(second));
    }
    json.writeEndArray();
  }

  private static void curve(JsonGenerator json, Curve curve) throws IOException {
    if (curve == null) {
      json.writeNullField("iclCurve");
      return;
    }
    SnapshotJson snapshot = new SnapshotJson(json);
    json.writeObjectFieldStart("iclCurve");
    json.writeArrayFieldStart("values");
    for (double value : curve.values()) {
      snapshot.number(value);
    }
    json.writeEndArray();
    json.writeFieldName("counts");
    json.writeArray(curve.counts(), 0, curve.counts().length);
    json.writeEndObject();
  }

  /** A server's words are for reading here; all of them are in {@code tokens.json}. */
  private static Map<String, FailureCount> shortened(Map<String, FailureCount> failures) {
    Map<String, FailureCount> shortened = new TreeMap<>();
    failures.forEach(
        (kind, failure) ->
            shortened.put(
                kind,
                new FailureCount(
                    failure.count(),
                    failure.examples().stream().map(PageData::shortened).toList())));
    return shortened;
  }

  private static String shortened(String example) {
    return example.length() <= LONGEST_EXAMPLE
        ? example
        : example.substring(0, LONGEST_EXAMPLE) + "…";
  }
}
