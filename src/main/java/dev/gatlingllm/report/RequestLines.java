package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** Reads the lines of a {@link RequestsFile}, any number of times. Not safe for threads. */
final class RequestLines {

  private final Path file;
  private long broken;
  private long unknownSources;

  RequestLines(Path file) {
    this.file = file;
  }

  /** Passes on each complete line; a missing file has none. */
  void forEach(Consumer<JsonNode> line) throws IOException {
    broken = 0;
    if (!Files.exists(file)) {
      return;
    }
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String text; (text = lines.readLine()) != null; ) {
        JsonNode node = node(text);
        if (node != null && node.has("startMillis") && node.has("iteration")) {
          line.accept(node);
        } else {
          broken++;
        }
      }
    }
  }

  /** Returns how many lines were incomplete: the last one, if the process was killed. */
  long broken() {
    return broken;
  }

  private static JsonNode node(String text) {
    try {
      return Json.FILES.readTree(text);
    } catch (JacksonException incomplete) {
      return null;
    }
  }

  /** Returns how many responses had an output token source that this version does not know. */
  long unknownSources() {
    return unknownSources;
  }

  /**
   * Returns a response as far as its line tells, with times in nanoseconds since the run's start.
   */
  Response response(JsonNode line, long runStartMillis) {
    long written = (line.path("startMillis").asLong() - runStartMillis) * 1_000_000;
    Response.Builder response =
        Response.to(
                line.path("scenario").asText(),
                line.path("request").asText(),
                line.path("user").asLong())
            .conversation(line.path("conversation").asText(null), count(line, "group"))
            .turn(
                new Response.Turn(
                    Math.max(0, count(line, "turn")),
                    line.path("attempt").asInt(1),
                    count(line, "inputTokensExpected"),
                    count(line, "reusableTokens"),
                    count(line, "droppedTokens")))
            .times(
                line.path("startMillis").asLong(), written, written + nanos(line.path("e2eMillis")))
            .chunks(chunks(line, written))
            .newConnection(line.path("connectionOpened").asBoolean())
            .promptTokens(count(line, "inputTokens"), count(line, "cachedTokens"))
            .responseId(line.path("responseId").asText(null));
    output(response, line);
    if (!line.path("status").asText().equals("OK")) {
      response.failure(line.path("failure").asText("failed"), null);
    }
    if (line.path("ttfoMillis").isNumber()) {
      response.ttfo(nanos(line.path("ttfoMillis")));
    }
    if (line.path("scheduleDelayMillis").isNumber()) {
      response.scheduleDelay(nanos(line.path("scheduleDelayMillis")));
    }
    return response.build();
  }

  private static int count(JsonNode line, String field) {
    return line.path(field).asInt(-1);
  }

  private static long nanos(JsonNode millis) {
    return Math.round(millis.asDouble() * 1e3) * 1_000;
  }

  /** Sets the output tokens; they count as unknown if it is unknown where their number is from. */
  private void output(Response.Builder response, JsonNode line) {
    JsonNode name = line.path("outputTokensSource");
    if (!name.isTextual()) {
      response.output(count(line, "outputTokens"), null);
      return;
    }
    try {
      OutputTokensSource source =
          OutputTokensSource.valueOf(name.asText().toUpperCase(Locale.ROOT));
      response.output(count(line, "outputTokens"), source);
    } catch (IllegalArgumentException unknown) {
      unknownSources++;
    }
  }

  /** Times of chunks; without recorded times, evenly spaced from the first to the last one. */
  private static long[] chunks(JsonNode line, long written) {
    JsonNode times = line.path("chunkMillis");
    long[] chunks = new long[line.path("chunks").asInt()];
    long first = nanos(line.path("ttftMillis"));
    double apart = 0;
    if (chunks.length > 1) {
      boolean paced = line.path("tpotMillis").isNumber();
      long last =
          paced
              ? first + nanos(line.path("tpotMillis")) * (line.path("outputTokens").asInt() - 1)
              : nanos(line.path("e2eMillis"));
      apart = (double) (last - first) / (chunks.length - 1);
    }
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = written + (times.has(i) ? nanos(times.get(i)) : first + Math.round(i * apart));
    }
    return chunks;
  }
}
