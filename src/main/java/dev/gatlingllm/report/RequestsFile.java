package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Repetition;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
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

  private static final Map<OutputTokensSource, String> SOURCES =
      new EnumMap<>(OutputTokensSource.class);

  static {
    for (OutputTokensSource source : OutputTokensSource.values()) {
      SOURCES.put(source, Choice.key(source));
    }
  }

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
    try {
      json.writeStartObject();
      writeRequest(response, iteration);
      writeUsage(response.usage(), response.turn());
      writeTiming(response);
      text("finishReason", response.outcome().finishReason());
      text("responseId", response.outcome().responseId());
      writeWhatIsRare(response);
      if (chunkTimes) {
        writeChunks(response.timing());
      }
    } finally {
      endLine();
    }
  }

  /** Ends the line, also that of a failure: inside an object, no later line could begin. */
  private void endLine() throws IOException {
    while (!json.getOutputContext().inRoot()) {
      if (json.getOutputContext().inArray()) {
        json.writeEndArray();
      } else {
        json.writeEndObject();
      }
    }
    json.writeRaw('\n');
  }

  private void writeRequest(Response response, String iteration) throws IOException {
    Response.Who who = response.who();
    json.writeNumberField("startMillis", response.timing().writtenEpochMillis());
    text("scenario", who.scenario());
    text("request", who.request());
    json.writeNumberField("user", who.user());
    text("conversation", who.conversation());
    count("group", who.group());
    text("model", who.model());
    text("api", who.api());
    count("turn", response.turn().number() == 0 ? Response.UNKNOWN : response.turn().number());
    json.writeNumberField("attempt", response.turn().attempt());
    if (Character.isDigit(iteration.charAt(0))) {
      json.writeFieldName("iteration");
      json.writeRawValue(iteration);
    } else {
      text("iteration", iteration);
    }
    text("status", response.status().name());
    text("failure", response.outcome().failureKind());
  }

  private void writeUsage(Usage usage, Response.Turn turn) throws IOException {
    count("inputTokens", usage.inputTokens());
    count("inputTokensExpected", turn.expectedInputTokens());
    count("reusableTokens", turn.reusableTokens());
    count("droppedTokens", turn.droppedTokens());
    count("messages", turn.messages());
    count("maxTokens", turn.maxTokens());
    count("cachedTokens", usage.cachedTokens());
    count("outputTokens", usage.outputTokens());
    text(
        "outputTokensSource",
        usage.outputTokens() < 0 ? null : SOURCES.get(usage.outputTokensSource()));
    count("reasoningTokens", usage.reasoningTokens());
    json.writeNumberField("hiddenTokens", usage.hiddenTokens());
  }

  private void writeTiming(Response response) throws IOException {
    Timing timing = response.timing();
    json.writeNumberField("chunks", timing.chunks());
    millis("ttftMillis", timing.ttftNanos());
    millis("ttfoMillis", timing.ttfoNanos());
    millis("tpotMillis", response.tpotNanos());
    millis(
        "finishMillis",
        timing.finishNanos() == 0
            ? Response.UNKNOWN
            : timing.finishNanos() - timing.writtenNanos());
    millis("e2eMillis", timing.e2eNanos());
    millis("scheduleDelayMillis", timing.scheduleDelayNanos());
    json.writeBooleanField("connectionOpened", timing.newConnection());
    millis("connectMillis", timing.connectNanos());
    json.writeBooleanField("resent", timing.resent());
  }

  private void writeWhatIsRare(Response response) throws IOException {
    if (response.timing().choices() > 1) {
      json.writeNumberField("choices", response.timing().choices());
    }
    if (response.turn().isLast()) {
      json.writeBooleanField("lastTurn", true);
    }
    if (response.turn().afterTools()) {
      json.writeBooleanField("afterTools", true);
    }
    if (response.outcome().replica() != null) {
      text("replica", response.outcome().replica());
    }
    if (!response.oddities().isEmpty()) {
      json.writePOJOField(
          "oddities", response.oddities().stream().map(Choice::key).sorted().toList());
    }
    if (response.content().images() > 0) {
      json.writeNumberField("images", response.content().images());
      json.writeNumberField("textTokens", response.content().textTokens());
    }
    if (response.content().isJson() != null) {
      json.writeBooleanField("validJson", response.content().isJson());
    }
    Repetition repetition = response.content().repetition();
    if (repetition != null) {
      json.writeNumberField("textHash", Integer.toUnsignedLong(repetition.textHash()));
      json.writeBooleanField("firstText", repetition.isFirst());
      count("differsAt", repetition.differsAt());
    }
  }

  private void writeChunks(Timing timing) throws IOException {
    json.writeArrayFieldStart("chunkMillis");
    for (long chunk : timing.chunkNanos()) {
      writeMillis(chunk - timing.writtenNanos());
    }
    json.writeEndArray();
    if (timing.choices() > 1) {
      json.writeFieldName("chunkChoices");
      json.writeArray(timing.chunkChoices(), 0, timing.chunks());
    }
  }

  /** Writes null for an unknown text. */
  private void text(String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value);
    }
  }

  /** Writes null for an unknown count. */
  private void count(String name, int value) throws IOException {
    json.writeFieldName(name);
    if (value < 0) {
      json.writeNull();
    } else {
      json.writeNumber(value);
    }
  }

  private void millis(String name, double nanos) throws IOException {
    json.writeFieldName(name);
    writeMillis(nanos);
  }

  /** Writes milliseconds with three decimals; null for an unknown time. */
  private void writeMillis(double nanos) throws IOException {
    if (nanos < 0) {
      json.writeNull();
    } else {
      json.writeNumber(Numbers.thousandths(Math.round(nanos / 1e3)));
    }
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
}
