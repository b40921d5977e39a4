package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.Response.Turn;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.metrics.Response.Who;
import dev.gatlingllm.text.Choice;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
   * Returns a response with the values that its line has, with times in nanoseconds since the run's
   * start.
   */
  Response response(JsonNode line, long runStartMillis) {
    long written = (line.path("startMillis").asLong() - runStartMillis) * 1_000_000;
    return new Response(
        new Who(
            line.path("scenario").asText(),
            line.path("request").asText(),
            line.path("user").asLong(),
            line.path("conversation").asText(null),
            count(line, "group")),
        new Turn(
            Math.max(0, count(line, "turn")),
            line.path("attempt").asInt(1),
            count(line, "inputTokensExpected"),
            count(line, "reusableTokens"),
            count(line, "droppedTokens"),
            count(line, "messages")),
        new Timing(
            line.path("startMillis").asLong(),
            written,
            written + nanos(line.path("e2eMillis")),
            chunks(line, written),
            new int[0],
            finishNanos(line, written),
            nanosOrUnknown(line.path("ttfoMillis")),
            nanosOrUnknown(line.path("scheduleDelayMillis")),
            line.path("connectionOpened").asBoolean(),
            line.path("resent").asBoolean()),
        usage(line),
        outcome(line),
        oddities(line));
  }

  /** Returns those that this version knows. */
  private static Set<Oddity> oddities(JsonNode line) {
    Set<Oddity> known = EnumSet.noneOf(Oddity.class);
    for (JsonNode name : line.path("oddities")) {
      Stream.of(Oddity.values())
          .filter(oddity -> Choice.key(oddity).equals(name.asText()))
          .forEach(known::add);
    }
    return known;
  }

  private static Outcome outcome(JsonNode line) {
    Status status = Status.valueOf(line.path("status").asText());
    String kind = line.path("failure").asText(status == Status.KO ? "failed" : null);
    return Outcome.kept(
        status, kind, line.path("finishReason").asText(null), line.path("responseId").asText(null));
  }

  private static int count(JsonNode line, String field) {
    return line.path(field).asInt(Response.UNKNOWN);
  }

  private static long nanos(JsonNode millis) {
    return Math.round(millis.asDouble() * 1e3) * 1_000;
  }

  private static long nanosOrUnknown(JsonNode millis) {
    return millis.isNumber() ? nanos(millis) : Response.UNKNOWN;
  }

  /** Returns the counts, without output tokens of which it is unknown who counted them. */
  private Usage usage(JsonNode line) {
    int outputTokens = count(line, "outputTokens");
    OutputTokensSource source = null;
    JsonNode name = line.path("outputTokensSource");
    if (name.isTextual()) {
      try {
        source = OutputTokensSource.valueOf(name.asText().toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException unknown) {
        unknownSources++;
        outputTokens = Response.UNKNOWN;
      }
    }
    return new Usage(
        count(line, "inputTokens"),
        count(line, "cachedTokens"),
        outputTokens,
        count(line, "reasoningTokens"),
        line.path("hiddenTokens").asInt(0),
        source);
  }

  private static long finishNanos(JsonNode line, long written) {
    JsonNode millis = line.path("finishMillis");
    return millis.isNumber() ? written + nanos(millis) : 0;
  }

  /** Times of chunks; without recorded times, evenly spaced from the first to the last one. */
  private static long[] chunks(JsonNode line, long written) {
    JsonNode times = line.path("chunkMillis");
    long[] chunks = new long[line.path("chunks").asInt()];
    long first = nanos(line.path("ttftMillis"));
    double apart = 0;
    if (chunks.length > 1) {
      boolean paced = line.path("tpotMillis").isNumber();
      int steps = line.path("outputTokens").asInt() - line.path("hiddenTokens").asInt(0) - 1;
      long last =
          paced ? first + nanos(line.path("tpotMillis")) * steps : nanos(line.path("e2eMillis"));
      apart = (double) (last - first) / (chunks.length - 1);
    }
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = written + (times.has(i) ? nanos(times.get(i)) : first + Math.round(i * apart));
    }
    return chunks;
  }
}
