package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the pipeline of each new connection: with or without TLS, HTTP/1.1 or HTTP/2. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionInitializer.class);

  /** Far more than any context window holds. */
  private static final int MAX_REQUEST_BYTES = 64 << 20;

  /** More than a load test opens on one connection. */
  private static final int MAX_STREAMS = 10_000;

  /** Larger than the usual 64 KB, so that a long prompt needs no window updates. */
  private static final int REQUEST_WINDOW_BYTES = 1 << 20;

  private final ServerSettings settings;
  private final Routes routes;
  private final @Nullable SslContext tls;
  private final FaultInjector faults;
  private final ChannelGroup connections;
  private final AtomicBoolean reportedLimit = new AtomicBoolean();

  /**
   * @param tls null for unencrypted connections
   * @param connections contains each connection as long as it is open
   */
  ConnectionInitializer(
      ServerSettings settings,
      Routes routes,
      @Nullable SslContext tls,
      FaultInjector faults,
      ChannelGroup connections) {
    this.settings = settings;
    this.routes = routes;
    this.tls = tls;
    this.faults = faults;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    // the group contains the listening channel, too
    if (connections.size() > settings.maxConnections) {
      if (!reportedLimit.getAndSet(true)) {
        LOG.warn(
            "Closing new connections: {} are open, see --max-connections", settings.maxConnections);
      }
      channel.close();
      return;
    }
    connections.add(channel);
    Fault fault = faults.forConnection();
    if (fault != null) {
      channel.attr(HttpExchange.CONNECTION_FAULT).set(fault);
      pauseReading(channel, fault.time());
    }
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new IdleTimeout(settings.idleTimeout.toNanos()));
    if (tls != null) {
      pipeline.addLast(tls.newHandler(channel.alloc()));
    }
    // before the version is known: it is detected from the first bytes of the first request
    pipeline.addLast(receiveTimeout());
    pipeline.addLast(tls == null ? new VersionDetector() : new AlpnHandler());
  }

  /** Delays everything that the client sends, including a TLS handshake. */
  private static void pauseReading(Channel channel, Duration time) {
    channel.config().setAutoRead(false);
    channel
        .eventLoop()
        .schedule(() -> channel.config().setAutoRead(true), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void addHttp1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec()).addLast(new HttpServerKeepAliveHandler());
    addRequestHandler(
        pipeline, pipeline.get(IdleTimeout.class), pipeline.get(ReceiveTimeout.class));
  }

  /** Each HTTP/2 stream becomes a channel of its own, with one request. */
  private void addHttp2(ChannelPipeline pipeline) {
    IdleTimeout idle = pipeline.get(IdleTimeout.class);
    // each stream has its own
    pipeline.remove(ReceiveTimeout.class);
    Http2Settings http2 =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(MAX_STREAMS)
            .initialWindowSize(REQUEST_WINDOW_BYTES);
    pipeline
        .addLast(Http2FrameCodecBuilder.forServer().initialSettings(http2).build())
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    ReceiveTimeout receive = receiveTimeout();
                    stream
                        .pipeline()
                        .addLast(receive)
                        .addLast(new Http2StreamFrameToHttpObjectCodec(true));
                    addRequestHandler(stream.pipeline(), idle, receive);
                  }
                }))
        .addLast(new Http2Failures());
  }

  /** Receives what the codec of a connection cannot read, after it has sent GOAWAY. */
  private static final class Http2Failures extends ChannelInboundHandlerAdapter {

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // broken bytes of a client are no failure of the server
      LOG.debug("Invalid HTTP/2 from {}", context.channel(), cause);
    }
  }

  private ReceiveTimeout receiveTimeout() {
    return new ReceiveTimeout(settings.receiveTimeout.toNanos());
  }

  private void addRequestHandler(
      ChannelPipeline pipeline, IdleTimeout idle, ReceiveTimeout receive) {
    pipeline
        .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
        .addLast(new ConnectionHandler(routes, settings.proxyDelay.toNanos(), idle, receive));
  }

  /** Selects the HTTP version that client and server agreed on in the TLS handshake. */
  private final class AlpnHandler extends ApplicationProtocolNegotiationHandler {

    AlpnHandler() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        addHttp2(context.pipeline());
      } else {
        addHttp1(context.pipeline());
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
      // usually a client that does not trust the certificate
      LOG.debug("Closing {}", context.channel(), cause);
      context.close();
    }
  }

  /**
   * Detects the HTTP version of an unencrypted connection from its first bytes. HTTP/2 with prior
   * knowledge starts with a preface that no HTTP/1.1 request can start with.
   */
  private final class VersionDetector extends ByteToMessageDecoder {

    private static final byte[] HTTP_2_PREFACE = "PRI * HTTP/2.0".getBytes(US_ASCII);

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int available = Math.min(HTTP_2_PREFACE.length, in.readableBytes());
      for (int i = 0; i < available; i++) {
        if (in.getByte(in.readerIndex() + i) != HTTP_2_PREFACE[i]) {
          addHttp1(context.pipeline());
          context.pipeline().remove(this);
          return;
        }
      }
      if (available == HTTP_2_PREFACE.length) {
        addHttp2(context.pipeline());
        context.pipeline().remove(this);
      }
    }
  }
}
