package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code tokens.json}: a run's figures for programs, schema {@code gatling-llm/1}. Times are
 * milliseconds. What was not reported is null, and warm-up is left out.
 */
public final class TokensJson {

  /** Name of the file in a run's folder. */
  public static final String FILE_NAME = "tokens.json";

  private static final String SCHEMA = "gatling-llm/1";

  private TokensJson() {}

  /**
   * Writes the file, over an earlier one.
   *
   * @param folder the run's folder
   * @return the file
   * @throws IOException when it cannot be written
   */
  public static Path write(RunReport report, Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    try (Writer writer = Files.newBufferedWriter(file)) {
      write(report, writer);
    }
    return file;
  }

  static void write(RunReport report, Writer writer) throws IOException {
    RunSummary run = report.summary().get();
    try (JsonGenerator json = new JsonFactory().createGenerator(writer)) {
      SnapshotJson snapshot = new SnapshotJson(json.useDefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("schema", SCHEMA);
      json.writeObjectFieldStart("run");
      snapshot.runFields(report.info(), run.durationSeconds());
      json.writeEndObject();
      snapshot.totals(run.overall().totals());
      snapshot.metrics(run.overall().metrics());
      snapshot.scopes("byRequest", run.byRequest());
      snapshot.scopes("byScenario", run.byScenario());
      snapshot.scopes("byTurn", run.overall().byTurn());
      snapshot.scopes("byGroup", run.byGroup());
      snapshot.scopes("byIteration", run.byIteration().tailMap(1));
      snapshot.coldWarm(run.coldWarm());
      timeline(json, run.overall().timeline());
      snapshot.failures(run.failures());
      snapshot.client(run.client());
      snapshot.notes(Findings.of(report.info(), run));
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void timeline(JsonGenerator json, List<Second> seconds) throws IOException {
    SnapshotJson snapshot = new SnapshotJson(json);
    json.writeArrayFieldStart("timeline");
    for (Second second : seconds) {
      boolean warmUp = second.second() < 0;
      if (!warmUp) {
        second(json, snapshot, second);
      }
    }
    json.writeEndArray();
  }

  private static void second(JsonGenerator json, SnapshotJson snapshot, Second second)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("second", second.second());
    json.writeNumberField("requests", second.requests());
    json.writeNumberField("ok", second.ok());
    json.writeNumberField("ko", second.ko());
    snapshot.number("outputTokens", second.outputTokens());
    snapshot.number("activeStreams", second.activeStreams());
    if (second.ttft() == null || second.ttft().count() == 0) {
      json.writeNullField("ttft");
    } else {
      json.writeObjectFieldStart("ttft");
      json.writeNumberField("count", second.ttft().count());
      snapshot.number("p50", second.ttft().p50());
      snapshot.number("p95", second.ttft().p95());
      snapshot.number("p99", second.ttft().p99());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
