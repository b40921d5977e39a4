package dev.gatlingllm.stream;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one response into the timeline, as server-sent events or as JSON. The format is
 * decided once, by the first byte and, where that leaves it open, by the content type. Used by one
 * thread.
 */
final class ResponseBody {

  private enum Format {
    UNDECIDED,
    EVENTS,
    JSON
  }

  /** Limit for one event of a stream, in bytes. */
  private static final int MAX_EVENT_BYTES = 4 << 20;

  /** Limit for a body of JSON, in bytes. */
  private static final int MAX_JSON_BYTES = 16 << 20;

  /** Limit for a stream, in bytes: 300,000 tokens with the log-probabilities of twenty each. */
  static final int MAX_STREAM_BYTES = 1 << 30;

  /** Limit for the body of an error, in bytes. */
  private static final int MAX_ERROR_BYTES = 64 << 10;

  /** Means that the body as a whole is unreadable; its beginning is quoted at the end. */
  static final String THE_BODY = "";

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final TokenTimeline timeline;
  private final boolean declaredStream;
  private final boolean isError;
  private final int maxBytes;
  private final ChunkReader chunks;
  private final SseDecoder events = new SseDecoder(this::onEvent);
  private final ByteStore beginning = new ByteStore();

  private Format format = Format.UNDECIDED;
  private long received;
  private long eventCount;
  private long nanos;
  private boolean stopped;

  /**
   * Creates a body.
   *
   * @param contentType value of the {@code Content-Type} header, or null
   * @param maxBytes the most bytes of a body that are read
   */
  ResponseBody(TokenTimeline timeline, @Nullable CharSequence contentType, int maxBytes) {
    this.timeline = timeline;
    this.declaredStream = isStream(contentType);
    this.isError = timeline.status() / 100 != 2;
    this.maxBytes = maxBytes;
    this.chunks = new ChunkReader(timeline);
    if (declaredStream) {
      timeline.streams();
    }
  }

  /** Reads the next bytes, which arrived at the given {@link System#nanoTime()}. */
  void add(byte[] bytes, int offset, int length, long nanos) {
    this.nanos = nanos;
    int room = (int) Math.max(0, Math.min(length, limit() - received));
    received += length;
    read(bytes, offset, room);
    if (room < length) {
      stop("a body of more than " + (limit() >> 10) + " KiB");
    }
  }

  private int limit() {
    return Math.min(
        maxBytes,
        isError ? MAX_ERROR_BYTES : format == Format.JSON ? MAX_JSON_BYTES : MAX_STREAM_BYTES);
  }

  private void read(byte[] bytes, int offset, int length) {
    int start = offset;
    int end = offset + length;
    if (format == Format.UNDECIDED) {
      start = skipBlank(bytes, offset, end);
      if (start == end) {
        return;
      }
      decide(bytes[start]);
    }
    beginning.add(bytes, start, Math.min(end - start, Excerpt.BYTES - beginning.length()));
    if (stopped) {
      return;
    }
    if (format == Format.EVENTS) {
      addEvents(bytes, start, end - start);
    } else {
      addJson(bytes, start, end - start);
    }
  }

  /**
   * Returns whether nothing that follows can change how the response ends, so that it need not be
   * read: it broke a limit, or is unreadable and quoted. The rest of a short error is worth
   * reading, because the connection can be used again after it.
   */
  boolean isBroken() {
    boolean quoted = format == Format.EVENTS || beginning.length() >= Excerpt.BYTES;
    return stopped && (received > limit() || (!isError && quoted));
  }

  /** Ends the body. */
  void end() {
    if (stopped) {
      return;
    }
    if (format == Format.EVENTS) {
      events.end();
      if (eventCount == 0 && !declaredStream) {
        timeline.unreadable(THE_BODY);
      }
    } else if (format == Format.JSON && !chunks.finish() && !declaredStream) {
      timeline.unreadable(THE_BODY);
    }
  }

  /** Releases the buffers; later bytes are ignored. */
  void close() {
    stopped = true;
    chunks.release();
  }

  /** Returns the beginning of the body, on one line; "" for an empty one. */
  String excerpt() {
    return Excerpt.of(beginning.bytes(), 0, beginning.length());
  }

