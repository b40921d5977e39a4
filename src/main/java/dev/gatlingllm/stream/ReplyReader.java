package dev.gatlingllm.stream;

import io.netty.buffer.ByteBuf;
import java.util.Locale;

/**
 * From the bytes of one HTTP response to the timeline of its reply; all calls come on the reply's
 * event loop thread. One object per request.
 *
 * <p>Call {@link TokenTimeline#written} when the request is written, {@link #onHead}, {@link
 * #onBytes} any number of times, and one of {@link #onEnd} and {@link #onTransportFailure}; then
 * the timeline {@linkplain TokenTimeline#hasEnded() has ended}. A request that is written again
 * goes through the same calls again. Nothing that a server sends makes any of them throw.
 */
public final class ReplyReader {

  /** Direct buffers are copied in slices of this many bytes for the parser, which wants arrays. */
  private static final int SLICE = 8 * 1024;

  /** Lent to one call at a time, so that waiting replies hold no buffer each. */
  private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[SLICE]);

  private final TokenTimeline timeline;
  private ReplyBody body;

  /** A reader that fills the given timeline. */
  public ReplyReader(TokenTimeline timeline) {
    this.timeline = timeline;
  }

  /** The timeline that this reader fills. */
  public TokenTimeline timeline() {
    return timeline;
  }

  /**
   * The response's status and headers arrived.
   *
   * @param status the HTTP status
   * @param contentType value of the {@code Content-Type} header, or null
   */
  public void onHead(int status, CharSequence contentType) {
    closeBody();
    timeline.head(status);
    body = new ReplyBody(timeline, isStream(contentType));
  }

  /**
   * Bytes of the body arrived. Leaves the buffer as it is: neither moves its reader index nor
   * releases it.
   *
   * @param chunk the bytes, from the reader index on
   * @param nanos {@link System#nanoTime()} when they arrived
   */
  public void onBytes(ByteBuf chunk, long nanos) {
    if (body == null) {
      return;
    }
    int index = chunk.readerIndex();
    int length = chunk.readableBytes();
    if (chunk.hasArray()) {
      body.add(chunk.array(), chunk.arrayOffset() + index, length, nanos);
      return;
    }
    byte[] scratch = SCRATCH.get();
    for (int from = 0; from < length; from += SLICE) {
      int count = Math.min(SLICE, length - from);
      chunk.getBytes(index + from, scratch, 0, count);
      body.add(scratch, 0, count, nanos);
    }
  }

  /**
   * The body came to its end.
   *
   * @param nanos {@link System#nanoTime()} when its last byte arrived
   */
  public void onEnd(long nanos) {
    if (!timeline.hasEnded()) {
      if (body != null) {
        body.end();
      }
      timeline.ended(FailureClassifier.onEnd(timeline, this::excerpt), nanos);
    }
    closeBody();
  }

  /**
   * The reply will not come to its end: the connection could not be made or broke, or the request's
   * timeout passed.
   *
   * @param message what happened
   * @param timeout whether the request's timeout passed
   * @param nanos {@link System#nanoTime()} when that happened
   */
  public void onTransportFailure(String message, boolean timeout, long nanos) {
    if (!timeline.hasEnded()) {
      timeline.ended(
          FailureClassifier.onTransportFailure(timeline, this::excerpt, message, timeout), nanos);
    }
    closeBody();
  }

  private String excerpt() {
    return body == null ? "" : body.excerpt();
  }

  private void closeBody() {
    if (body != null) {
      body.close();
      body = null;
    }
  }

  /** Whether a content type says that the body is a stream of events, or of lines of JSON. */
  private static boolean isStream(CharSequence contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.toString().toLowerCase(Locale.ROOT);
    return type.contains("event-stream") || type.contains("ndjson") || type.contains("jsonl");
  }
}
