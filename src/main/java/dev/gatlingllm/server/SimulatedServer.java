package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Engine;
import dev.gatlingllm.server.engine.EngineClock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * An OpenAI-compatible LLM server without a model, for tests and demonstrations. {@code
 * docs/simulated-server.md} says what it understands and how it works. In a test, one line starts
 * it, and JUnit's {@code @AutoClose} or {@code try} closes it:
 *
 * <pre>
 * {@code @AutoClose}
 * static final SimulatedServer server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));
 * </pre>
 *
 * <p>It serves chat and text completions, streaming and not, over HTTP/1.1 and HTTP/2. Unless
 * {@linkplain ServerSettings.Builder#replyTokens told otherwise}, a reply has exactly {@code
 * max_tokens} tokens (64 for a chat and 16 for a completion if the request does not say). A chat's
 * prompt tokens are the sum over its messages' texts, each tokenised apart: no chat template is
 * added.
 *
 * <p>Any thread may call any method.
 */
public final class SimulatedServer implements AutoCloseable {

  /** Of prompts, so that what many say, or say again, is tokenised once. */
  private static final long REMEMBERED_BYTES = 32L << 20;

  private final TruthFile truthFile;
  private final TruthLog truths;
  private final EventLoopGroup loops;
  private final ExecutorService readers;
  private final Tls tls;
  private final Channel listening;

  /** All that is open, this server's port included; what comes after closing is closed at once. */
  private final ChannelGroup channels =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

  private SimulatedServer(ServerSettings settings) {
    tls = settings.tls().enabled() ? Tls.of(settings.tls(), settings.host()) : null;
    truthFile = settings.truthLog().map(TruthFile::new).orElse(null);
    truths =
        new TruthLog(
            settings.truthCapacity(), truthFile == null ? (sequence, truth) -> {} : truthFile);
    // daemons: a server that nobody closes must not keep its process alive
    readers =
        Executors.newFixedThreadPool(
            settings.workers(), new DefaultThreadFactory("llm-server-reader", true));
    Transport transport = Transport.best();
    loops =
        new MultiThreadIoEventLoopGroup(
            settings.workers(),
            new DefaultThreadFactory("llm-server-loop", true),
            transport.ioHandler());
    try {
      listening = listen(settings, transport);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts a server with sensible values for everything, on a free port of the loopback. */
  public static SimulatedServer start() {
    return start(ServerSettings.builder().build());
  }

  /**
   * Starts a server of which some settings are said, such as {@code start(s ->
   * s.engine(EngineProfile.INSTANT))}.
   *
   * @throws IllegalArgumentException for a value out of its range, naming the setting
   * @throws UncheckedIOException when it cannot listen, naming address, port and a remedy
   */
  public static SimulatedServer start(UnaryOperator<ServerSettings.Builder> settings) {
    return start(settings.apply(ServerSettings.builder()).build());
  }

  /**
   * Starts a server, which runs until it is closed. The first with a tokenizer takes up to a
   * second.
   *
   * @throws UncheckedIOException when it cannot listen, naming address, port and a remedy
   * @throws IllegalArgumentException when the tokenizer has too few words to make replies of
   */
  public static SimulatedServer start(ServerSettings settings) {
    return new SimulatedServer(settings);
  }

  /** Where clients reach it, such as {@code http://127.0.0.1:8000}; without a slash at the end. */
  public String baseUrl() {
    var address = address().getAddress();
    // a wildcard is no address to connect to
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    String scheme = tls == null ? "http://" : "https://";
    return scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /** What it proves itself with to clients that speak TLS, for them to trust. */
  public Optional<X509Certificate> certificate() {
    return Optional.ofNullable(tls).map(Tls::certificate);
  }

  /** The port it listens on. */
  public int port() {
    return address().getPort();
  }

  /**
   * What happened to the latest requests for replies that have ended, refused ones included, oldest
   * first. It remembers as many as {@link ServerSettings#truthCapacity()} says, or fewer when their
   * replies are long: 64 token times for each request of that capacity. A truth is there before the
   * client can have read the end of the reply.
   */
  public List<RequestTruth> truth() {
    return truths.all();
  }

  /**
   * What happened to the request that was answered under an id, if it is among {@link #truth()}.
   */
  public Optional<RequestTruth> truth(String responseId) {
    return truths.find(responseId);
  }

  /** How many connections are open. */
  public int openConnections() {
    // all but the port itself
    return (int) channels.stream().filter(channel -> channel.parent() != null).count();
  }

  /**
   * Stops listening, cuts off the streams under way and ends all threads, within 10 s. Closing
   * again does nothing.
   */
  @Override
  public void close() {
    // before their event loops end: those give up file descriptors only some time after
    channels.close().syncUninterruptibly();
    // the readers next: they hand what they have read to the event loops
    readers.shutdownNow();
    try {
      readers.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(0, 4, TimeUnit.SECONDS).syncUninterruptibly();
    // last: the event loops wrote down how the streams under way ended
    if (truthFile != null) {
      truthFile.close();
    }
  }

  private Channel listen(ServerSettings settings, Transport transport) {
    var engine = Engine.start(settings.engine(), EngineClock.of(loops.next()), settings.seed());
    var faults = new Faults(new FaultRates(settings.faults(), settings.seed()));
    var textTokens = new TextTokens(settings.tokenizer(), REMEMBERED_BYTES);
    var routes = new Routes(settings.apiKeys());
    new GenerationEndpoint(settings, textTokens, engine, truths, faults, readers).addTo(routes);
    new ModelsEndpoint(settings).addTo(routes);
    new TokenizerEndpoint(settings, textTokens, readers).addTo(routes);
    routes.addAnswer("/health", Json.bytes(Json.object().put("status", "ok")));
    routes.addAnswer("/version", Json.bytes(ServerVersion.json()));
    new MetricsEndpoint(engine, settings.modelName()).addTo(routes);
    if (settings.admin()) {
      new AdminEndpoint(engine, faults, truths, this::openConnections, readers).addTo(routes);
    }
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.channel())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childHandler(
                new ConnectionInitializer(
                    routes, tls == null ? null : tls.context(), faults, channels))
            .bind(settings.host(), settings.port())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotListen(settings, bound.cause());
    }
    channels.add(bound.channel());
    return bound.channel();
  }

  private static UncheckedIOException cannotListen(ServerSettings settings, Throwable cause) {
    String message =
        "Cannot listen on %s, port %d (%s): stop what listens there, or choose another port; port 0 takes any free one"
            .formatted(settings.host(), settings.port(), cause.getMessage());
    return new UncheckedIOException(message, new IOException(cause));
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }
}
