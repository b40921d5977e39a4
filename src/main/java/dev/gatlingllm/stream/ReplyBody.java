package dev.gatlingllm.stream;

import java.util.Arrays;

/**
 * The body of one response, told from its bytes to the timeline: as server-sent events or as JSON,
 * by what it looks like and, where that leaves it open, by its content type. Used by one thread.
 */
final class ReplyBody {

  private enum Format {
    UNDECIDED,
    EVENTS,
    JSON
  }

  /** A sane bound for one event of a stream, or one body of JSON, in bytes. */
  private static final int LARGEST = 64 << 20;

  /** As much of an error's body as is read, in bytes. */
  private static final int LARGEST_ERROR = 64 << 10;

  /** Says that the body as a whole is unreadable, whose beginning is known at its end. */
  static final String THE_BODY = "";

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final TokenTimeline timeline;
  private final boolean declaredStream;
  private final int largestJson;
  private final ChunkReader chunks;
  private final SseDecoder events = new SseDecoder(this::onEvent);
  private final ByteStore beginning = new ByteStore();

  private Format format = Format.UNDECIDED;
  private int jsonBytes;
  private long eventCount;
  private long nanos;
  private boolean stopped;
  private boolean ending;

  ReplyBody(TokenTimeline timeline, boolean declaredStream) {
    this.timeline = timeline;
    this.declaredStream = declaredStream;
    this.largestJson = timeline.status() / 100 == 2 ? LARGEST : LARGEST_ERROR;
    this.chunks = new ChunkReader(timeline);
    if (declaredStream) {
      timeline.streams();
    }
  }

  /** Takes the next bytes, which arrived at the given {@link System#nanoTime()}. */
  void add(byte[] bytes, int offset, int length, long nanos) {
    this.nanos = nanos;
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

  /** The body is complete. */
  void end() {
    ending = true;
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

  /** Gives buffers back; nothing is taken any more. */
  void close() {
    stopped = true;
    chunks.close();
  }

  /** The beginning of the body, on one line; "" where there is none. */
  String excerpt() {
    return Excerpt.of(beginning.bytes(), 0, beginning.length());
  }

  /**
   * No field of a stream begins with a bracket, so what does is JSON even when declared as a
   * stream: an error, mostly. And no JSON begins like a stream's fields and comments do.
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
    events.decode(bytes, offset, length);
    if (events.pendingBytes() > LARGEST) {
      stop("an event of more than 64 MiB");
    }
  }

  private void addJson(byte[] bytes, int offset, int length) {
    int room = largestJson - jsonBytes;
    if (!chunks.read(bytes, offset, Math.min(length, room), nanos)) {
      stop(THE_BODY);
    } else if (length > room) {
      stop("a body of more than " + (largestJson >> 10) + " KiB");
    }
    jsonBytes += length;
  }

  private void stop(String unreadable) {
    timeline.unreadable(unreadable);
    close();
  }

  private void onEvent(String name, byte[] bytes, int offset, int length) {
    eventCount++;
    if (timeline.isDone()) {
      return;
    }
    if (isDone(bytes, offset, offset + length)) {
      timeline.done();
      return;
    }
    boolean readable = chunks.readWhole(bytes, offset, length, nanos);
    if ("error".equals(name)) {
      timeline.failed(new ServerError(null, null, Excerpt.of(bytes, offset, length)));
    } else if (!readable && !ending) {
      // what the stream's end cut off is judged by what is missing, not by how it looks
      timeline.unreadable(Excerpt.of(bytes, offset, length));
    }
  }

  private static boolean isDone(byte[] bytes, int from, int to) {
    int start = skipBlank(bytes, from, to);
    int mark = start + DONE.length;
    return mark <= to
        && Arrays.equals(bytes, start, mark, DONE, 0, DONE.length)
        && skipBlank(bytes, mark, to) == to;
  }

  /** Also skips the bytes of a byte order mark, which begin nothing else. */
  private static int skipBlank(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && (bytes[i] >= 0 && bytes[i] <= ' ' || isByteOrderMark(bytes[i]))) {
      i++;
    }
    return i;
  }

  private static boolean isByteOrderMark(byte b) {
    return b == (byte) 0xEF || b == (byte) 0xBB || b == (byte) 0xBF;
  }
}
