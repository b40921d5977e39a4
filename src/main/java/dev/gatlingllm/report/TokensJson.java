package dev.gatlingllm.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.RunSummary;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * {@code tokens.json}: a run's figures for programs, schema {@code gatling-llm/1}. Times are in
 * milliseconds. Unknown values are null. Warm-up is not included.
 */
public final class TokensJson {

  /** Name of the file in a run's folder. */
  public static final String FILE_NAME = "tokens.json";

  private static final String SCHEMA = "gatling-llm/1";

  private TokensJson() {}

  /**
   * Writes the file, replacing an earlier one atomically.
   *
   * @param folder the run's folder
   * @return the file
   * @throws IOException if it cannot be written
   */
  public static Path write(RunReport report, Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    StringWriter text = new StringWriter();
    write(report, text);
    AtomicFile.write(file, text.toString());
    return file;
  }

  /**
   * Returns the text of a warning in a run's folder. Empty if the run has no such warning, or if
   * the file is missing or damaged.
   *
   * @param kind of the finding
   */
  public static Optional<String> warning(Path folder, String kind) {
    try {
      JsonNode notes = Json.FILES.readTree(folder.resolve(FILE_NAME).toFile()).path("notes");
      return StreamSupport.stream(notes.spliterator(), false)
          .filter(note -> kind.equals(note.path("kind").asText()))
          .filter(note -> Finding.Level.WARNING.key().equals(note.path("level").asText()))
          .map(note -> note.path("text").asText())
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  static void write(RunReport report, Writer writer) throws IOException {
    RunSummary run = report.summary();
    Map<String, Object> file =
        Json.object(
            "schema", SCHEMA,
            "verdict", Verdict.of(report),
            "run", RunJson.run(report.info(), run.durationSeconds()),
            "totals", RunJson.totals(run.overall().totals()),
            "metrics", RunJson.metrics(run.overall().metrics()),
            "intervals", RunJson.intervals(run.overall()),
            "byRequest", RunJson.scopes(run.byRequest()));
    for (Breakdown by : Breakdown.ofResponses()) {
      file.put(by.fileKey(), RunJson.scopes(run.by(by)));
    }
    file.putAll(
        Json.object(
            "byTurn", RunJson.scopes(run.overall().byTurn()),
            "byGroup", RunJson.scopes(run.byGroup()),
            "byIteration", RunJson.scopes(run.byIteration().tailMap(1)),
            "conversations", RunJson.conversations(run),
            "coldWarm", run.coldWarm(),
            "timeline", run.measuredSeconds(),
            "failures", run.failures(),
            "outsideWindow", Json.object("warmUp", run.inWarmUp(), "drain", run.inDrain()),
            "oddities", RunJson.oddities(run),
            "client", run.client(),
            "arrivals", RunJson.arrivals(run.arrivals()),
            "server", ServerJson.of(run),
            "notes", Findings.of(report.info(), run)));
    writer.write(Json.FIGURES.writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n");
  }
}
