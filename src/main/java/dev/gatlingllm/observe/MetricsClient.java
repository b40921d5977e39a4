package dev.gatlingllm.observe;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Reads metrics over HTTP, with limits for the time and the size of an answer that hold whatever a
 * server sends. Follows no redirect, uses no proxy, and keeps a connection to each endpoint. The
 * JDK's clients have no limit of time for the whole answer, or reject the host names with
 * underscores of Docker's services.
 */
public final class MetricsClient implements MetricsSource {

  /** A larger answer is not read; those of large servers have about 1 MB. */
  private static final int MAX_BYTES = 16 << 20;

  private static final int MAX_LINE = 8_192;
  private static final int MAX_HEAD = 65_536;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Closed channels have no handlers. */
  private static final AttributeKey<Receiver> RECEIVER =
      AttributeKey.valueOf(MetricsClient.class, "receiver");

  /** The credentials of requests. */
  @FunctionalInterface
  public interface Authorization {

    /** Returns the value of the header {@code Authorization} for a URL, or null for none. */
    @Nullable String of(URL url) throws IOException;
  }

  private final Authorization authorization;
  private final SSLContext tls;
  private final boolean anyHost;
  private final Duration timeout;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1,
          new DefaultThreadFactory("gatling-llm-server-metrics-client", true),
          NioIoHandler.newFactory());
  private final Map<String, Channel> idle = new ConcurrentHashMap<>();

  /**
   * Creates a client without connections.
   *
   * @param tls decides which certificates are trusted
   * @param anyHost whether a certificate may be that of another host
   * @param timeout the longest time for a whole answer
   */
  public MetricsClient(
      Authorization authorization, SSLContext tls, boolean anyHost, Duration timeout) {
    this.authorization = authorization;
    this.tls = tls;
    this.anyHost = anyHost;
    this.timeout = timeout;
  }

  @Override
  public Answer get(String text) throws IOException {
    URL url = new URL(text);
    long deadline = System.nanoTime() + timeout.toNanos();
    Channel kept = idle.remove(url.toString());
    if (kept != null && kept.isActive()) {
      try {
        return ask(kept, url, deadline);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        // servers close connections that were idle for a while
      }
    }
    return ask(connect(url, deadline), url, deadline);
  }

  private Channel connect(URL url, long deadline) throws IOException {
    int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
    CompletableFuture<Channel> connected = new CompletableFuture<>();
    Receiver receiver = new Receiver();
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                ChannelPipeline pipeline = channel.pipeline();
                if (url.getProtocol().equals("https")) {
                  pipeline.addLast(new SslHandler(engine(url.getHost(), port)));
                }
                pipeline.addLast(
                    new HttpClientCodec(MAX_LINE, MAX_HEAD, MAX_LINE),
                    new HttpObjectAggregator(MAX_BYTES),
                    receiver);
                channel.attr(RECEIVER).set(receiver);
              }
            })
        .connect(url.getHost().replaceAll("[\\[\\]]", ""), port)
        .addListener(
            (ChannelFuture future) -> {
              if (!future.isSuccess()) {
                connected.completeExceptionally(future.cause());
              } else if (!connected.complete(future.channel())) {
                future.channel().close();
              }
            });
    return await(connected, deadline);
  }

  private SSLEngine engine(String host, int port) {
    SSLEngine engine = tls.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    if (!anyHost) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      engine.setSSLParameters(parameters);
    }
    return engine;
  }

  private Answer ask(Channel channel, URL url, long deadline) throws IOException {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    boolean reusable = false;
    try {
      FullHttpRequest request = request(url);
      channel
          .eventLoop()
          .execute(
              () -> {
                channel.attr(RECEIVER).get().await(answer);
                channel.writeAndFlush(request);
                if (!channel.isActive()) {
                  answer.completeExceptionally(closed());
                }
              });
      Answer received = await(answer, deadline);
      reusable = channel.isActive();
      return received;
    } finally {
      if (reusable) {
        idle.put(url.toString(), channel);
      } else {
        channel.close();
      }
    }
  }

  private FullHttpRequest request(URL url) throws IOException {
    String path = url.getFile().startsWith("/") ? url.getFile() : "/" + url.getFile();
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    request.headers().set(HttpHeaderNames.HOST, url.getHost() + port);
    request.headers().set(HttpHeaderNames.USER_AGENT, "gatling-llm");
    request.headers().set(HttpHeaderNames.ACCEPT, "text/plain;version=0.0.4");
    String credentials = authorization.of(url);
    if (credentials != null) {
      request.headers().set(HttpHeaderNames.AUTHORIZATION, credentials);
    }
    return request;
  }

  private <T> T await(CompletableFuture<T> result, long deadline) throws IOException {
    try {
      return result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw new SocketTimeoutException(
          "its answer takes longer than " + timeout.toMillis() / 1e3 + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the run has ended");
    } catch (ExecutionException e) {
      throw problem(Objects.requireNonNull(e.getCause()));
    }
  }

  private static IOException problem(Throwable thrown) {
    if (thrown instanceof TooLongFrameException) {
      return new IOException("its answer is too long");
    }
    Throwable innermost = thrown;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return new IOException(
        Objects.requireNonNullElse(innermost.getMessage(), innermost.getClass().getSimpleName()),
        thrown);
  }

  private static IOException closed() {
    return new EOFException("it closes the connection before the end of its answer");
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  /** Receives the answers of a connection, on its event loop. */
  private static final class Receiver extends ChannelInboundHandlerAdapter {

    private CompletableFuture<Answer> pending = new CompletableFuture<>();

    /** Awaits an answer, which has failed if the connection did: TLS begins before any request. */
    void await(CompletableFuture<Answer> answer) {
      if (pending.isCompletedExceptionally()) {
        pending.whenComplete((none, failure) -> answer.completeExceptionally(failure));
      }
      pending = answer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      FullHttpResponse response = (FullHttpResponse) message;
      try {
        if (response.decoderResult().isFailure()) {
          exceptionCaught(context, response.decoderResult().cause());
        } else if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
          if (!HttpUtil.isKeepAlive(response)) {
            context.close();
          }
          pending.complete(
              new Answer(
                  response.status().code(),
                  response.headers().get(HttpHeaderNames.CONTENT_TYPE),
                  response.content().toString(StandardCharsets.UTF_8)));
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      pending.completeExceptionally(closed());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable problem) {
      pending.completeExceptionally(problem);
      context.close();
    }
  }
}
