package dev.gatlingllm.gatling;

import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.stream.ResponseReader;
import dev.gatlingllm.stream.TokenTimeline;
import io.gatling.http.client.HttpListener;
import io.gatling.http.client.Request;
import io.gatling.http.client.impl.RequestTimeoutException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/**
 * Takes the time when the request is written and when each chunk arrives, before Gatling's own
 * listener sees them. One for each request; runs on the event loop of the user.
 */
final class TimedListener implements HttpListener {

  private static final AttributeKey<Boolean> USED = AttributeKey.valueOf("gatling-llm.used");

  /**
   * A reused connection that closes earlier was idle for too long: the server closed it before the
   * request arrived. Later, the server has read the request.
   */
  private static final long IDLE_CLOSE_MILLIS = 50;

  private final HttpListener gatling;
  private final PendingResponse pending;
  private final ResponseReader reader;
  private final TokenTimeline timeline;
  private final LiveFigures live;
  private boolean responseBegun;
  private boolean written;

  /** Whether the server had time to read the request. */
  private boolean read;

  private boolean unprocessed;
  private boolean ended;

  /** Why the stream was closed before the response ended, or null. */
  private IOException brokenOff;

  TimedListener(HttpListener gatling, PendingResponse pending, LiveFigures live) {
    this.gatling = gatling;
    this.pending = pending;
    this.timeline = pending.timeline;
    this.reader = new ResponseReader(timeline);
    this.live = live;
  }

  @Override
  public void onSend() {
    if (!written) {
      // this time stays where no connection can be opened and nothing is ever written
      pending.markWritten();
    }
    gatling.onSend();
  }

  /**
   * Takes the time of the first write, when connecting is over, so that connecting is not part of
   * any latency.
   *
   * <p>Gatling's client writes a request again when a reused connection closes. That is right where
   * the server closed an idle connection. But Gatling does so, too, when the server has read the
   * request, and even in mid-stream: the second response would hide that the first one was lost. So
   * this method refuses the second write then: it closes the new connection before a byte is
   * written.
   */
  @Override
  public void onWrite(Channel channel) {
    if (responseBegun || written && !canWriteAgain()) {
      channel.close();
      return;
    }
    Http2Streams.beforeWrite(channel, this);
    InterimResponses.beforeWrite(channel, pending.expectsContinue());
    pending.newConnection = channel.attr(USED).getAndSet(true) == null;
    gatling.onWrite(channel);
    if (written) {
      pending.resent = true;
      return;
    }
    written = true;
    pending.markWritten();
    live.recordWritten(timeline.writtenNanos());
    // a loop that was busy for longer notices a close before it runs this
    channel
        .eventLoop()
        .schedule(() -> read |= channel.isActive(), IDLE_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Returns whether the server cannot have read the request; fails the request otherwise. */
  private boolean canWriteAgain() {
    if (ended) {
      return false;
    }
    if (read && !unprocessed) {
      end();
      reader.onTransportFailure(
          "the server closed the connection without a response", false, System.nanoTime());
    }
    return !ended;
  }

  /** Notes that the server told that it did not process the request, which is written again. */
  void markUnprocessed() {
    unprocessed = true;
  }

  @Override
  public void onHttpResponse(HttpResponseStatus status, HttpHeaders headers) {
    if (InterimResponses.isInterim(status)) {
      // over HTTP/2; the response follows on the same stream
      return;
    }
    responseBegun = true;
    if (!ended) {
      pending.retryAfter = headers.get(HttpHeaderNames.RETRY_AFTER);
      reader.onHead(status.code(), headers.get(HttpHeaderNames.CONTENT_TYPE));
    }
    gatling.onHttpResponse(status, headers);
  }

  @Override
  public void onHttpResponseBodyChunk(ByteBuf chunk, boolean last) {
    if (brokenOff != null) {
      onThrowable(brokenOff);
      return;
    }
    long now = System.nanoTime();
    if (!ended) {
      int before = timeline.chunks();
      reader.onBytes(chunk, now);
      updateLive(before, now);
      if (last) {
        end();
        reader.onEnd(now);
      }
    }
    gatling.onHttpResponseBodyChunk(chunk, last);
  }

  /**
   * Fails the request, whose HTTP/2 stream was closed; the empty body that follows is not the end
   * of a response.
   *
   * @return whether the response had not ended
   */
  boolean breakOff(String reason) {
    if (ended) {
      return false;
    }
    brokenOff = new IOException(reason);
    return true;
  }

  private void updateLive(int before, long now) {
    int came = timeline.chunks() - before;
    if (came > 0) {
      live.recordChunks(came);
      if (before == 0) {
        live.recordFirstToken(now - timeline.writtenNanos());
      }
    }
  }

  private void end() {
    ended = true;
    if (written) {
      live.recordEnd();
    }
  }

  @Override
  public void onThrowable(Throwable cause) {
    if (!ended) {
      end();
      boolean timeout = cause instanceof RequestTimeoutException;
      reader.onTransportFailure(describe(cause), timeout, System.nanoTime());
      if (timeline.failure() == null) {
        // the stream was complete, and only the end of the body is missing
        gatling.onHttpResponseBodyChunk(Unpooled.EMPTY_BUFFER, true);
        return;
      }
    }
    gatling.onThrowable(cause);
  }

  /** Returns the message of the innermost cause. */
  static String describe(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    if (cause instanceof UnknownHostException) {
      return "unknown host " + message;
    }
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }

  @Override
  public void onFinalClientRequest(Request request) {
    gatling.onFinalClientRequest(request);
  }

  @Override
  public void onProtocolAwareness(boolean http2) {
    gatling.onProtocolAwareness(http2);
  }
}
