package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.MetricHistograms;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.metrics.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of inference-perf's schema in a folder {@code inference-perf/}, for those who have
 * tools for them: times in seconds, the measured window only. Requests are written as they end, by
 * the recorder's thread, without the texts of prompts and replies; the summary when the run is
 * over. A run has one stage here, so that both summaries say the same.
 */
public final class InferencePerfFiles implements ResponseSink {

  /** Name of the folder in a run's folder. */
  public static final String FOLDER = "inference-perf";

  static final String PER_REQUEST = "per_request_lifecycle_metrics.json";
  static final String SUMMARY = "summary_lifecycle_metrics.json";
  static final String STAGE = "stage_0_lifecycle_metrics.json";

  private final Path folder;
  private final JsonGenerator requests;
  private final MetricHistograms all = new MetricHistograms();
  private final MetricHistograms failed = new MetricHistograms();

  /**
   * Starts the file of requests, over an earlier one.
   *
   * @param runFolder the run's folder
   * @throws IOException when it cannot be made
   */
  public InferencePerfFiles(Path runFolder) throws IOException {
    folder = Files.createDirectories(runFolder.resolve(FOLDER));
    requests = Json.FILES.createGenerator(Files.newBufferedWriter(folder.resolve(PER_REQUEST)));
    requests.writeStartArray();
  }

  /** Writes one response of the window. */
  @Override
  public void accept(Response response, String iteration) throws IOException {
    if (!Character.isDigit(iteration.charAt(0))) {
      return;
    }
    all.add(response);
    if (!response.ok()) {
      failed.add(Figure.E2E, response.timing().e2eNanos() / 1e6);
    }
    double start = response.timing().writtenEpochMillis() / 1e3;
    requests.writeRaw('\n');
    requests.writeStartObject();
    requests.writeNumberField("start_time", start);
    requests.writeNumberField("end_time", start + response.timing().e2eNanos() / 1e9);
    requests.writeNullField("request");
    requests.writeNullField("response");
    requests.writeObjectFieldStart("info");
    requests.writeNumberField("input_tokens", Math.max(0, response.inputTokensOrExpected()));
    requests.writeNumberField("output_tokens", Math.max(0, response.usage().outputTokens()));
    requests.writeArrayFieldStart("output_token_times");
    for (long chunk : response.timing().chunkNanos()) {
      requests.writeNumber(start + (chunk - response.timing().writtenNanos()) / 1e9);
    }
    requests.writeEndArray();
    requests.writeObjectFieldStart("extra_info");
    requests.writeStringField("user_session", response.who().conversation());
    requests.writeNumberField("chat_round", response.turn().number());
    requests.writeEndObject();
    requests.writeEndObject();
    error(response);
    requests.writeEndObject();
  }

  private void error(Response response) throws IOException {
    if (response.ok()) {
      requests.writeNullField("error");
      return;
    }
    requests.writeObjectFieldStart("error");
    requests.writeStringField("error_type", response.outcome().failureKind());
    requests.writeStringField("error_msg", response.outcome().failureMessage());
    requests.writeEndObject();
  }

  @Override
  public void flush() throws IOException {
    requests.flush();
  }

  @Override
  public void close() throws IOException {
    requests.close();
  }

  /**
   * Writes the summaries; after the recorder was closed, by any thread.
   *
   * @throws IOException when they cannot be written
   */
  public void conclude(RunReport report) throws IOException {
    RunSummary run = report.summary();
    for (String name : new String[] {SUMMARY, STAGE}) {
      try (JsonGenerator json =
          Json.FILES.createGenerator(Files.newBufferedWriter(folder.resolve(name)))) {
        json.useDefaultPrettyPrinter();
        new InferencePerfSummary(json, run, all, failed).write();
      }
    }
  }
}
