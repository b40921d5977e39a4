package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseSink;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code requests.jsonl}: one line for each response, in order of completion, written during the
 * run: the recorder flushes it after each batch, so that a killed run keeps all but its last
 * moments. If the disk refuses a write, the file ends there with one error in the log, and the run
 * goes on. Only the recorder's thread uses it.
 */
public final class RequestsFile implements ResponseSink {

  /** Name of the file in a run's folder. */
  public static final String FILE_NAME = "requests.jsonl";

  private static final Logger LOGGER = LoggerFactory.getLogger(RequestsFile.class);

  private final Path file;
  private final boolean chunkTimes;
  private final JsonGenerator json;
  private boolean broken;

  /**
   * Starts the file, replacing an earlier one.
   *
   * @param folder the run's folder
   * @param chunkTimes whether each line carries the time of every output-bearing chunk, in
   *     milliseconds since the request was written
   * @throws IOException if the file cannot be created
   */
  public RequestsFile(Path folder, boolean chunkTimes) throws IOException {
    this.file = folder.resolve(FILE_NAME);
    this.chunkTimes = chunkTimes;
    this.json = Json.FILES.createGenerator(Files.newOutputStream(file));
    json.setRootValueSeparator(null);
  }

  /**
   * Writes one response.
   *
   * @param iteration {@code warmup}, {@code drain}, or the number of the iteration in which the
   *     response ended
   */
  @Override
  public void accept(Response response, String iteration) {
    attempt(() -> line(response, iteration));
  }

  /** Passes what was written so far to the operating system. */
  @Override
  public void flush() {
    attempt(json::flush);
  }

  /** Writes what is left and closes the file. */
  @Override
  public void close() {
    attempt(json::close);
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void attempt(Writing writing) {
    if (broken) {
      return;
    }
    try {
      writing.run();
    } catch (IOException problem) {
      broken = true;
      LOGGER.error("{} ends here: it cannot be written", file, problem);
    }
  }

  private void line(Response response, String iteration) throws IOException {
    json.writeStartObject();
    json.writeNumberField("startMillis", response.timing().writtenEpochMillis());
    json.writeStringField("scenario", response.who().scenario());
    json.writeStringField("request", response.who().request());
    json.writeNumberField("user", response.who().user());
    json.writeStringField("conversation", response.who().conversation());
    count("group", response.who().group());
    count("turn", response.turn().number() == 0 ? -1 : response.turn().number());
    json.writeNumberField("attempt", response.turn().attempt());
    json.writeFieldName("iteration");
    iteration(iteration);
    json.writeStringField("status", response.ok() ? "OK" : "KO");
    json.writeStringField("failure", response.outcome().failureKind());
    count("inputTokens", response.usage().inputTokens());
    count("inputTokensExpected", response.turn().expectedInputTokens());
    count("reusableTokens", response.turn().reusableTokens());
    count("droppedTokens", response.turn().droppedTokens());
    count("cachedTokens", response.usage().cachedTokens());
    count("outputTokens", response.usage().outputTokens());
    json.writeStringField("outputTokensSource", source(response));
    json.writeNumberField("chunks", response.timing().chunks());
    millis("ttftMillis", response.timing().ttftNanos());
    millis("ttfoMillis", response.timing().ttfoNanos());
    millis("tpotMillis", response.tpotNanos());
    millis("e2eMillis", response.timing().e2eNanos());
    millis("scheduleDelayMillis", response.timing().scheduleDelayNanos());
    json.writeBooleanField("connectionOpened", response.timing().newConnection());
    json.writeStringField("responseId", response.outcome().responseId());
    if (chunkTimes) {
      chunkMillis(response);
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void iteration(String iteration) throws IOException {
    if (iteration.chars().allMatch(Character::isDigit)) {
      json.writeNumber(iteration);
    } else {
      json.writeString(iteration);
    }
  }

  private static String source(Response response) {
    OutputTokensSource source =
        response.usage().outputTokens() < 0 ? null : response.usage().outputTokensSource();
    return source == null ? null : source.name().toLowerCase(Locale.ROOT);
  }

  private void chunkMillis(Response response) throws IOException {
    json.writeArrayFieldStart("chunkMillis");
    for (long chunk : response.timing().chunkNanos()) {
      json.writeNumber(toMillis(chunk - response.timing().writtenNanos()));
    }
    json.writeEndArray();
  }

  private void count(String name, int value) throws IOException {
    if (value < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private void millis(String name, double nanos) throws IOException {
    if (nanos < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, toMillis(nanos));
    }
  }

  private static BigDecimal toMillis(double nanos) {
    return BigDecimal.valueOf(Math.round(nanos / 1e3), 3);
  }
}
