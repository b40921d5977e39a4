package dev.gatlingllm.gatling;

import dev.gatlingllm.gatling.Leavers.Departure;
import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.stream.Failure;
import dev.gatlingllm.stream.ResponseReader;
import dev.gatlingllm.stream.TokenTimeline;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Redactor;
import io.gatling.http.client.HttpListener;
import io.gatling.http.client.Request;
import io.gatling.http.client.impl.RequestTimeoutException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the time when the request is written and when each chunk arrives, before Gatling's own
 * listener sees them. One for each request; runs on the event loop of the user.
 */
final class TimedListener implements HttpListener, ChunkedBodies.Reader {

  private final HttpListener gatling;
  private final PendingResponse pending;
  private final ResponseReader reader;
  private final TokenTimeline timeline;
  private final LiveFigures live;
  private final Limits limits;

  /** Set when the request is written; nothing is received before. */
  private Channel channel;

  private boolean responseBegun;

  /** Whether the server had time to read the request. */
  private boolean read;

  private boolean unprocessed;
  private boolean ended;

  /** Whether Gatling knows that the response has ended. */
  private boolean told;

  /** Why the response is not read to its end, or null. */
  private @Nullable IOException brokenOff;

  /** Looks whether chunks still come; null before there is something to wait for. */
  private @Nullable Future<?> watch;

  private long lastProgressNanos;

  /** Lets the user leave after a time; null where no user does. */
  private @Nullable Future<?> leaving;

  /**
   * What a response may not exceed.
   *
   * @param chunkTimeout the longest time between two chunks with output
   * @param maxBytes the longest body
   * @param bodyShared whether Gatling reads the body too
   */
  record Limits(Duration chunkTimeout, int maxBytes, boolean bodyShared) {}

  @SuppressWarnings("NullAway.Init")
  TimedListener(HttpListener gatling, PendingResponse pending, LiveFigures live, Limits limits) {
    this.gatling = gatling;
    this.pending = pending;
    this.timeline = pending.timeline;
    this.reader = new ResponseReader(timeline, limits.maxBytes);
    this.live = live;
    this.limits = limits;
  }

  @Override
  public void onSend() {
    if (!pending.written) {
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
    this.channel = channel;
    if (responseBegun || (pending.written && !canWriteAgain())) {
      channel.close();
      return;
    }
    Http2Streams.beforeWrite(channel, this);
    InterimResponses.beforeWrite(
        channel, pending.expectsContinue(), limits.bodyShared ? null : this);
    UsedConnection connection = UsedConnection.find(channel);
    pending.newConnection = connection == null;
    connection = connection == null ? UsedConnection.create(channel) : connection;
    gatling.onWrite(channel);
    if (pending.written) {
      pending.resent = true;
      return;
    }
    pending.written = true;
    if (pending.newConnection) {
      pending.markConnected();
    }
    pending.markWritten();
    live.recordWritten(timeline.writtenNanos());
    connection.written(this);
    Departure departure = pending.attempt.departure();
    if (departure != null && departure.tokens() == 0) {
      leaveIn(departure.nanos() - (System.nanoTime() - timeline.writtenNanos()));
    }
  }

  /** Returns whether the server cannot have read the request; fails the request otherwise. */
  private boolean canWriteAgain() {
    if (ended) {
      return false;
    }
    if (read && !unprocessed) {
      end();
      reader.onTransportFailure(
          "the server closed the connection without a response", null, System.nanoTime());
    }
    return !ended;
  }

  /** Notes that the server had time to read the request. */
  void markRead() {
    read = true;
  }

  boolean hasEnded() {
    return ended;
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
      pending.headNanos = System.nanoTime();
      pending.date = headers.get(HttpHeaderNames.DATE);
      pending.retryAfter = RetryAfter.of(headers);
      pending.replica = pending.replicaHeader == null ? null : headers.get(pending.replicaHeader);
      pending.location = headers.get(HttpHeaderNames.LOCATION);
      reader.onHead(status.code(), headers.get(HttpHeaderNames.CONTENT_TYPE));
      if (status.codeClass() != HttpStatusClass.SUCCESS) {
        // no model has to think about the words of an error
        watch(System.nanoTime());
      }
    }
    gatling.onHttpResponse(status, headers);
  }

  @Override
  public void onHttpResponseBodyChunk(ByteBuf chunk, boolean last) {
    if (brokenOff != null) {
      if (last) {
        onThrowable(brokenOff);
      }
      return;
    }
    if (!ended) {
      long now = System.nanoTime();
      int before = timeline.chunks();
      reader.onBytes(chunk, now);
      if (!goesOn(before, last, now)) {
        return;
      }
    }
    told |= last;
    gatling.onHttpResponseBodyChunk(chunk, last);
  }

  @Override
  public boolean onBody(byte[] bytes, int offset, int length, long nanos) {
    if (ended) {
      return false;
    }
    int before = timeline.chunks();
    reader.onBytes(bytes, offset, length, nanos);
    return goesOn(before, false, nanos);
  }