  /**
   * No field of a stream begins with a bracket, so such a body is JSON even if it is declared as a
   * stream; mostly it is an error. And no JSON begins like the fields and comments of a stream.
   */
  private void decide(byte first) {
    boolean json = first == '{' || first == '[';
    boolean field = "deir:".indexOf(first) >= 0;
    format = !json && (declaredStream || field) ? Format.EVENTS : Format.JSON;
    if (format == Format.EVENTS) {
      timeline.streams();
    }
  }

  private void addEvents(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int from = offset;
    boolean between = events.isBetweenEvents();
    if (between) {
      from = addRepeatedEvents(bytes, offset, end);
      if (from == end || stopped) {
        return;
      }
    }
    long before = eventCount;
    chunks.forgetBytes();
    events.decode(bytes, from, end - from);
    if (between && eventCount == before + 1 && events.isBetweenEvents()) {
      chunks.learnEvent(bytes, from, end);
    }
    if (events.pendingBytes() > MAX_EVENT_BYTES) {
      stop("an event of more than 4 MiB");
    }
  }

  /** Reads the events that are the same as an earlier one; returns the index after them. */
  private int addRepeatedEvents(byte[] bytes, int offset, int end) {
    int from = offset;
    for (int next = from; next >= 0 && !stopped; ) {
      from = next;
      next = from == end ? -1 : chunks.readRepeatedEvent(bytes, from, end, nanos);
      if (next >= 0) {
        eventCount++;
        if (timeline.unreadable() != null) {
          close();
        }
      }
    }
    return from;
  }

  private void addJson(byte[] bytes, int offset, int length) {
    if (!chunks.read(bytes, offset, length, nanos)) {
      stop(THE_BODY);
    }
  }

  /** Stops reading. A stream is complete with [DONE], whatever follows. */
  private void stop(String unreadable) {
    if (!timeline.isDone()) {
      timeline.unreadable(unreadable);
    }
    close();
  }

  private void onEvent(@Nullable String name, byte[] bytes, int offset, int length) {
    if (stopped) {
      return;
    }
    eventCount++;
    int end = offset + length;
    int start = skipBlank(bytes, offset, end);
    if (isDoneMark(bytes, start, end)) {
      timeline.done();
      return;
    }
    // some gateways put their comments, which begin with a colon, into data
    boolean isComment = start < end && bytes[start] == ':';
    boolean readable = isComment || chunks.readWhole(bytes, start, end - start, nanos);
    if (timeline.isDone()) {
      return;
    }
    if ("error".equals(name)) {
      timeline.failed(new ServerError(null, null, Excerpt.of(bytes, offset, length)));
    } else if (!readable && !events.isCutOff()) {
      // an event that the end of the stream cut off makes the response truncated, not malformed
      stop(Excerpt.of(bytes, offset, length));
    }
  }

  /** Some gateways put the mark between quotes. */
  private static boolean isDoneMark(byte[] bytes, int start, int to) {
    boolean quoted = start < to && bytes[start] == '"';
    int text = quoted ? start + 1 : start;
    int mark = text + DONE.length;
    return mark <= to
        && Arrays.equals(bytes, text, mark, DONE, 0, DONE.length)
        && (!quoted || (mark < to && bytes[mark] == '"'))
        && skipBlank(bytes, quoted ? mark + 1 : mark, to) == to;
  }

  /** Skips blanks and the bytes of a byte order mark, with which nothing else begins. */
  private static int skipBlank(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && ((bytes[i] >= 0 && bytes[i] <= ' ') || isByteOrderMark(bytes[i]))) {
      i++;
    }
    return i;
  }

  private static boolean isByteOrderMark(byte b) {
    return b == (byte) 0xEF || b == (byte) 0xBB || b == (byte) 0xBF;
  }

  /** Returns whether a content type declares a stream of events, or of lines of JSON. */
  private static boolean isStream(@Nullable CharSequence contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.toString().toLowerCase(Locale.ROOT);
    return type.contains("event-stream") || type.contains("ndjson") || type.contains("jsonl");
  }
}
