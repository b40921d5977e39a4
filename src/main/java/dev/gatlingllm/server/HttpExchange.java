package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.util.AsciiString;
import io.netty.util.AttributeKey;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP request and its response. Any thread can read the request; the response is written on
 * the connection's event loop, see {@link #onLoop}.
 */
final class HttpExchange {

  private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

  /** The fault of a connection, until its first request takes it. */
  static final AttributeKey<Fault> CONNECTION_FAULT = AttributeKey.valueOf("llm-server.fault");

  /** Identifies a request in the logs of client and server. */
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

  /** Names the replica that generates the response, as gateways do. */
  private static final AsciiString SERVED_BY = AsciiString.cached("x-served-by");

  private final Channel channel;
  private final Request request;
  private final String requestId;
  private final boolean chunked;
  private final @Nullable Fault connectionFault;
  private final Runnable onEnd;
  private Runnable disconnectTask = () -> {};
  private boolean disconnected;
  private boolean closesAfterwards;
  private boolean omitsEnd;
  private RequestLimiter.@Nullable Permit permit;
  private boolean filtered;
  private @Nullable String servedBy;

  /**
   * The request.
   *
   * @param path the path without the query
   * @param query the query without the question mark; empty if there is none
   * @param protocol the HTTP version, such as {@code HTTP/1.1}
   * @param malformed whether it is not a valid HTTP request
   * @param receivedNanos when its last byte was read, in {@link System#nanoTime()}
   */
  record Request(
      HttpMethod method,
      String path,
      String query,
      String protocol,
      HttpHeaders headers,
      byte[] body,
      boolean malformed,
      long receivedNanos) {

    private static Request of(FullHttpRequest request, long receivedNanos) {
      String[] uri = request.uri().split("\\?", 2);
      HttpHeaders headers = request.headers();
      boolean http2 = headers.contains(ExtensionHeaderNames.STREAM_ID.text());
      return new Request(
          request.method(),
          uri[0],
          uri.length == 1 ? "" : uri[1],
          http2 ? "HTTP/2" : request.protocolVersion().text(),
          headers,
          ByteBufUtil.getBytes(request.content()),
          request.decoderResult().isFailure(),
          receivedNanos);
    }

    /** Returns the first value of a header, or null. */
    @Nullable String header(CharSequence name) {
      return headers.get(name);
    }
  }

  /**
   * @param onEnd called when the response is written and the connection can handle the next request
   */
  HttpExchange(Channel channel, FullHttpRequest request, long receivedNanos, Runnable onEnd) {
    this.channel = channel;
    this.request = Request.of(request, receivedNanos);
    String id = this.request.header(REQUEST_ID);
    this.requestId =
        id == null ? "req_" + Long.toHexString(ThreadLocalRandom.current().nextLong()) : id;
    // HTTP/1.0 has no chunks: the end of the connection is the end of the stream
    this.chunked = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    this.connectionFault = connection().attr(CONNECTION_FAULT).getAndSet(null);
    this.onEnd = onEnd;
  }

  Request request() {
    return request;
  }

  /** Returns the fault of the connection if this is its first request, otherwise null. */
  @Nullable Fault connectionFault() {
    return connectionFault;
  }

  /** Returns the event loop on which the response must be written. */
  EventLoop loop() {
    return channel.eventLoop();
  }

  /**
   * Runs a task on the event loop, and closes the connection, or the HTTP/2 stream, if it throws.
   * Any thread can call this.
   */
  void onLoop(Runnable task) {
    channel
        .eventLoop()
        .execute(
            () -> {
              try {
                task.run();
              } catch (Throwable e) {
                LOG.error("Could not respond to {}", request.path(), e);
                close();
              }
            });
  }

  /** A part of handling a request. */
  interface Task {
    void run() throws OpenAiError;
  }

  /** Runs a task, and responds with what it throws. Any thread can call this. */
  void answerErrors(Task task) {
    try {
      task.run();
    } catch (Throwable e) {
      // errors too: a client must not wait for a response that never comes
      OpenAiError error = OpenAiError.of(e);
      onLoop(() -> sendError(error));
    }
  }

  /**
   * Sets a task that runs if the client disconnects before the end of the response; immediately if
   * it has disconnected already.
   */
  void onDisconnect(Runnable task) {
    disconnectTask = task;
    if (disconnected) {
      task.run();
    }
  }

  /** Sets the permit to release when the response ends. */
  void setPermit(RequestLimiter.Permit permit) {
    this.permit = permit;
  }

  /** Sets the name of the replica that generates the response. */
  void setServedBy(String replica) {
    servedBy = replica;
  }

  /** Records that the engine started to work on the request. */
  void started() {
    if (permit != null) {
      permit.started();
    }
  }

  private void releasePermit() {
    if (permit != null) {
      permit.release();
    }
  }

  /** Called when the client has disconnected. */
  void handleDisconnect() {
    disconnected = true;
    releasePermit();
    disconnectTask.run();
  }

  boolean isDisconnected() {
    return disconnected;
  }

