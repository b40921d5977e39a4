package dev.gatlingllm.stream;

import io.netty.buffer.ByteBuf;

/**
 * Reads the bytes of one HTTP response into its timeline. One object per request; all calls come on
 * the event loop of the response.
 *
 * <p>Call {@link TokenTimeline#written} when the request is written, {@link #onHead}, {@link
 * #onBytes} any number of times, and one of {@link #onEnd} and {@link #onTransportFailure}; then
 * the timeline {@linkplain TokenTimeline#hasEnded() has ended}. Nothing that a server sends makes
 * any of them throw.
 */
public final class ResponseReader {

  /** Bytes of a slice in which a direct buffer is copied for the parser, which needs arrays. */
  private static final int SLICE = 8 * 1024;

  /** Shared by the responses of a thread, so that waiting responses hold no buffer. */
  private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[SLICE]);

  private final TokenTimeline timeline;
  private ResponseBody body;

  /** Creates a reader that fills the given timeline. */
  public ResponseReader(TokenTimeline timeline) {
    this.timeline = timeline;
  }

  /**
   * Starts the response: its status and headers arrived.
   *
   * @param status the HTTP status
   * @param contentType value of the {@code Content-Type} header, or null
   */
  public void onHead(int status, CharSequence contentType) {
    closeBody();
    timeline.head(status);
    body = new ResponseBody(timeline, contentType);
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
   * Ends the response: its body is complete.
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
   * Ends the response early: the connection could not be opened or broke, or the request timed out.
   *
   * @param message what happened
   * @param timeout whether the request timed out
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
}
