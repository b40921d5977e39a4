package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.MetricHistograms;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The files of inference-perf in a folder {@code inference-perf/}, for tools that read them: times
 * in seconds, and only the measured window. The recorder's thread writes each request when it ends,
 * without the texts of prompts and responses, and the summaries follow after the run. A run counts
 * as one stage, so both summaries are the same.
 */
public final class InferencePerfFiles implements ResponseSink {

  /** Name of the folder in a run's folder. */
  public static final String FOLDER = "inference-perf";

  static final String PER_REQUEST = "per_request_lifecycle_metrics.json";
  static final String SUMMARY = "summary_lifecycle_metrics.json";
  static final String STAGE = "stage_0_lifecycle_metrics.json";

  private final Path folder;
  private final JsonGenerator requests;
  private final MetricHistograms failed = new MetricHistograms();

  /**
   * Starts the file of requests, replacing an earlier one.
   *
   * @param runFolder the run's folder
   * @throws IOException if the file cannot be created
   */
  public InferencePerfFiles(Path runFolder) throws IOException {
    folder = Files.createDirectories(runFolder.resolve(FOLDER));
    requests = Json.FILES.createGenerator(Files.newBufferedWriter(folder.resolve(PER_REQUEST)));
    requests.writeStartArray();
  }

  @Override
  public String what() {
    return FOLDER + "/" + PER_REQUEST;
  }

  /** Writes a response that ended in the window, well or not. */
  @Override
  public void accept(Response response, String iteration) throws IOException {
    if (!response.ended() || !Character.isDigit(iteration.charAt(0))) {
      return;
    }
    if (!response.ok()) {
      failed.add(Figure.E2E, response.timing().e2eNanos() / 1e6);
    }
    double start = response.timing().writtenEpochMillis() / 1e3;
    double[] tokenTimes =
        Arrays.stream(response.timing().chunkNanos())
            .mapToDouble(chunk -> start + (chunk - response.timing().writtenNanos()) / 1e9)
            .toArray();
    requests.writeRaw('\n');
    requests.writePOJO(
        object(
            "start_time",
            start,
            "end_time",
            start + response.timing().e2eNanos() / 1e9,
            "request",
            null,
            "response",
            null,
            "info",
            object(
                "input_tokens", known(response.inputTokensOrExpected()),
                "output_tokens", known(response.usage().outputTokens()),
                "output_token_times", tokenTimes,
                "extra_info",
                    object(
                        "user_session", response.who().conversation(),
                        "chat_round", response.turn().number())),
            "error",
            response.ok()
                ? null
                : object(
                    "error_type", response.outcome().failureKind(),
                    "error_msg", response.outcome().failureMessage())));
  }

  private static @Nullable Integer known(int tokens) {
    return tokens < 0 ? null : (Integer) tokens;
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
   * Writes the summaries. Called after the recorder was closed, by any thread.
   *
   * @throws IOException if a file cannot be written
   */
  public void conclude(RunReport report) throws IOException {
    String summary =
        Json.FILES
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(InferencePerfSummary.of(report.summary(), failed));
    for (String name : new String[] {SUMMARY, STAGE}) {
      AtomicFile.write(folder.resolve(name), summary + "\n");
    }
  }
}
