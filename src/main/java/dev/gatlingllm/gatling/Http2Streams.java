package dev.gatlingllm.gatling;

import io.gatling.http.client.impl.Http2Content;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests under way on one HTTP/2 connection. Gatling's client does not notice that a stream
 * was reset or that the connection ended: the request would wait for its timeout. This class fails
 * it at once. Runs on the event loop of the connection.
 */
final class Http2Streams extends Http2ConnectionAdapter {

  private static final AttributeKey<Http2Streams> STREAMS =
      AttributeKey.valueOf("gatling-llm.streams");

  private final ChannelHandlerContext connection;
  private final Map<Integer, TimedListener> open = new HashMap<>();
  private @Nullable TimedListener next;

  private Http2Streams(ChannelHandlerContext connection) {
    this.connection = connection;
  }

  /** Notes that a request is about to be written; does nothing on an HTTP/1.1 connection. */
  static void beforeWrite(Channel channel, TimedListener request) {
    Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
    if (handler == null) {
      return;
    }
    Http2Streams streams = channel.attr(STREAMS).get();
    if (streams == null) {
      streams = new Http2Streams(channel.pipeline().context(handler));
      channel.attr(STREAMS).set(streams);
      handler.connection().addListener(streams);
    }
    streams.next = request;
  }

  /**
   * Resets the stream of a request, so that the server stops. Gatling is told once the stream is
   * closed.
   *
   * @return false on an HTTP/1.1 connection
   */
  static boolean reset(Channel channel, TimedListener request) {
    Http2Streams streams = channel.attr(STREAMS).get();
    if (streams != null) {
      streams.reset(request);
    }
    return streams != null;
  }

  private void reset(TimedListener request) {
    Http2ConnectionHandler handler = (Http2ConnectionHandler) connection.handler();
    List<Integer> streams =
        open.keySet().stream().filter(stream -> open.get(stream) == request).toList();
    for (int stream : streams) {
      handler.resetStream(connection, stream, Http2Error.CANCEL.code(), connection.newPromise());
    }
    connection.flush();
  }

  @Override
  public void onStreamAdded(Http2Stream stream) {
    if (next != null) {
      open.put(stream.id(), next);
      next = null;
    }
  }

  /** Forgets the streams that the server did not process: Gatling sends them again. */
  @Override
  public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
    open.entrySet()
        .removeIf(
            stream -> {
              boolean unprocessed = stream.getKey() > lastStreamId;
              if (unprocessed) {
                stream.getValue().markUnprocessed();
              }
              return unprocessed;
            });
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    TimedListener request = open.remove(stream.id());
    if (request != null && request.breakOff(reason())) {
      // Gatling's way to end a request: it cancels the timeout and returns the connection
      connection.fireChannelRead(
          new Http2Content(LastHttpContent.EMPTY_LAST_CONTENT, stream.id(), true));
    }
  }

  private String reason() {
    return connection.channel().isActive() ? "HTTP/2 stream was reset" : "connection was closed";
  }
}
