package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads OpenAI's chunks and bodies, of chat and text completions, and the errors that servers send
 * instead, and adds their content to a timeline. Used by one thread.
 *
 * <p>One non-blocking Jackson parser reads the chunks of a response, one after the other, directly
 * from the bytes received. Chunks that differ from an earlier one only in their text need no
 * parser. Fields may come in any order, and unknown fields may hold anything. For JSON that cannot
 * be read the methods return {@code false}; they never throw, and it leaves no trace in the
 * timeline.
 */
final class ChunkReader {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // field names come from the server under test and must not fill the JVM's string pool
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Python writes log-probabilities of minus infinity as -Infinity
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(TokenTimeline.MAX_CHARACTERS).build())
          .build();

  private static final byte[] LINE_END = {'\n'};

  /** More than all known parts can nest; anything deeper is skipped. */
  private static final int DEEPEST = 16;

  private final TokenTimeline timeline;
  private final Chunk chunk = new Chunk();
  private final RepeatedChunk repeated = new RepeatedChunk();

  private final ChunkPart[] outer = new ChunkPart[DEEPEST];
  private int depth;
  private ChunkPart part = ChunkPart.DOCUMENT;

  /** Number of chunks in the bytes of the current event; every known server sends one. */
  private int documents;

  /** Depth inside a value that is skipped. */
  private int skipped;

  private int choiceTextStart;
  private int choiceArgumentsStart;
  private @Nullable String choiceFinishReason;

  /** Whether a message is read that carries only what is new, and whether one had output before. */
  private boolean inDelta;

  private boolean hadDelta;

  /** Whether an error is read that is certain, not one of details. */
  private boolean inError;

  private @Nullable JsonParser parser;
  private long nanos;

  ChunkReader(TokenTimeline timeline) {
    this.timeline = timeline;
  }

  /**
   * Reads the chunks in these bytes, which are complete.
   *
   * @param nanos {@link System#nanoTime()} when they arrived
   * @return whether they could be read
   */
  boolean readWhole(byte[] bytes, int offset, int length, long nanos) {
    if (!timeline.isDone() && repeated.recognises(bytes, offset, length)) {
      boolean reasoning = repeated.kind() == Chunk.Kind.REASONING;
      timeline.output(reasoning, 0, nanos);
      timeline.addCharacters(repeated.text().length());
      if (reasoning) {
        timeline.reasoned();
      } else {
        timeline.append(repeated.text(), "");
      }
      return true;
    }
    documents = 0;
    boolean readable = read(bytes, offset, length, nanos) && finish();
    Chunk.Kind kind = chunk.kind();
    if (readable && documents == 1 && kind != null && chunk.isOnlyOutput()) {
      repeated.learn(bytes, offset, length, kind, chunk.said());
    }
    return readable;
  }

  /**
   * Reads the next bytes of a body.
   *
   * @param nanos {@link System#nanoTime()} when they arrived
   * @return whether they could be read; if not, the rest of the body cannot be read either
   */
  boolean read(byte[] bytes, int offset, int length, long nanos) {
    this.nanos = nanos;
    try {
      JsonParser json = parser;
      if (json == null) {
        json = JSON.createNonBlockingByteArrayParser();
        parser = json;
      }
      ((ByteArrayFeeder) json.getNonBlockingInputFeeder())
          .feedInput(bytes, offset, offset + length);
      for (JsonToken t = json.nextToken(); t != JsonToken.NOT_AVAILABLE; t = json.nextToken()) {
        take(t, json);
      }
      return true;
    } catch (IOException | RuntimeException unreadable) {
      // an error of the parser over hostile bytes must not reach the event loop either
      close();
      return false;
    }
  }

  /** Ends the body, and returns whether what was read so far is complete. */
  boolean finish() {
    // a line end completes a number or word for which the parser would wait otherwise
    if (!read(LINE_END, 0, 1, nanos)) {
      return false;
    }
    if (depth > 0) {
      close();
      return false;
    }
    return true;
  }

  /** Drops what is incomplete and releases the parser's buffers. */
  void close() {
    depth = 0;
    skipped = 0;
    if (parser != null) {
      try {
        parser.close();
      } catch (IOException impossible) {
        // a non-blocking parser has no source that could fail to close
      }
      parser = null;
    }
  }

  private void take(JsonToken token, JsonParser json) throws IOException {
    switch (token) {
      case START_OBJECT, START_ARRAY -> open(json);
      case END_OBJECT, END_ARRAY -> close(token);
      case FIELD_NAME, VALUE_NULL -> {}
      default -> {
        if (depth == 0) {
          throw new JsonParseException(json, "a chunk is an object");
        }
        if (skipped == 0) {
          value(token, json);
        }
      }
    }
  }

  private void open(JsonParser json) throws IOException {
    if (skipped > 0) {
      skipped++;
      return;
    }
    String field = field(json);
    ChunkPart inner = depth == 0 ? ChunkPart.DOCUMENT : field.isEmpty() ? part : part.at(field);
    if (inner == null || depth == DEEPEST || repeatsTheDeltas(field)) {
      skipped = 1;
      return;
    }
    if (depth == 0) {
      chunk.clear();
    }
    outer[depth++] = part;
    part = inner;
    if (inner == ChunkPart.CHOICE) {
      chunk.hasChoices = true;
      chunk.beginChoice();
      choiceTextStart = chunk.text.length();
      choiceArgumentsStart = chunk.toolArguments.length();
      choiceFinishReason = chunk.finishReason;
      chunk.finishReason = null;
    } else if (inner == ChunkPart.MESSAGE) {
      inDelta = field.equals("delta");
    } else if (inner == ChunkPart.ERROR) {
      inError = field.equals("error");
      chunk.complains = true;
    }
  }

  /** Returns whether a stream's last chunk repeats as a message what came as deltas. */
  private boolean repeatsTheDeltas(String field) {
    return hadDelta && part == ChunkPart.CHOICE && field.equals("message");
  }

  private void close(JsonToken token) {
    if (skipped > 0) {
      skipped--;
      return;
    }
    if (token == JsonToken.END_OBJECT && part == ChunkPart.CHOICE) {
      endChoice();
    }
    part = outer[--depth];
    if (depth == 0) {
      chunk.addTo(timeline, nanos);
      documents++;
    }
  }

  /** Of several choices, the first is the response; the others only count, and can break it. */
  private void endChoice() {
    chunk.endChoice();
    String reason = chunk.finishReason;
    if (chunk.choice() > 0) {
      chunk.text.setLength(choiceTextStart);
      chunk.toolArguments.setLength(choiceArgumentsStart);
      chunk.finishedChoices |= reason == null ? 0 : 1L << chunk.choice();
    }
    boolean counts = chunk.choice() == 0 || FailureClassifier.isBrokenOff(reason);
    chunk.finishReason = reason != null && counts ? reason : choiceFinishReason;
  }

  private void value(JsonToken token, JsonParser json) throws IOException {
    String field = field(json);
    switch (part) {
      case DOCUMENT -> documentField(field, token, json);
      case CHOICE -> choiceField(field, token, json);
      case MESSAGE -> {
        switch (field) {
          case "content", "refusal" -> output(Chunk.Kind.CONTENT, token, chunk.text, json);
          case "reasoning_content", "reasoning" -> output(Chunk.Kind.REASONING, token, null, json);
          default -> {}
        }
      }
      case CONTENT -> {
        switch (field) {
          case "", "text", "refusal" -> output(Chunk.Kind.CONTENT, token, chunk.text, json);
          case "thinking" -> output(Chunk.Kind.REASONING, token, null, json);
          default -> {}
        }
      }
      case REASONING -> {
        switch (field) {
          case "", "text", "thinking", "summary" -> output(Chunk.Kind.REASONING, token, null, json);
          default -> {}
        }
      }
      case FUNCTION -> {
        switch (field) {
          case "arguments" -> output(Chunk.Kind.TOOL_CALL, token, chunk.toolArguments, json);
          case "name" -> output(Chunk.Kind.TOOL_CALL, token, null, json);
          default -> {}
        }
      }
      case USAGE -> chunk.counts.usage(field, count(token, json));
      case PROMPT_DETAILS -> {
        if (field.equals("cached_tokens")) {
          chunk.counts.usage(field, count(token, json));
        }
      }
      case OUTPUT_DETAILS -> {
        if (field.equals("reasoning_tokens")) {
          chunk.counts.usage(field, count(token, json));
        }
      }
      case TIMINGS -> chunk.counts.timings(field, count(token, json));
      case ERROR -> error(field.isEmpty() ? "message" : field, token, inError, json);
      case BASE_RESPONSE -> {
        chunk.innerError.put(field, json.getText());
        chunk.hasError |= field.equals("status_code") && count(token, json) > 0;
      }
      case TOOL_CALL, EXTENSION -> {}
    }
  }

  /** Takes a field of an error; one that says nothing, such as {@code "code":0}, is no error. */
  private void error(String field, JsonToken token, boolean certain, JsonParser json)
      throws IOException {
    String words = json.getText();
    boolean says = token == JsonToken.VALUE_STRING ? !words.isBlank() : count(token, json) > 0;
    if (says) {
      chunk.innerError.put(field, words);
      chunk.hasError |= certain;
      chunk.complains = true;
    }
  }

  private void documentField(String field, JsonToken token, JsonParser json) throws IOException {
    switch (field) {
      case "id" -> chunk.id = timeline.responseId() == null ? json.getText() : null;
      case "object" ->
          chunk.complains |= json.getTextLength() == 5 && "error".equals(json.getText());
      case "error" -> error("message", token, true, json);
      case "message", "msg", "detail" -> {
        chunk.complains = true;
        chunk.outerError.put(field, json.getText());
      }
      case "type", "error_type", "code" -> chunk.outerError.put(field, json.getText());
      default -> {}
    }
  }

  private void choiceField(String field, JsonToken token, JsonParser json) throws IOException {
    switch (field) {
      case "text" -> output(Chunk.Kind.CONTENT, token, chunk.text, json);
      case "index" -> chunk.choice(count(token, json));
      case "finish_reason" -> {
        if (token == JsonToken.VALUE_STRING && json.getTextLength() > 0) {
          chunk.finishReason = json.getText();
        }
      }
      default -> {}
    }
  }

  private void output(
      Chunk.Kind kind, JsonToken token, @Nullable StringBuilder kept, JsonParser json)
      throws IOException {
    if (token == JsonToken.VALUE_STRING && json.getTextLength() > 0) {
      char[] characters = json.getTextCharacters();
      int offset = json.getTextOffset();
      int length = json.getTextLength();
      chunk.addOutput(kind, characters, offset, length);
      hadDelta |= inDelta;
      if (kept != null) {
        kept.append(characters, offset, length);
      }
    }
  }

  /** Returns a count of tokens, or −1 for anything else. */
  private int count(JsonToken token, JsonParser json) throws IOException {
    if (!token.isNumeric()) {
      return -1;
    }
    double value = json.getDoubleValue();
    return value >= 0 && value <= Integer.MAX_VALUE ? (int) value : -1;
  }

  /** Returns the name of the field whose value is next, or "" for an element of an array. */
  private String field(JsonParser json) throws IOException {
    String name = json.currentName();
    return name == null ? "" : name;
  }
}
