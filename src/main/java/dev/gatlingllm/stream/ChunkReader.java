package dev.gatlingllm.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks and bodies of every API, and the errors that servers send instead, and adds their
 * content to a timeline. What a field means is a matter of the {@link ChunkPart} that it is in.
 * Used by one thread.
 *
 * <p>One non-blocking Jackson parser reads the chunks of a response, one after the other, directly
 * from the bytes received. Chunks that differ from an earlier one only in their text need no
 * parser. Fields may come in any order, and unknown fields may hold anything. For JSON that cannot
 * be read the methods return {@code false}; they never throw, and it leaves no trace in the
 * timeline.
 */
final class ChunkReader {

  /** Limit for the name of a field: a parser keeps all of them, and finding room takes time. */
  static final int MAX_NAME = 1_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // field names come from the server under test and must not fill the JVM's string pool
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Python writes log-probabilities of minus infinity as -Infinity
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          // the parser accepts it anyway where the bytes end after the comma
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(TokenTimeline.MAX_CHARACTERS)
                  .maxNameLength(MAX_NAME)
                  .build())
          .build();

  private static final byte[] LINE_END = {'\n'};

  /**
   * The parser of a response that has ended, for the next one on the same event loop: making one
   * takes as long as reading a short response.
   */
  private static final FastThreadLocal<@Nullable JsonParser> IDLE = new FastThreadLocal<>();

  /** Bytes after which a parser is replaced: it keeps the names of all fields. */
  private static final int MAX_PARSED = 1 << 20;

  /** More than all known parts can nest; anything deeper is skipped. */
  private static final int DEEPEST = 16;

  private final TokenTimeline timeline;
  private final Chunk chunk = new Chunk();
  private final RepeatedChunk repeated = new RepeatedChunk();

  private final ChunkPart[] outer = new ChunkPart[DEEPEST];
  private int depth;
  private ChunkPart part = CommonPart.DOCUMENT;

  /** Number of chunks in the bytes of the current event; every known server sends one. */
  private int documents;

  /** Depth inside a value that is skipped. */
  private int skipped;

  private @Nullable JsonParser parser;
  private @Nullable JsonToken last;
  private long nanos;

  /** Whether the parser is between two texts. */
  private boolean finished;

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
      takeRepeated(nanos);
      return timeline.unreadable() == null;
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
   * Reads one event, if it is the same as an earlier one but for its text. The stream must be
   * between two events.
   *
   * @return the index after the event, or −1 if something else begins there
   */
  int readRepeatedEvent(byte[] bytes, int from, int to, long nanos) {
    int next = timeline.isDone() ? -1 : repeated.recognisesEvent(bytes, from, to);
    if (next >= 0) {
      takeRepeated(nanos);
    }
    return next;
  }

  /** Forgets the bytes that were read; they are about to change. */
  void forgetBytes() {
    repeated.forgetBytes();
  }

  /** Learns from bytes that held exactly one event, whose chunk was read since they came. */
  void learnEvent(byte[] bytes, int from, int to) {
    repeated.learnEvent(bytes, from, to);
  }

  private void takeRepeated(long nanos) {
    boolean reasoning = repeated.kind() == Chunk.Kind.REASONING;
    timeline.output(reasoning, 0, nanos);
    timeline.addCharacters(repeated.text().length());
    if (reasoning) {
      timeline.reasoned();
    } else {
      timeline.append(repeated.text(), "");
    }
  }

  /**
   * Reads the next bytes of a body.
   *
   * @param nanos {@link System#nanoTime()} when they arrived
   * @return whether they could be read and broke no limit; if not, the rest of the body is not read
   */
  boolean read(byte[] bytes, int offset, int length, long nanos) {
    this.nanos = nanos;
    finished = false;
    try {
      JsonParser json = parser;
      if (json == null) {
        json = IDLE.get();
        IDLE.set(null);
        json = json == null ? JSON.createNonBlockingByteArrayParser() : json;
        parser = json;
      }
      ((ByteArrayFeeder) json.getNonBlockingInputFeeder())
          .feedInput(bytes, offset, offset + length);
      JsonToken token;
      while (timeline.unreadable() == null
          && (token = json.nextToken()) != JsonToken.NOT_AVAILABLE) {
        take(token, json);
      }
      return timeline.unreadable() == null;
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
    finished = true;
    if (parser != null && parser.currentLocation().getByteOffset() >= MAX_PARSED) {
      close();
    }
    return true;
  }

  /**
   * Drops what is incomplete and releases the parser, which reads another response if this one was
   * complete.
   */
  void release() {
    if (finished && parser != null && IDLE.get() == null) {
      IDLE.set(parser);
      parser = null;
    }
    close();
  }

  private void close() {
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
    if (token == JsonToken.END_OBJECT && last == JsonToken.FIELD_NAME) {
      // the parser accepts this where the bytes end before the bracket
      throw new JsonParseException(json, "a field without a value");
    }
    last = token;
    switch (token) {
      case START_OBJECT, START_ARRAY -> open(json);
      case END_OBJECT, END_ARRAY -> close(token);
      case FIELD_NAME, VALUE_NULL -> {}
      default -> {
        if (depth == 0) {
          throw new JsonParseException(json, "a chunk is an object");
        }
        if (skipped == 0) {
          part.value(field(json), json, chunk);
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
    ChunkPart inner =
        depth == 0 ? CommonPart.DOCUMENT : field.isEmpty() ? part : part.at(field, chunk);
    if (inner == null || depth == DEEPEST) {
      skipped = 1;
      return;
    }
    if (depth == 0) {
      chunk.clear();
      chunk.wantsId = timeline.responseId() == null;
    }
    outer[depth++] = part;
    part = inner;
    part.begin(field, chunk);
  }

  private void close(JsonToken token) {
    if (skipped > 0) {
      skipped--;
      return;
    }
    if (token == JsonToken.END_OBJECT) {
      part.end(chunk);
    }
    part = outer[--depth];
    if (depth == 0) {
      chunk.addTo(timeline, nanos);
      documents++;
    }
  }

  /** Returns the name of the field whose value is next, or "" for an element of an array. */
  private String field(JsonParser json) throws IOException {
    String name = json.currentName();
    return name == null ? "" : name;
  }
}
