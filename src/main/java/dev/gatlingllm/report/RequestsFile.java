package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Repetition;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.text.Choice;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code requests.jsonl}: one line for each response, in order of completion, written during the
 * run: the recorder flushes it after each batch, so that a killed run keeps all but its last
 * moments. Only the recorder's thread uses it.
 */
public final class RequestsFile implements ResponseSink {

  /** Name of the file in a run's folder. */
  public static final String FILE_NAME = "requests.jsonl";

  private final boolean chunkTimes;
  private final JsonGenerator json;

  /**
   * Starts the file, replacing an earlier one.
   *
   * @param folder the run's folder
   * @param chunkTimes whether each line carries the time of every output-bearing chunk, in
   *     milliseconds since the request was written
   * @throws IOException if the file cannot be created
   */
  public RequestsFile(Path folder, boolean chunkTimes) throws IOException {
    this.chunkTimes = chunkTimes;
    this.json = Json.FILES.createGenerator(Files.newOutputStream(folder.resolve(FILE_NAME)));
    json.setRootValueSeparator(null);
  }

  @Override
  public String what() {
    return FILE_NAME;
  }

  /**
   * Writes one response.
   *
   * @param iteration {@code warmup}, {@code drain}, or the number of the iteration in which the
   *     response ended
   */
  @Override
  public void accept(Response response, String iteration) throws IOException {
    boolean isNumber = iteration.chars().allMatch(Character::isDigit);
    Map<String, Object> line =
        object(
            "startMillis", response.timing().writtenEpochMillis(),
            "scenario", response.who().scenario(),
            "request", response.who().request(),
            "user", response.who().user(),
            "conversation", response.who().conversation(),
            "group", count(response.who().group()),
            "model", response.who().model(),
            "api", response.who().api(),
            "turn", response.turn().number() == 0 ? null : response.turn().number(),
            "attempt", response.turn().attempt(),
            "iteration", isNumber ? Integer.valueOf(iteration) : iteration,
            "status", response.status(),
            "failure", response.outcome().failureKind(),
            "inputTokens", count(response.usage().inputTokens()),
            "inputTokensExpected", count(response.turn().expectedInputTokens()),
            "reusableTokens", count(response.turn().reusableTokens()),
            "droppedTokens", count(response.turn().droppedTokens()),
            "messages", count(response.turn().messages()),
            "maxTokens", count(response.turn().maxTokens()),
            "cachedTokens", count(response.usage().cachedTokens()),
            "outputTokens", count(response.usage().outputTokens()),
            "outputTokensSource", source(response),
            "reasoningTokens", count(response.usage().reasoningTokens()),
            "hiddenTokens", response.usage().hiddenTokens(),
            "chunks", response.timing().chunks(),
            "ttftMillis", millis(response.timing().ttftNanos()),
            "ttfoMillis", millis(response.timing().ttfoNanos()),
            "tpotMillis", millis(response.tpotNanos()),
            "finishMillis", finishMillis(response.timing()),
            "e2eMillis", millis(response.timing().e2eNanos()),
            "scheduleDelayMillis", millis(response.timing().scheduleDelayNanos()),
            "connectionOpened", response.timing().newConnection(),
            "resent", response.timing().resent(),
            "finishReason", response.outcome().finishReason(),
            "responseId", response.outcome().responseId());
    if (response.turn().isLast()) {
      line.put("lastTurn", true);
    }
    if (response.turn().afterTools()) {
      line.put("afterTools", true);
    }
    if (response.outcome().replica() != null) {
      line.put("replica", response.outcome().replica());
    }
    if (!response.oddities().isEmpty()) {
      line.put("oddities", response.oddities().stream().map(Choice::key).sorted().toList());
    }
    if (response.content().images() > 0) {
      line.put("images", response.content().images());
      line.put("textTokens", response.content().textTokens());
    }
    if (response.content().isJson() != null) {
      line.put("validJson", response.content().isJson());
    }
    Repetition repetition = response.content().repetition();
    if (repetition != null) {
      line.put("textHash", Integer.toUnsignedLong(repetition.textHash()));
      line.put("firstText", repetition.isFirst());
      line.put("differsAt", count(repetition.differsAt()));
    }
    if (chunkTimes) {
      line.put(
          "chunkMillis",
          Arrays.stream(response.timing().chunkNanos())
              .mapToObj(chunk -> millis(chunk - response.timing().writtenNanos()))
              .toList());
    }
    json.writePOJO(line);
    json.writeRaw('\n');
  }

  /** Passes what was written so far to the operating system. */
  @Override
  public void flush() throws IOException {
    json.flush();
  }

  /** Writes what is left and closes the file. */
  @Override
  public void close() throws IOException {
    json.close();
  }

  private static @Nullable String source(Response response) {
    return response.usage().outputTokens() < 0
        ? null
        : Choice.key(response.usage().outputTokensSource());
  }

  /** Returns when the chunk with the finish reason came; null if none did. */
  private static @Nullable BigDecimal finishMillis(Timing timing) {
    return millis(
        timing.finishNanos() == 0
            ? Response.UNKNOWN
            : timing.finishNanos() - timing.writtenNanos());
  }

  /** Returns null for an unknown count. */
  private static @Nullable Integer count(int value) {
    return value < 0 ? null : value;
  }

  /** Returns milliseconds with three decimals; null for an unknown time. */
  private static @Nullable BigDecimal millis(double nanos) {
    return nanos < 0 ? null : BigDecimal.valueOf(Math.round(nanos / 1e3), 3);
  }
}