  void sendError(OpenAiError error) {
    send(status(error), Json.bytes(errorJson(error)), error.headers());
  }

  /** Returns the status of an error in the API that the request is for. */
  HttpResponseStatus status(OpenAiError error) {
    return isOfMessages() ? error.messagesStatus() : error.status();
  }

  /** Returns an error in the form of the API that the request is for. */
  ObjectNode errorJson(OpenAiError error) {
    return isOfMessages() ? error.asMessagesError(requestId) : error.body();
  }

  private boolean isOfMessages() {
    return request.path().startsWith(GenerationApi.MESSAGES.path);
  }

  /** Returns an error as an event of a stream, in the form of the API that the request is for. */
  ObjectNode errorEvent(OpenAiError error) {
    return request.path().equals(GenerationApi.RESPONSES.path)
        ? error.asResponsesEvent()
        : errorJson(error);
  }

  /** Sends a response with status 200. */
  void send(JsonNode json) {
    send(Json.bytes(json));
  }

  /** Sends a response with status 200. */
  void send(byte[] json) {
    send(HttpResponseStatus.OK, json, EmptyHttpHeaders.INSTANCE);
  }

  /**
   * @param headers can override the content type, which is JSON by default
   */
  void send(HttpResponseStatus status, byte[] json, HttpHeaders headers) {
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(json));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    response.headers().setAll(headers);
    identify(response);
    HttpUtil.setContentLength(response, json.length);
    end(response);
  }

  /** Sends an interim response, which precedes the response. */
  void sendEarlyHints() {
    var interim = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS);
    channel.writeAndFlush(interim, channel.voidPromise());
  }

  void beginEvents() {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    identify(response);
    HttpUtil.setTransferEncodingChunked(response, chunked);
    channel.write(response, channel.voidPromise());
  }

  private void identify(HttpResponse response) {
    response.headers().set(REQUEST_ID, requestId);
    response.headers().set(HttpHeaderNames.DATE, DateHeader.now());
    if (servedBy != null) {
      response.headers().set(SERVED_BY, servedBy);
    }
  }

  void writeEvent(ByteBuf event) {
    channel.write(new DefaultHttpContent(event), channel.voidPromise());
  }

  /**
   * Returns the context from which events that are already framed as chunks bypass the HTTP
   * encoder; null where that is not possible.
   */
  private @Nullable ChannelHandlerContext bypass() {
    return chunked && !filtered ? channel.pipeline().context(HttpServerCodec.class) : null;
  }

  /** Returns an empty chunk, to be filled with events and passed to {@link #write}. */
  EventChunk newChunk() {
    return new EventChunk(channel.alloc());
  }

  /** Writes and flushes events, if there are any. */
  void write(EventChunk chunk) {
    if (chunk.isEmpty()) {
      chunk.release();
      return;
    }
    ChannelHandlerContext bypass = bypass();
    if (bypass == null) {
      writeEvent(chunk.content());
      flush();
    } else {
      bypass.writeAndFlush(chunk.framed(), channel.voidPromise());
    }
  }

  void flush() {
    channel.flush();
  }

  void endEvents() {
    end(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void end(HttpObject last) {
    releasePermit();
    if (omitsEnd) {
      channel.flush();
      channel.close();
    } else if (closesAfterwards) {
      channel.writeAndFlush(last).addListener(written -> connection().close());
    } else {
      channel.writeAndFlush(last, channel.voidPromise());
      onEnd.run();
    }
  }

  /**
   * Closes the connection after the response without a {@code Connection: close} header. Over
   * HTTP/2, GOAWAY announces it, and other streams can end first.
   */
  void closeAfterwards() {
    closesAfterwards = true;
  }

  /** Omits the mark of the end of the body: closes the connection or resets the stream instead. */
  void omitEnd() {
    omitsEnd = true;
  }

  /** Adds a filter between this response's events and the connection. */
  void addFilter(ChannelHandler filter) {
    filtered = true;
    channel.pipeline().addLast(filter);
  }

  /** Closes the connection, or the HTTP/2 stream, immediately, as a process that exits does. */
  void close() {
    channel.close();
  }

  /** Resets the connection, or the HTTP/2 stream, immediately. */
  void reset() {
    reset(channel);
  }

  /** Resets the connection with all its streams immediately, as a process that crashes does. */
  void disconnect() {
    reset(connection());
  }

  /** Closes the connection with all its streams; over HTTP/2, after GOAWAY. */
  void goAway() {
    Channel connection = connection();
    if (connection == channel) {
      channel.close();
    } else {
      connection
          .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.INTERNAL_ERROR))
          .addListener(written -> connection.unsafe().close(connection.voidPromise()));
    }
  }

  private static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    // bypasses the pipeline: a crash neither closes a TLS session nor flushes
    channel.unsafe().close(channel.voidPromise());
  }

  /** Returns the channel of the connection, which HTTP/2 streams share. */
  private Channel connection() {
    return channel instanceof Http2StreamChannel ? channel.parent() : channel;
  }
}
