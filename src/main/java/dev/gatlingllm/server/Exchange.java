package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * One HTTP request and the response to it. What it was may be read by any thread; the response is
 * written on the connection's event loop, see {@link #onLoop}.
 */
final class Exchange {

  private final Channel channel;
  private final HttpMethod method;
  private final String path;
  private final boolean chunked;
  private final byte[] body;
  private final boolean malformed;
  private final long receivedNanos;
  private final Runnable onEnd;
  private Runnable onGone = () -> {};
  private boolean gone;

  /**
   * @param onEnd called when the response is written and the connection can take another request
   */
  Exchange(Channel channel, FullHttpRequest request, long receivedNanos, Runnable onEnd) {
    this.channel = channel;
    this.method = request.method();
    this.path = request.uri().split("\\?", 2)[0];
    // HTTP/1.0 knows no chunks: there, the end of the connection is the end of the stream
    this.chunked = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    this.body = ByteBufUtil.getBytes(request.content());
    this.malformed = request.decoderResult().isFailure();
    this.receivedNanos = receivedNanos;
    this.onEnd = onEnd;
  }

  /** Whether this is no HTTP request at all. */
  boolean malformed() {
    return malformed;
  }

  HttpMethod method() {
    return method;
  }

  /** The path, without a query. */
  String path() {
    return path;
  }

  byte[] body() {
    return body;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  EngineClock clock() {
    return EngineClock.of(channel.eventLoop());
  }

  /** Goes on where the response may be written. Any thread. */
  void onLoop(Runnable task) {
    channel.eventLoop().execute(task);
  }

  /** Has a task run, at once if need be, when the client disconnects before the response's end. */
  void whenGone(Runnable task) {
    onGone = task;
    if (gone) {
      task.run();
    }
  }

  /** The client has disconnected. */
  void disconnected() {
    gone = true;
    onGone.run();
  }

  void refuse(OpenAiError error) {
    answer(error.status(), error.body());
  }

  void answer(HttpResponseStatus status, byte[] json) {
    answer(status, json, EmptyHttpHeaders.INSTANCE);
  }

  void answer(HttpResponseStatus status, byte[] json, HttpHeaders headers) {
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(json));
    response.headers().add(headers);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    HttpUtil.setContentLength(response, json.length);
    channel.writeAndFlush(response, channel.voidPromise());
    onEnd.run();
  }

  void beginEvents() {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    HttpUtil.setTransferEncodingChunked(response, chunked);
    channel.write(response, channel.voidPromise());
  }

  void event(ByteBuf event) {
    channel.write(new DefaultHttpContent(event), channel.voidPromise());
  }

  void flush() {
    channel.flush();
  }

  /**
   * @param closeConnection whether to close the connection, although it was not announced
   */
  void endEvents(boolean closeConnection) {
    var written = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    if (closeConnection) {
      onGone = () -> {};
      written.addListener(ChannelFutureListener.CLOSE);
    } else {
      onEnd.run();
    }
  }
}
