package dev.gatlingllm.server;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.server.engine.EngineSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a {@link SimulatedServer} until the process is told to stop. */
@Command(
    name = "server",
    sortOptions = false,
    header = "Runs a simulated LLM server with OpenAI's API until it is stopped.",
    description =
        "Tokens are a number or a distribution such as normal(200,50); times have a unit: 10ms.")
public class ServerCommand implements Callable<Integer> {

  private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";
  private static final int OK = 0;
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, heading = "%nAddress and access%n")
  private Access access = new Access();

  @ArgGroup(exclusive = false, heading = "%nModel%n")
  private Model model = new Model();

  @ArgGroup(exclusive = false, heading = "%nResponses%n")
  private Responses responses = new Responses();

  @ArgGroup(exclusive = false, heading = "%nEngine: a profile, and what overrides it%n")
  private Engine engine = new Engine();

  @ArgGroup(exclusive = false, heading = "%nLimits%n")
  private Limits limits = new Limits();

  @ArgGroup(exclusive = false, heading = "%nFaults and truth%n")
  private Observation observation = new Observation();

  private static final class Access {

    @Option(names = "--host", paramLabel = "ADDRESS", description = "bind address" + DEFAULT)
    private String host = "127.0.0.1";

    @Option(
        names = "--port",
        paramLabel = "NUMBER",
        description = "port to listen on; 0 takes any free one" + DEFAULT)
    private int port = 8000;

    @Option(
        names = "--tls",
        description = "TLS with HTTP/2, with a self-signed certificate (default: plain HTTP)")
    private boolean tls;

    @Option(
        names = "--tls-certificate",
        paramLabel = "FILE",
        description = "TLS with this certificate, in PEM (default: none)")
    private Path certificate;

    @Option(
        names = "--tls-key",
        paramLabel = "FILE",
        description = "the certificate's private key, in PEM (default: none)")
    private Path key;

    @Option(
        names = "--api-key",
        paramLabel = "KEY",
        description =
            "bearer key required under /v1 and /admin; may be repeated (default: no key required)")
    private List<String> apiKeys = List.of();

    private void applyTo(ServerSettings.Builder settings) {
      settings.host(host).port(port);
      if ((certificate == null) != (key == null)) {
        throw new IllegalArgumentException("--tls-certificate and --tls-key must be set together");
      }
      if (certificate != null) {
        settings.tls(certificate, key);
      } else if (tls) {
        settings.tls();
      }
      apiKeys.forEach(settings::apiKey);
    }
  }

  private static final class Model {

    @Option(
        names = "--model",
        paramLabel = "NAME",
        description = "the model that /v1/models lists" + DEFAULT)
    private String name = "simulated";

    @Option(
        names = "--tokenizer",
        paramLabel = "NAME",
        description = "built-in encoding, path of a tokenizer.json, or hub id" + DEFAULT)
    private String tokenizer = "o200k_base";

    @Option(
        names = "--max-model-tokens",
        paramLabel = "TOKENS",
        description = "context window: prompt and response together" + DEFAULT)
    private int maxModelTokens = 32_768;

    private void applyTo(ServerSettings.Builder settings) {
      settings
          .modelName(name)
          .tokenizer(Tokenizers.resolve(tokenizer))
          .maxModelTokens(maxModelTokens);
    }
  }

  private static final class Responses {

    @Option(
        names = "--reply-tokens",
        paramLabel = "TOKENS",
        description = "length at which a response stops (default: max_tokens)")
    private Distribution replyTokens;

    @Option(
        names = "--reasoning-tokens",
        paramLabel = "TOKENS",
        defaultValue = "0",
        description = "reasoning before the content of a chat" + DEFAULT)
    private Distribution reasoningTokens;

    @Option(
        names = "--reasoning-field",
        paramLabel = "NAME",
        description = "reasoning_content or reasoning (default: reasoning_content)")
    private ServerSettings.ReasoningField reasoningField =
        ServerSettings.ReasoningField.REASONING_CONTENT;

    @Option(
        names = "--tokens-per-chunk",
        paramLabel = "TOKENS",
        defaultValue = "1",
        description = "tokens of a streamed chunk, after the first" + DEFAULT)
    private Distribution tokensPerChunk;

    @Option(
        names = "--tool-call-rate",
        paramLabel = "SHARE",
        description =
            "share of chats that call a tool although none is required, from 0 to 1" + DEFAULT)
    private double toolCallRate;

    @Option(
        names = "--tool-calls",
        paramLabel = "NUMBER",
        defaultValue = "1",
        description = "calls in a response that calls tools" + DEFAULT)
    private Distribution toolCalls;

    @Option(
        names = "--hide-cached-tokens",
        description = "leave cached tokens out of usage (default: reported)")
    private boolean hideCachedTokens;

    @Option(
        names = "--seed",
        paramLabel = "NUMBER",
        description = "seed of everything random, together with the prompt" + DEFAULT)
    private long seed;

    private void applyTo(ServerSettings.Builder settings) {
      ifSet(replyTokens, settings::replyTokens);
      settings
          .reasoningTokens(reasoningTokens)
          .reasoningField(reasoningField)
          .tokensPerChunk(tokensPerChunk)
          .toolCallRate(toolCallRate)
          .toolCalls(toolCalls)
          .reportCachedTokens(!hideCachedTokens)
          .seed(seed);
    }
  }

  private static final class Engine {

    private static final String OF_PROFILE = " (default: the profile's)";

    @Option(
        names = "--profile",
        paramLabel = "NAME",
        defaultValue = "pleasant",
        description = "pleasant, fast, instant, a100-8b or h100-8b" + DEFAULT)
    private EngineProfile profile;

    @Option(
        names = "--overhead",
        paramLabel = "TIME",
        description = "from receipt to the queue" + OF_PROFILE)
    private Duration overhead;

    @Option(
        names = "--step-base",
        paramLabel = "TIME",
        description = "what every step takes" + OF_PROFILE)
    private Duration stepBase;

    @Option(
        names = "--step-per-sequence",
        paramLabel = "TIME",
        description = "what each sequence adds to a step" + OF_PROFILE)
    private Duration stepPerSequence;

    @Option(
        names = "--step-per-context-token",
        paramLabel = "TIME",
        description = "what each token before a decoded one adds to a step" + OF_PROFILE)
    private Duration stepPerContextToken;

    @Option(
        names = "--prefill-rate",
        paramLabel = "TOKENS/S",
        description = "uncached prompt tokens read per second" + OF_PROFILE)
    private Double prefillRate;

    @Option(
        names = "--jitter",
        paramLabel = "SHARE",
        description = "a step's largest deviation, from 0 to 1" + OF_PROFILE)
    private Double jitter;

    @Option(
        names = "--max-num-seqs",
        paramLabel = "NUMBER",
        description = "sequences that run at once" + OF_PROFILE)
    private Integer maxNumSeqs;

    @Option(
        names = "--max-num-batched-tokens",
        paramLabel = "TOKENS",
        description = "tokens computed in one step at most" + OF_PROFILE)
    private Integer maxNumBatchedTokens;

    @Option(
        names = "--no-chunked-prefill",
        description = "read every prompt in one step (default: chunked)")
    private boolean noChunkedPrefill;

    @Option(
        names = "--kv-blocks",
        paramLabel = "NUMBER",
        description = "blocks of the KV cache" + OF_PROFILE)
    private Integer kvBlocks;

    @Option(
        names = "--block-size",
        paramLabel = "TOKENS",
        description = "tokens per block of the KV cache" + OF_PROFILE)
    private Integer blockSize;

    @Option(
        names = "--no-prefix-caching",
        description = "compute every prompt from its beginning (default: cached)")
    private boolean noPrefixCaching;

    private void applyTo(ServerSettings.Builder settings) {
      EngineSettings.Builder engine = profile.settings().toBuilder();
      ifSet(overhead, engine::overhead);
      ifSet(stepBase, engine::stepBase);
      ifSet(stepPerSequence, engine::stepPerSequence);
      ifSet(stepPerContextToken, engine::stepPerContextToken);
      ifSet(prefillRate, engine::prefillTokensPerSecond);
      ifSet(jitter, engine::jitter);
      ifSet(maxNumSeqs, engine::maxNumSeqs);
      ifSet(maxNumBatchedTokens, engine::maxNumBatchedTokens);
      ifSet(kvBlocks, engine::kvBlocks);
      ifSet(blockSize, engine::blockSize);
      engine.chunkedPrefill(!noChunkedPrefill).prefixCaching(!noPrefixCaching);
      settings.engine(engine.build());
    }
  }

  private static final class Limits {

    @Option(
        names = "--strict-model",
        description = "refuse other model names with 404 (default: any name is served)")
    private boolean strictModel;

    @Option(
        names = "--reject-unknown-fields",
        description = "refuse fields that OpenAI's API does not have with 400 (default: ignored)")
    private boolean rejectUnknownFields;

    @Option(
        names = "--max-concurrent-requests",
        paramLabel = "NUMBER",
        description = "refuse more concurrent requests with 429 (default: no limit)")
    private Integer maxConcurrentRequests;

    @Option(
        names = "--max-waiting-requests",
        paramLabel = "NUMBER",
        description = "refuse more queued requests with 503 (default: no limit)")
    private Integer maxWaitingRequests;

    @Option(
        names = "--retry-after",
        paramLabel = "TIME",
        defaultValue = "1s",
        description = "Retry-After of 429 and 503; 0 leaves it out" + DEFAULT)
    private Duration retryAfter;

    private void applyTo(ServerSettings.Builder settings) {
      settings
          .strictModel(strictModel)
          .rejectUnknownFields(rejectUnknownFields)
          .retryAfter(retryAfter);
      ifSet(maxConcurrentRequests, settings::maxConcurrentRequests);
      ifSet(maxWaitingRequests, settings::maxWaitingRequests);
    }
  }

  private static final class Observation {

    @Option(
        names = "--fault",
        paramLabel = "NAME=RATE",
        description =
            "a fault and its share of requests, as reset=0.01 or stall=0.02:after=3:2s; may be"
                + " repeated (default: none)")
    private List<String> faults = List.of();

    @Option(
        names = "--truth-log",
        paramLabel = "FILE",
        description = "write what happened to each request, as lines of JSON (default: none)")
    private Path truthLog;

    @Option(
        names = "--no-admin",
        description = "leave out /admin and /reset_prefix_cache (default: served)")
    private boolean noAdmin;

    private void applyTo(ServerSettings.Builder settings) {
      settings.faults(faults.toArray(String[]::new)).admin(!noAdmin);
      ifSet(truthLog, settings::truthLog);
    }
  }

  private static <T> void ifSet(T value, Consumer<T> setting) {
    if (value != null) {
      setting.accept(value);
    }
  }

  @Override
  public Integer call() {
    ServerSettings.Builder builder = ServerSettings.builder();
    access.applyTo(builder);
    model.applyTo(builder);
    responses.applyTo(builder);
    engine.applyTo(builder);
    limits.applyTo(builder);
    observation.applyTo(builder);
    return run(builder.build());
  }

  private int run(ServerSettings settings) {
    PrintWriter out = spec.commandLine().getOut();
    try (SimulatedServer server = SimulatedServer.start(settings)) {
      out.printf(
          "Simulated LLM server \"%s\" at %s (tokenizer %s%s%s, stop with Ctrl-C)%n",
          settings.modelName(),
          server.baseUrl(),
          settings.tokenizer().name(),
          settings.tls().isSelfSigned() ? ", self-signed certificate" : "",
          settings.apiKeys().isEmpty() ? "" : ", key required");
      out.flush();
      awaitStop(server, out);
      return OK;
    } catch (RuntimeException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return FAILED;
    }
  }

  /** Waits until the server is to be closed: on Ctrl-C or SIGTERM, a shutdown hook closes it. */
  void awaitStop(SimulatedServer server, PrintWriter out) {
    Runnable stop =
        () -> {
          server.close();
          out.println("Simulated LLM server stopped");
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "llm-server-stop"));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
