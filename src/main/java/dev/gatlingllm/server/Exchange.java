package dev.gatlingllm.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.util.AsciiString;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One HTTP request and the response to it. What it was may be read by any thread; the response is
 * written on the connection's event loop, see {@link #onLoop}.
 */
final class Exchange {

  /** The fault that a connection met, until its first request takes it. */
  static final AttributeKey<Fault> MET_ON_CONNECTING = AttributeKey.valueOf("llm-server.fault");

  /** Names a request in the client's logs and in the server's. */
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

  private final Channel channel;
  private final HttpMethod method;
  private final String path;
  private final String query;
  private final HttpHeaders headers;
  private final String requestId;
  private final String protocol;
  private final boolean chunked;
  private final byte[] body;
  private final boolean malformed;
  private final Fault metOnConnecting;
  private final long receivedNanos;
  private final Runnable onEnd;
  private Runnable onGone = () -> {};
  private boolean gone;
  private boolean closesAfterwards;
  private Load.Place place;
  private boolean filtered;

  /**
   * @param onEnd called when the response is written and the connection can take another request
   */
  Exchange(Channel channel, FullHttpRequest request, long receivedNanos, Runnable onEnd) {
    this.channel = channel;
    this.method = request.method();
    String[] uri = request.uri().split("\\?", 2);
    this.path = uri[0];
    this.query = uri.length == 1 ? "" : uri[1];
    this.headers = request.headers();
    String id = headers.get(REQUEST_ID);
    this.requestId =
        id == null ? "req_" + Long.toHexString(ThreadLocalRandom.current().nextLong()) : id;
    boolean streamOfHttp2 = headers.contains(ExtensionHeaderNames.STREAM_ID.text());
    this.protocol = streamOfHttp2 ? "HTTP/2" : request.protocolVersion().text();
    // HTTP/1.0 knows no chunks: there, the end of the connection is the end of the stream
    this.chunked = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    this.body = ByteBufUtil.getBytes(request.content());
    this.malformed = request.decoderResult().isFailure();
    this.metOnConnecting = channel.attr(MET_ON_CONNECTING).getAndSet(null);
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

  /** The HTTP that it came by, such as {@code HTTP/1.1}. */
  String protocol() {
    return protocol;
  }

  /** What follows the path's question mark, or "". */
  String query() {
    return query;
  }

  /** A header's first value, or null. */
  String header(String name) {
    return headers.get(name);
  }

  byte[] body() {
    return body;
  }

  /** The fault that the connection met which this is the first request of, or null. */
  Fault metOnConnecting() {
    return metOnConnecting;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  /** Where the response may be written. */
  EventLoop loop() {
    return channel.eventLoop();
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

  /** Takes a place in the server's load, until the response has ended. */
  void occupy(Load.Place place) {
    this.place = place;
  }

  /** The engine works on what was asked. */
  void served() {
    place.served();
  }

  private void leave() {
    if (place != null) {
      place.left();
    }
  }

  /** The client has disconnected. */
  void disconnected() {
    gone = true;
    leave();
    onGone.run();
  }

  boolean gone() {
    return gone;
  }

  void refuse(OpenAiError error) {
    answer(error.status(), error.body());
  }

  /**
   * @param retryAfter when the client may try again; zero to say nothing about it
   */
  void refuse(OpenAiError error, Duration retryAfter) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (!retryAfter.isZero()) {
      // whole seconds are all that the header knows
      headers.set(HttpHeaderNames.RETRY_AFTER, retryAfter.plusNanos(999_999_999).toSeconds());
    }
    answer(error.status(), error.body(), headers);
  }

  void answer(HttpResponseStatus status, byte[] json) {
    answer(status, json, EmptyHttpHeaders.INSTANCE);
  }

  /**
   * @param headers among them the content's type, where it is another
   */
  void answer(HttpResponseStatus status, byte[] json, HttpHeaders headers) {
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(json));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    response.headers().setAll(headers);
    response.headers().set(REQUEST_ID, requestId);
    HttpUtil.setContentLength(response, json.length);
    end(response);
  }

  void beginEvents() {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    response.headers().set(REQUEST_ID, requestId);
    HttpUtil.setTransferEncodingChunked(response, chunked);
    channel.write(response, channel.voidPromise());
  }

  void event(ByteBuf event) {
    channel.write(new DefaultHttpContent(event), channel.voidPromise());
  }

  /**
   * Where events can be written that are chunks already, past all that would make chunks of them;
   * null where that is not possible.
   */
  private ChannelHandlerContext pastEncoder() {
    return chunked && !filtered ? channel.pipeline().context(HttpServerCodec.class) : null;
  }

  /** A buffer to be filled with events and handed to {@link #write}. */
  EventChunk chunk() {
    return new EventChunk(channel.alloc());
  }

  /** Writes events, if there are any, without waiting for more. */
  void write(EventChunk chunk) {
    if (chunk.isEmpty()) {
      chunk.release();
      return;
    }
    ChannelHandlerContext past = pastEncoder();
    if (past == null) {
      event(chunk.content());
      flush();
    } else {
      past.writeAndFlush(chunk.framed(), channel.voidPromise());
    }
  }

  void flush() {
    channel.flush();
  }

  void endEvents() {
    end(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void end(HttpObject last) {
    leave();
    if (closesAfterwards) {
      channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    } else {
      channel.writeAndFlush(last, channel.voidPromise());
      onEnd.run();
    }
  }

  /** Closes the connection after the response, although that is not announced. */
  void closeAfterwards() {
    closesAfterwards = true;
  }

  /** Puts a filter between this response and the connection, which sees its events first. */
  void filter(ChannelHandler filter) {
    filtered = true;
    channel.pipeline().addLast(filter);
  }

  /** Closes the connection at once, as a process that exits does. */
  void hangUp() {
    channel.close();
  }

  /** Resets the connection at once, as a process that crashes does. */
  void reset() {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    // past the pipeline: whoever crashes ends no TLS session and flushes nothing
    channel.unsafe().close(channel.voidPromise());
  }
}
