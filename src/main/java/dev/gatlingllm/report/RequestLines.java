package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Content;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Repetition;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.Response.Turn;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.metrics.Response.Who;
import dev.gatlingllm.text.Choice;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a {@link RequestsFile}. Lines that are no complete response are skipped, such
 * as the last one of a process that was killed. Not safe for threads.
 */
public final class RequestLines implements Closeable {

  /** Characters of a line; longer ones are skipped without being kept in memory. */
  private static final int MAX_LINE = 16 << 20;

  /** More chunks than any response has: each takes memory. */
  private static final int MAX_CHUNKS = 10_000_000;

  /** A hundred years in milliseconds; as nanoseconds they still fit a long. */
  private static final double MAX_MILLIS = 3.2e12;

  /** Evenly spaced chunks add up the rounding of TPOT, which is to the microsecond. */
  private static final long MAX_ROUNDING_NANOS = 1_000_000_000;

  private static final Pattern ITERATION = Pattern.compile("warmup|drain|\\d{1,9}");

  private static final int BLOCK = 1 << 14;

  private final Reader file;
  private final char[] block = new char[BLOCK];
  private int blockAt;
  private int blockEnd;
  private String text = "";
  private double startMillis;
  private double e2eMillis;
  private long skipped;
  private long unknownSources;

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read
   */
  public RequestLines(Path file) throws IOException {
    // unlike the reader of Files, this one replaces what is no UTF-8: a line may be cut anywhere
    this.file = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8);
  }

  /** Goes to the next complete line; returns whether there is one. */
  public boolean advance() throws IOException {
    for (String line; (line = nextLine()) != null; ) {
      text = line;
      if (isComplete()) {
        return true;
      }
      skipped++;
    }
    return false;
  }

  /** Returns the next line, empty if it is too long; null after the last one. */
  private @Nullable String nextLine() throws IOException {
    if (!hasMore()) {
      return null;
    }
    StringBuilder line = new StringBuilder();
    boolean isTooLong = false;
    for (boolean atEnd = false; !atEnd && hasMore(); ) {
      int from = blockAt;
      while (blockAt < blockEnd && block[blockAt] != '\n') {
        blockAt++;
      }
      isTooLong |= line.length() + blockAt - from > MAX_LINE;
      if (!isTooLong) {
        line.append(block, from, blockAt - from);
      }
      atEnd = blockAt < blockEnd;
    }
    blockAt++;
    return isTooLong ? "" : line.toString();
  }

  /**
   * Returns whether there is a character at the place in the block; reads the next block if not.
   */
  private boolean hasMore() throws IOException {
    if (blockAt >= blockEnd) {
      blockAt = 0;
      blockEnd = file.read(block);
    }
    return blockEnd > 0;
  }

  /** Reads what a merge needs of the line, and checks that all of it is an object in JSON. */
  private boolean isComplete() throws IOException {
    startMillis = Double.NaN;
    e2eMillis = 0;
    String iteration = "";
    try (JsonParser json = Json.FILES.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      for (String field; (field = json.nextFieldName()) != null; ) {
        JsonToken value = json.nextToken();
        if (field.equals("startMillis") && value.isNumeric()) {
          startMillis = json.getDoubleValue();
        } else if (field.equals("e2eMillis") && value.isNumeric()) {
          e2eMillis = json.getDoubleValue();
        } else if (field.equals("iteration") && value.isScalarValue()) {
          iteration = json.getText();
        }
        json.skipChildren();
      }
    } catch (JacksonException broken) {
      return false;
    }
    return text.endsWith("}")
        && !Double.isNaN(startMillis)
        && ITERATION.matcher(iteration).matches();
  }

  /** Returns the line as it stands in the file. */
  public String text() {
    return text;
  }

  /** Returns when the response ended, in milliseconds since the epoch. */
  public double endMillis() {
    return startMillis + e2eMillis;
  }

  /** Parses the line. */
  JsonNode json() throws JsonProcessingException {
    return Json.FILES.readTree(text);
  }

  /** Returns how many lines were skipped. */
  long skipped() {
    return skipped;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Returns how many responses had an output token source that this version does not know. */
  long unknownSources() {
    return unknownSources;
  }

  /**
   * Returns a response with the values that a line has, with times in nanoseconds since the run's
   * start. Empty, and counted as skipped, if no response can have these values.
   */
  Optional<Response> response(JsonNode line, long runStartMillis) {
    try {
      return Optional.of(parsed(line, runStartMillis));
    } catch (IllegalArgumentException impossible) {
      skipped++;
      return Optional.empty();
    }
  }

  private Response parsed(JsonNode line, long runStartMillis) {
    long written = nanos(line.path("startMillis").asDouble() - runStartMillis);
    return new Response(
        new Who(
            line.path("scenario").asText(),
            line.path("request").asText(),
            line.path("user").asLong(),
            line.path("conversation").asText(null),
            count(line, "group"),
            line.path("model").asText(null),
            line.path("api").asText(null)),
        new Turn(
            Math.max(0, count(line, "turn")),
            line.path("attempt").asInt(1),
            count(line, "inputTokensExpected"),
            count(line, "reusableTokens"),
            count(line, "droppedTokens"),
            count(line, "messages"),
            count(line, "maxTokens"),
            line.path("lastTurn").asBoolean(),
            line.path("afterTools").asBoolean()),
        new Timing(
            line.path("startMillis").asLong(),
            written,
            written + nanos(line.path("e2eMillis")),
            chunks(line, written),
            chunkChoices(line),
            finishNanos(line, written),
            nanosOrUnknown(line.path("ttfoMillis")),
            nanosOrUnknown(line.path("scheduleDelayMillis")),
            line.path("connectionOpened").asBoolean(),
            nanosOrUnknown(line.path("connectMillis")),
            line.path("resent").asBoolean()),
        usage(line),
        outcome(line),
        oddities(line),
        new Content(
            Math.max(0, count(line, "images")),
            count(line, "textTokens"),
            repetition(line),
            validJson(line)));
  }

  private static @Nullable Boolean validJson(JsonNode line) {
    return line.path("validJson").isBoolean() ? line.get("validJson").booleanValue() : null;
  }

  private static @Nullable Repetition repetition(JsonNode line) {
    return line.has("textHash")
        ? new Repetition(
            line.path("textHash").intValue(),
            line.path("firstText").asBoolean(),
            count(line, "differsAt"))
        : null;
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
            status,
            kind,
            line.path("finishReason").asText(null),
            line.path("responseId").asText(null))
        .from(line.path("replica").asText(null));
  }

  private static int count(JsonNode line, String field) {
    return line.path(field).asInt(Response.UNKNOWN);
  }

  private static long nanos(JsonNode millis) {
    return nanos(millis.asDouble());
  }

  private static long nanos(double millis) {
    if (!(millis >= 0 && millis <= MAX_MILLIS)) {
      throw new IllegalArgumentException("no duration: " + millis);
    }
    return Math.round(millis * 1e3) * 1_000;
  }

  private static long nanosOrUnknown(JsonNode millis) {
    return millis.isNumber() ? nanos(millis) : Response.UNKNOWN;
  }

  /** Returns the counts, without output tokens of which it is unknown who counted them. */
  private Usage usage(JsonNode line) {
    int outputTokens = count(line, "outputTokens");
    OutputTokensSource source = OutputTokensSource.CHUNKS;
    if (outputTokens >= 0) {
      try {
        String name = line.path("outputTokensSource").asText();
        source = OutputTokensSource.valueOf(name.toUpperCase(Locale.ROOT));
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

  /** The choices of chunks; in turn, where only their number is recorded. */
  private static int[] chunkChoices(JsonNode line) {
    int choices = line.path("choices").asInt(1);
    JsonNode recorded = line.path("chunkChoices");
    int[] of = new int[choices > 1 ? line.path("chunks").asInt() : 0];
    for (int i = 0; i < of.length; i++) {
      of[i] = recorded.has(i) ? recorded.get(i).asInt() : i % choices;
    }
    return of;
  }

  /** Times of chunks; without recorded times, evenly spaced, over the same time in each choice. */
  private static long[] chunks(JsonNode line, long written) {
    JsonNode times = line.path("chunkMillis");
    int count = line.path("chunks").asInt();
    if (count < 0 || count > MAX_CHUNKS) {
      throw new IllegalArgumentException("no number of chunks: " + count);
    }
    long[] chunks = new long[count];
    long first = nanos(line.path("ttftMillis"));
    int hidden = line.path("hiddenTokens").asInt(0);
    // after a summary of hidden reasoning
    long output = hidden > 0 ? Math.max(first, nanos(line.path("ttfoMillis"))) : first;
    int summaries = output > first ? 1 : 0;
    int choices = Math.max(1, line.path("choices").asInt(1));
    int shown = count - summaries;
    // choices of more than one chunk
    int ofSeveral = Math.min(choices, shown - choices);
    double span = 0;
    if (ofSeveral > 0) {
      int tokens = line.path("outputTokens").asInt() - hidden;
      int steps = tokens - choices;
      if (choices > 1 && line.path("outputTokensSource").asText().equals("usage")) {
        String reason = line.path("finishReason").asText(null);
        steps -= Outcome.endsCounted(reason, choices, tokens - shown);
      }
      // without a pace, so many tokens came at once
      boolean known = line.path("tpotMillis").isNumber() || steps >= 3;
      span =
          known
              ? (double) nanos(line.path("tpotMillis")) * steps / ofSeveral
              : nanos(line.path("e2eMillis")) - output;
    }
    long end = nanos(line.path("e2eMillis"));
    for (int i = 0; i < chunks.length; i++) {
      int place = i - summaries;
      int inChoice = place / choices;
      int last = Math.max(1, (shown - 1 - place % choices) / choices);
      long spread = place < 0 ? first : output + Math.round(span * inChoice / last);
      long at = times.has(i) ? nanos(times.get(i)) : spread;
      if (at > end + MAX_ROUNDING_NANOS) {
        throw new IllegalArgumentException("a chunk after the end of its response");
      }
      chunks[i] = written + Math.min(at, end);
    }
    return chunks;
  }
}
