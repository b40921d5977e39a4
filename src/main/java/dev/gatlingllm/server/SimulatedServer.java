package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Engine;
import dev.gatlingllm.server.engine.EngineClock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible LLM server without a model, for tests and demonstrations; see {@code
 * docs/simulated-server.md}. In a test, one line starts it, and JUnit's {@code @AutoClose} or
 * {@code try} closes it:
 *
 * <pre>
 * {@code @AutoClose}
 * static final SimulatedServer server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));
 * </pre>
 *
 * <p>It serves chat and text completions, streamed or not, over HTTP/1.1 and HTTP/2. By default, a
 * response has exactly {@code max_tokens} tokens; without a limit, a chat stops after 64 tokens and
 * a completion has 16. {@link ServerSettings.Builder#replyTokens} changes that. The prompt tokens
 * of a chat are the sum over the texts of its messages, each tokenized separately, without a chat
 * template.
 *
 * <p>Thread-safe.
 */
public final class SimulatedServer implements AutoCloseable {

  /** The cache of tokenized prompts. */
  private static final long CACHE_BYTES = 32L << 20;

  private final @Nullable TruthFile truthFile;
  private final TruthLog truths;
  private final EventLoopGroup loops;
  private final ExecutorService readers;
  private final @Nullable Tls tls;
  private final Channel listening;

  /** All open channels, the listening one included; those added after closing are closed. */
  private final ChannelGroup channels =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

  private SimulatedServer(ServerSettings settings) {
    tls = settings.tls ? Tls.of(settings) : null;
    truthFile = settings.truthLog.map(TruthFile::new).orElse(null);
    truths =
        new TruthLog(
            settings.truthCapacity, truthFile == null ? (sequence, truth) -> {} : truthFile);
    // daemon threads: a server that is not closed must not keep its process alive
    readers =
        Executors.newFixedThreadPool(
            settings.workers, new DefaultThreadFactory("llm-server-reader", true));
    Transport transport = Transport.get();
    loops =
        new MultiThreadIoEventLoopGroup(
            settings.workers,
            new DefaultThreadFactory("llm-server-loop", true),
            transport.ioHandler());
    // loads it, which takes up to half a second, while the client gets ready
    readers.execute(() -> settings.tokenizer.encode(""));
    try {
      listening = listen(settings, transport);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts a server with default settings on a free port of the loopback. */
  public static SimulatedServer start() {
    return start(ServerSettings.builder().build());
  }

  /**
   * Starts a server with some settings changed, such as {@code start(s ->
   * s.engine(EngineProfile.INSTANT))}.
   *
   * @throws IllegalArgumentException for a value out of its range
   * @throws UncheckedIOException if it cannot listen on the address and port
   */
  public static SimulatedServer start(UnaryOperator<ServerSettings.Builder> settings) {
    return start(settings.apply(ServerSettings.builder()).build());
  }

  /**
   * Starts a server, which runs until it is closed. The first prompts wait until a built-in
   * tokenizer is loaded, which takes up to half a second.
   *
   * @throws UncheckedIOException if it cannot listen on the address and port
   * @throws IllegalArgumentException if the tokenizer has too few words of one token
   */
  public static SimulatedServer start(ServerSettings settings) {
    return new SimulatedServer(settings);
  }

  /** Returns the base URL, such as {@code http://127.0.0.1:8000}, without a slash at the end. */
  public String baseUrl() {
    var address = address().getAddress();
    // clients cannot connect to a wildcard address
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    String scheme = tls == null ? "http://" : "https://";
    return scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  boolean isLoopback() {
    return address().getAddress().isLoopbackAddress();
  }

  /** Returns the TLS certificate, for clients to trust; empty without TLS. */
  public Optional<X509Certificate> certificate() {
    return Optional.ofNullable(tls).map(Tls::certificate);
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return address().getPort();
  }

  /**
   * Returns what happened to the most recent generation requests that have ended, refused ones
   * included, oldest first. At most {@link ServerSettings.Builder#truthCapacity} are kept, and
   * fewer if responses are long: 64 token times per request of the capacity. A request is listed
   * before its client can have read the end of the response.
   */
  public List<RequestTruth> truth() {
    return truths.all();
  }

  /** Returns what happened to the request with a response id, if {@link #truth()} contains it. */
  public Optional<RequestTruth> truth(String responseId) {
    return truths.find(responseId);
  }

  /** Returns the number of open connections. */
  public int openConnections() {
    // the listening channel has no parent
    return (int) channels.stream().filter(channel -> channel.parent() != null).count();
  }

  /**
   * Stops listening, cuts off open streams and ends all threads, within 10 s. Further calls do
   * nothing.
   */
  @Override
  public void close() {
    truths.close();
    // before the event loops end, because those release file descriptors late
    channels.close().syncUninterruptibly();
    // then the readers, because they submit tasks to the event loops
    readers.shutdownNow();
    try {
      readers.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(0, 4, TimeUnit.SECONDS).syncUninterruptibly();
    // last, because the event loops record how open streams ended
    if (truthFile != null) {
      truthFile.close();
    }
  }

  private Channel listen(ServerSettings settings, Transport transport) {
    List<Engine> engines =
        IntStream.range(0, settings.replicas)
            .mapToObj(replica -> engine(settings, replica))
            .toList();
    var faults = new FaultInjector(new FaultRates(settings.faults, settings.seed));
    var tokenizer = new CachingTokenizer(settings.tokenizer, CACHE_BYTES, settings.imageTokens);
    var routes = new Routes(new RequestGuard(settings));
    new GenerationEndpoint(settings, tokenizer, engines, truths, faults, readers).addTo(routes);
    new InfoEndpoints(settings, engines).addTo(routes);
    new TokenizerEndpoint(settings, tokenizer, readers).addTo(routes);
    new EmbeddingsEndpoint(settings, tokenizer, readers).addTo(routes);
    if (settings.admin) {
      new AdminEndpoint(engines, faults, truths, this::openConnections, readers).addTo(routes);
    }
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.channel())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childHandler(
                new ConnectionInitializer(
                    settings, routes, tls == null ? null : tls.context(), faults, channels))
            .bind(settings.host, settings.port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotListen(settings, bound.cause());
    }
    channels.add(bound.channel());
    if (settings.backgroundRate > 0) {
      new BackgroundLoad(settings, engines.get(0), loops.next()).start();
    }
    return bound.channel();
  }

  private Engine engine(ServerSettings settings, int replica) {
    return new Engine(
        settings.engine,
        EngineClock.of(loops.next()),
        settings.seed + replica,
        settings.metrics.create(settings, replica));
  }

  private static UncheckedIOException cannotListen(ServerSettings settings, Throwable cause) {
    String reason =
        cause instanceof UnresolvedAddressException ? "unknown host" : cause.getMessage();
    String message =
        "Cannot listen on %s, port %d (%s); choose another port (0 for any free port) or host"
            .formatted(settings.host, settings.port, reason);
    return new UncheckedIOException(message, new IOException(cause));
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /**
   * Netty's transport: epoll where available, which waits with a precision of microseconds. A Java
   * selector waits in whole milliseconds and spins for the rest, which costs a core as soon as
   * there are many streams.
   */
  private record Transport(IoHandlerFactory ioHandler, Class<? extends ServerChannel> channel) {

    static Transport get() {
      return Epoll.isAvailable()
          ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class)
          : new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }
  }
}