  /** Returns whether more of the response is wanted, after some of it was read. */
  private boolean goesOn(int chunksBefore, boolean last, long now) {
    updateLive(chunksBefore, last, now);
    if (last) {
      end();
      reader.onEnd(now);
    } else if (reader.isBroken()) {
      end();
      reader.onEnd(now);
      close(new IOException("the response was not read to its end"));
      return false;
    } else if (hasEnoughTokens()) {
      leave(now);
      return false;
    }
    return true;
  }

  /**
   * Fails the request, whose HTTP/2 stream was closed; the empty body that follows is not the end
   * of a response.
   *
   * @return whether Gatling does not know yet that the response has ended
   */
  boolean breakOff(String reason) {
    if (brokenOff == null) {
      brokenOff = new IOException(reason);
    }
    return !told;
  }

  /**
   * Closes the connection, or the stream of HTTP/2, and drops what still comes of the response.
   * Does so in a task of its own, because Gatling's handlers are in the midst of what was read at
   * once; no more is read before it, because a megabyte of a compressed response may be a gigabyte.
   */
  private void close(IOException reason) {
    brokenOff = reason;
    channel.config().setAutoRead(false);
    channel
        .eventLoop()
        .execute(
            () -> {
              if (!told && !Http2Streams.reset(channel, this)) {
                InterimResponses.fail(channel, reason);
              }
              // the connection may go on with other requests
              channel.config().setAutoRead(true);
            });
  }

  private boolean hasEnoughTokens() {
    Departure departure = pending.attempt.departure();
    return departure != null
        && departure.tokens() > 0
        && timeline.chunks() >= departure.tokens()
        && !timeline.isDone();
  }

  private void leaveIn(long nanos) {
    leaving = channel.eventLoop().schedule(this::leaveWhenWritten, nanos, TimeUnit.NANOSECONDS);
  }

  /** Leaves, but not before the request is on its way: the server would never see it. */
  private void leaveWhenWritten() {
    if (ended) {
      return;
    }
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    if (unsent != null && unsent.totalPendingWriteBytes() > 0) {
      leaveIn(TimeUnit.MILLISECONDS.toNanos(1));
    } else {
      leave(System.nanoTime());
    }
  }

  /** Disconnects, because the user does not await the rest of the response. */
  private void leave(long now) {
    pending.abandoned = true;
    end();
    reader.onAbandoned(now);
    close(new IOException("the user has left"));
  }

  /** Begins to wait for chunks, or goes on. */
  private void watch(long now) {
    lastProgressNanos = now;
    if (watch == null) {
      watchFor(limits.chunkTimeout.toNanos());
    }
  }

  private void watchFor(long nanos) {
    watch = channel.eventLoop().schedule(this::checkProgress, nanos, TimeUnit.NANOSECONDS);
  }

  /** Fails a response that has stalled. */
  private void checkProgress() {
    if (ended) {
      return;
    }
    long now = System.nanoTime();
    long left = limits.chunkTimeout.toNanos() - (now - lastProgressNanos);
    if (left > 0) {
      watchFor(left);
      return;
    }
    String reason = "no chunk for " + Durations.format(limits.chunkTimeout);
    end();
    reader.onTransportFailure(reason, Failure.STALLED, now);
    close(new IOException(reason));
  }

  private void updateLive(int before, boolean last, long now) {
    int came = timeline.chunks() - before;
    if (came > 0) {
      if (!last) {
        watch(now);
      }
      live.recordChunks(came);
      if (before == 0) {
        live.recordFirstToken(now - timeline.writtenNanos());
      }
    }
  }

  private void end() {
    ended = true;
    if (watch != null) {
      watch.cancel(false);
    }
    if (leaving != null) {
      leaving.cancel(false);
    }
    if (pending.written) {
      live.recordEnd();
    }
  }

  @Override
  public void onThrowable(Throwable cause) {
    if (!ended) {
      end();
      pending.mayExpectTls = pending.newConnection && !responseBegun && live.chunks() == 0;
      long now = System.nanoTime();
      if (innermost(cause) instanceof DecoderException unreadable) {
        reader.onUnreadable(describe(unreadable), now);
      } else {
        String limit = cause instanceof RequestTimeoutException ? Failure.TIMEOUT : null;
        reader.onTransportFailure(describe(cause), limit, now);
      }
    }
    told = true;
    if (timeline.failure() == null && !pending.abandoned) {
      // the stream was complete, and only the end of the body is missing
      gatling.onHttpResponseBodyChunk(Unpooled.EMPTY_BUFFER, true);
    } else {
      gatling.onThrowable(cause);
    }
  }

  /** Returns the message of the innermost cause. */
  static String describe(Throwable thrown) {
    Throwable cause = innermost(thrown);
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    if (cause instanceof UnknownHostException) {
      return "unknown host " + message;
    }
    if (cause instanceof GeneralSecurityException) {
      return "certificate not trusted: " + message;
    }
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }

  static Throwable innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  @Override
  public void onFinalClientRequest(Request request) {
    Credentials.mask(request, Redactor.ofProcess());
    gatling.onFinalClientRequest(request);
  }

  @Override
  public void onProtocolAwareness(boolean http2) {
    gatling.onProtocolAwareness(http2);
  }
}
