package dev.gatlingllm.report;

import dev.gatlingllm.metrics.RunSummary;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

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
    RunSummary run = report.summary();
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("schema", SCHEMA);
    file.put("run", RunJson.run(report.info(), run.durationSeconds()));
    file.put("totals", RunJson.totals(run.overall().totals()));
    file.put("metrics", RunJson.metrics(run.overall().metrics()));
    file.put("byRequest", RunJson.scopes(run.byRequest()));
    file.put("byScenario", RunJson.scopes(run.byScenario()));
    file.put("byTurn", RunJson.scopes(run.overall().byTurn()));
    file.put("byGroup", RunJson.scopes(run.byGroup()));
    file.put("byIteration", RunJson.scopes(run.byIteration().tailMap(1)));
    file.put("coldWarm", run.coldWarm());
    file.put(
        "timeline",
        run.overall().timeline().stream().filter(second -> second.second() >= 0).toList());
    file.put("failures", run.failures());
    file.put("client", run.client());
    file.put("notes", Findings.of(report.info(), run));
    writer.write(Json.FIGURES.writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n");
  }
}
