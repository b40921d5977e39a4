package dev.gatlingllm.stream;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of one HTTP response into its timeline. One object per request; all calls come on
 * the event loop of the response.
 *
 * <p>Call {@link TokenTimeline#written} when the request is written, {@link #onHead}, {@link
 * #onBytes} any number of times, and one of {@link #onEnd}, {@link #onTransportFailure} and {@link
 * #onAbandoned}; then the timeline {@linkplain TokenTimeline#hasEnded() has ended}. Nothing that a
 * server sends makes any of them throw.
 */
public final class ResponseReader {

  /** Bytes of a slice in which a direct buffer is copied for the parser, which needs arrays. */
  private static final int SLICE = 8 * 1024;

  /** Bytes after which the limits are checked. */
  private static final int PIECE = 64 * 1024;

  /** Shared by the responses of a thread, so that waiting responses hold no buffer. */
  private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[SLICE]);

  private final TokenTimeline timeline;
  private final int maxBytes;
  private @Nullable ResponseBody body;

  /**
   * Creates a reader that fills the given timeline.
   *
   * @param maxBytes makes a response with a longer body malformed
   */
  public ResponseReader(TokenTimeline timeline, int maxBytes) {
    this.timeline = timeline;
    this.maxBytes = maxBytes;
  }

  /**
   * Starts the response: its status and headers arrived.
   *
   * @param status the HTTP status
   * @param contentType value of the {@code Content-Type} header, or null
   */
  public void onHead(int status, @Nullable CharSequence contentType) {
    closeBody();
    timeline.head(status);
    body = new ResponseBody(timeline, contentType, maxBytes);
  }

  /**
   * Reads bytes of the body. Neither moves the buffer's reader index nor releases it.
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
      int start = chunk.arrayOffset() + index;
      for (int from = 0; from < length; from += PIECE) {
        body.add(chunk.array(), start + from, Math.min(PIECE, length - from), nanos);
      }
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
   * Reads bytes of the body, no more than 64 KiB at once.
   *
   * @param nanos {@link System#nanoTime()} when they arrived
   */
  public void onBytes(byte[] bytes, int offset, int length, long nanos) {
    if (body != null) {
      body.add(bytes, offset, length, nanos);
    }
  }

  /**
   * Returns whether the rest of the response is not worth reading: it is malformed, or longer than
   * any response of a model. The connection should be closed then.
   */
  public boolean isBroken() {
    return body != null && body.isBroken();
  }

  /**
   * Ends the response: its body is complete, or {@linkplain #isBroken broken}.
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
   * Ends the response early: the connection could not be opened or broke, or a limit was exceeded.
   *
   * @param message what happened
   * @param limit {@link Failure#TIMEOUT} or {@link Failure#STALLED}; null if the connection failed
   * @param nanos {@link System#nanoTime()} when that happened
   */
  public void onTransportFailure(@Nullable String message, @Nullable String limit, long nanos) {
    if (!timeline.hasEnded()) {
      timeline.ended(
          FailureClassifier.onTransportFailure(timeline, this::excerpt, message, limit), nanos);
    }
    closeBody();
  }

  /**
   * Ends the response early: the user has left. It has not failed.
   *
   * @param nanos {@link System#nanoTime()} when that happened
   */
  public void onAbandoned(long nanos) {
    if (!timeline.hasEnded()) {
      timeline.ended(null, nanos);
    }
    closeBody();
  }

  /**
   * Ends the response early: what the server sent is no valid HTTP, or cannot be decompressed.
   *
   * @param message what is wrong with it
   * @param nanos {@link System#nanoTime()} when it arrived
   */
  public void onUnreadable(String message, long nanos) {
    if (!timeline.isDone()) {
      timeline.unreadable(message);
    }
    onEnd(nanos);
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
}
