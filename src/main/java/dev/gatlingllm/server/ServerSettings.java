package dev.gatlingllm.server;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.server.engine.EngineSettings;
import dev.gatlingllm.text.Require;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/**
 * The settings of a {@link SimulatedServer}. Immutable; a {@link Builder} creates it and documents
 * each setting.
 */
public final class ServerSettings {

  // only the changes of a builder assign these fields, before the constructor ends
  Tokenizer tokenizer;
  String host = "127.0.0.1";
  int port;
  boolean tls;
  Optional<Path> certificate = Optional.empty();
  Optional<Path> privateKey = Optional.empty();
  List<String> apiKeys = new ArrayList<>();
  Duration idleTimeout = Duration.ofMinutes(5);
  Duration receiveTimeout = Duration.ofMinutes(1);
  int maxConnections = 20_000;
  int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
  String modelName = "simulated";
  boolean strictModel;
  boolean rejectUnknownFields;
  int maxConcurrentRequests = Integer.MAX_VALUE;
  int maxWaitingRequests = Integer.MAX_VALUE;
  Duration retryAfter = Duration.ofSeconds(1);
  int maxModelTokens = 32_768;
  Optional<Distribution> replyTokens = Optional.empty();
  Distribution reasoningTokens = Distribution.constant(0);
  ReasoningField reasoningField = ReasoningField.REASONING_CONTENT;
  Distribution tokensPerChunk = Distribution.constant(1);
  int imageTokens = 256;
  int corruptAbove = Integer.MAX_VALUE;
  double toolCallRate;
  boolean keepGenerating;
  int storedResponses = 10_000;
  Distribution toolCalls = Distribution.constant(1);
  EngineSettings engine = EngineProfile.PLEASANT.settings();
  boolean reportCachedTokens = true;
  boolean reportZeroCachedTokens = true;
  boolean countEndOfSequence;
  Dialect dialect = Dialect.OPENAI;
  UsageReport usageReport = UsageReport.FULL;
  MetricsDialect metrics = MetricsDialect.VLLM;
  int replicas = 1;
  Duration proxyDelay = Duration.ZERO;
  double backgroundRate;
  int backgroundPromptTokens = 500;
  int backgroundOutputTokens = 100;
  List<String> faults = List.of();
  long seed;
  int truthCapacity = 100_000;
  Optional<Path> truthLog = Optional.empty();
  boolean admin = true;

  private ServerSettings(List<Consumer<ServerSettings>> changes) {
    changes.forEach(change -> change.accept(this));
    if (tokenizer == null) {
      tokenizer = Tokenizers.resolve("o200k_base");
    }
    Require.that(port >= 0 && port <= 65_535, "port", port, "from 0 to 65535");
    certificate.ifPresent(file -> readable("the TLS certificate", file));
    privateKey.ifPresent(file -> readable("the TLS private key", file));
    positive("idleTimeout", idleTimeout);
    positive("receiveTimeout", receiveTimeout);
    atLeast("maxConnections", maxConnections, 1);
    atLeast("workers", workers, 1);
    Require.that(!modelName.isBlank(), "modelName", '"' + modelName + '"', "a non-blank name");
    atLeast("maxConcurrentRequests", maxConcurrentRequests, 1);
    atLeast("maxWaitingRequests", maxWaitingRequests, 1);
    Require.that(!retryAfter.isNegative(), "retryAfter", retryAfter, "at least 0");
    atLeast("maxModelTokens", maxModelTokens, 2);
    replyTokens.ifPresent(length -> maximumAtLeast("replyTokens", length, 1));
    maximumAtLeast("reasoningTokens", reasoningTokens, 0);
    maximumAtLeast("tokensPerChunk", tokensPerChunk, 1);
    Require.that(
        toolCallRate >= 0 && toolCallRate <= 1, "toolCallRate", toolCallRate, "from 0 to 1");
    maximumAtLeast("toolCalls", toolCalls, 1);
    atLeast("imageTokens", imageTokens, 0);
    atLeast("corruptAbove", corruptAbove, 0);
    engine.requireRoomFor(maxModelTokens);
    Require.that(replicas >= 1 && replicas <= 64, "replicas", replicas, "from 1 to 64");
    Require.that(!proxyDelay.isNegative(), "proxyDelay", proxyDelay, "at least 0");
    Require.that(
        backgroundRate >= 0 && backgroundRate <= 10_000,
        "backgroundRate",
        backgroundRate,
        "from 0 to 10000 requests/s");
    background("backgroundPromptTokens", backgroundPromptTokens);
    background("backgroundOutputTokens", backgroundOutputTokens);
    atLeast("storedResponses", storedResponses, 0);
    atLeast("truthCapacity", truthCapacity, 1);
    // for their checks
    new ApiKeys(apiKeys);
    new FaultRates(faults, seed);
  }

  private static void atLeast(String setting, int value, int least) {
    Require.that(value >= least, setting, value, "at least " + least);
  }

  private void background(String setting, int tokens) {
    Require.that(
        backgroundRate == 0 || (tokens >= 1 && tokens <= maxModelTokens / 2),
        setting,
        tokens,
        "from 1 to half of maxModelTokens (" + maxModelTokens + ")");
  }

  private static void positive(String setting, Duration value) {
    Require.that(!value.isNegative() && !value.isZero(), setting, value, "longer than 0");
  }

  private static void readable(String what, Path file) {
    Require.that(Files.isReadable(file), what, file, "a readable file");
  }

  /** Smaller draws are raised to the least value, so only the maximum is checked. */
  private static void maximumAtLeast(String setting, Distribution distribution, int least) {
    Require.that(distribution.maximum() >= least, setting, distribution, "at least " + least);
  }

  /** The name of the JSON field that carries a chat's reasoning. */
  public enum ReasoningField {
    /** Used by DeepSeek, SGLang and older versions of vLLM. */
    REASONING_CONTENT,
    /** Used by OpenRouter and newer versions of vLLM. */
    REASONING,
    /** Reasoning is counted in {@code usage}, but not sent, as OpenAI's own models do. */
    NONE;

    String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which {@code usage} a response has. */
  public enum UsageReport {
    /** All counts. */
    FULL,
    /** No usage, although the client asks for it. */
    NONE,
    /** A {@code completion_tokens} of 0, whatever was generated. */
    ZERO,
    /** In a stream, all counts after {@code [DONE]}. */
    LATE,
    /**
     * In a stream, the sums beside {@code finish_reason}, then all counts in a chunk of their own.
     */
    STAGED
  }

  /** Returns a builder with a default for every setting. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Builds {@link ServerSettings}. {@link #build()} checks the values. Not thread-safe. Most
   * setters are options of the {@code server} command, too.
   */
  public static final class Builder {

    private final List<Consumer<ServerSettings>> changes = new ArrayList<>();

    private Builder() {}

    private Builder set(Consumer<ServerSettings> change) {
      changes.add(change);
      return this;
    }

    /** Sets the tokenizer that counts prompts and writes responses. Default: {@code o200k_base}. */
    @Option(names = "--tokenizer", paramLabel = "NAME", converter = TokenizerNames.class)
    public Builder tokenizer(Tokenizer tokenizer) {
      return set(settings -> settings.tokenizer = tokenizer);
    }

    /** Sets the address to bind to. Default: 127.0.0.1. */
    @Option(names = "--host", paramLabel = "ADDRESS")
    public Builder host(String host) {
      return set(settings -> settings.host = host);
    }

    /** Sets the port to listen on. Default: 0, any free port. */
    @Option(names = "--port", paramLabel = "NUMBER", defaultValue = "8000")
    public Builder port(int port) {
      return set(settings -> settings.port = port);
    }

    /**
     * Enables TLS, and HTTP/2 by ALPN, with a self-signed certificate that {@link
     * SimulatedServer#certificate()} returns. Default: off.
     */
    public Builder tls() {
      return set(settings -> settings.tls = true);
    }

    /**
     * Enables TLS with a certificate from PEM files. The certificate file lists the server's own
     * certificate first; the key is PKCS #8 and not encrypted.
     */
    public Builder tls(Path certificate, Path privateKey) {
      return set(
          settings -> {
            settings.tls = true;
            settings.certificate = Optional.of(certificate);
            settings.privateKey = Optional.of(privateKey);
          });
    }

    /**
     * Requires a bearer key for all paths except {@code /health}, {@code /version} and {@code
     * /metrics}. Each call adds another valid key. Keys never appear in reports, logs or errors of
     * this server. Default: no key required.
     */
    @Option(names = "--api-key", paramLabel = "KEY")
    public Builder apiKey(String... apiKey) {
      return set(settings -> settings.apiKeys.addAll(List.of(apiKey)));
    }

    /**
     * Sets how long a connection without a request stays open. Default: 5 min, longer than the
     * clients' own limits, so that a client closes first.
     */
    @Option(names = "--idle-timeout", paramLabel = "TIME")
    public Builder idleTimeout(Duration idleTimeout) {
      return set(settings -> settings.idleTimeout = idleTimeout);
    }

    /** Sets how long a request may take from its first byte to its last. Default: 1 min. */
    @Option(names = "--receive-timeout", paramLabel = "TIME")
    public Builder receiveTimeout(Duration receiveTimeout) {
      return set(settings -> settings.receiveTimeout = receiveTimeout);
    }

    /** Sets how many connections can be open; more are closed at once. Default: 20,000. */
    @Option(names = "--max-connections", paramLabel = "NUMBER")
    public Builder maxConnections(int maxConnections) {
      return set(settings -> settings.maxConnections = maxConnections);
    }

    /**
     * Sets the number of event loops, and of threads that parse and tokenize prompts. Default: a
     * quarter of the processors.
     */
    public Builder workers(int workers) {
      return set(settings -> settings.workers = workers);
    }

    /** Sets the model name that {@code /v1/models} lists. Default: {@code simulated}. */
    @Option(names = "--model", paramLabel = "NAME")
    public Builder modelName(String modelName) {
      return set(settings -> settings.modelName = modelName);
    }

    /** Sets whether a request for another model fails with 404. Default: any name is accepted. */
    @Option(names = "--strict-model")
    public Builder strictModel(boolean strictModel) {
      return set(settings -> settings.strictModel = strictModel);
    }

    /**
     * Sets whether fields that OpenAI's own API does not have, such as vLLM's {@code ignore_eos},
     * fail with 400. Default: they are understood or ignored.
     */
    @Option(names = "--reject-unknown-fields")
    public Builder rejectUnknownFields(boolean rejectUnknownFields) {
      return set(settings -> settings.rejectUnknownFields = rejectUnknownFields);
    }

    /** Sets how many requests can be in progress; more fail with 429. Default: no limit. */
    @Option(names = "--max-concurrent-requests", paramLabel = "NUMBER")
    public Builder maxConcurrentRequests(int maxConcurrentRequests) {
      return set(settings -> settings.maxConcurrentRequests = maxConcurrentRequests);
    }

    /** Sets how many tokens of the prompt an image takes, whatever its size. Default: 256. */
    @Option(names = "--image-tokens", paramLabel = "NUMBER")
    public Builder imageTokens(int tokens) {
      return set(settings -> settings.imageTokens = tokens);
    }

    /**
     * Sets how many requests can be in progress before texts are wrong: the second half of a text
     * then has other words than it has for the same request at a lower load. Default: never.
     */
    @Option(names = "--corrupt-above", paramLabel = "NUMBER")
    public Builder corruptAbove(int requests) {
      return set(settings -> settings.corruptAbove = requests);
    }

    /** Sets how many requests can wait for the engine; more fail with 503. Default: no limit. */
    @Option(names = "--max-waiting-requests", paramLabel = "NUMBER")
    public Builder maxWaitingRequests(int maxWaitingRequests) {
      return set(settings -> settings.maxWaitingRequests = maxWaitingRequests);
    }

    /**
     * Sets the {@code Retry-After} of responses with 429 and 503, in whole seconds. Default: 1 s; 0
     * omits the header.
     */
    @Option(names = "--retry-after", paramLabel = "TIME")
    public Builder retryAfter(Duration retryAfter) {
      return set(settings -> settings.retryAfter = retryAfter);
    }

    /** Sets the context window, prompt and response together, in tokens. Default: 32,768. */
    @Option(names = "--max-model-tokens", paramLabel = "TOKENS")
    public Builder maxModelTokens(int maxModelTokens) {
      return set(settings -> settings.maxModelTokens = maxModelTokens);
    }

    /**
     * Sets how many tokens a response has before the model stops by itself, without reasoning. The
     * response then ends with {@code stop}, unless {@code max_tokens} is reached first or the
     * request sets {@code ignore_eos}. Default: every response is as long as its {@code
     * max_tokens}; a chat without one stops after 64 tokens.
     */
    @Option(names = "--reply-tokens", paramLabel = "TOKENS")
    public Builder replyTokens(Distribution replyTokens) {
      return set(settings -> settings.replyTokens = Optional.of(replyTokens));
    }

    /**
     * Sets how many reasoning tokens come before a chat's content, unless the request has {@code
     * "reasoning_effort": "none"} or {@code enable_thinking: false} in its {@code
     * chat_template_kwargs}. They count towards {@code max_tokens}. Default: none.
     */
    @Option(names = "--reasoning-tokens", paramLabel = "TOKENS")
    public Builder reasoningTokens(Distribution reasoningTokens) {
      return set(settings -> settings.reasoningTokens = reasoningTokens);
    }

    /** Sets the field that carries reasoning. Default: {@code reasoning_content}. */
    @Option(names = "--reasoning-field", paramLabel = "NAME")
    public Builder reasoningField(ReasoningField reasoningField) {
      return set(settings -> settings.reasoningField = reasoningField);
    }

    /**
     * Sets how many tokens a streamed chunk carries, as with speculative decoding. The first chunk
     * of a response carries one, and no chunk mixes two kinds of tokens. Default: 1.
     */
    @Option(names = "--tokens-per-chunk", paramLabel = "TOKENS")
    public Builder tokensPerChunk(Distribution tokensPerChunk) {
      return set(settings -> settings.tokensPerChunk = tokensPerChunk);
    }

    /**
     * Sets the fraction of chats with tools and {@code tool_choice} {@code auto} that call one,
     * from 0 to 1. A required tool is always called. Default: 0.
     */
    @Option(names = "--tool-call-rate", paramLabel = "SHARE")
    public Builder toolCallRate(double toolCallRate) {
      return set(settings -> settings.toolCallRate = toolCallRate);
    }

    /**
     * Sets how many tools a response calls, unless {@code parallel_tool_calls} is false. Default:
     * 1.
     */
    @Option(names = "--tool-calls", paramLabel = "NUMBER")
    public Builder toolCalls(Distribution toolCalls) {
      return set(settings -> settings.toolCalls = toolCalls);
    }

    /**
     * Sets the engine's settings to those of a profile. Default: {@link EngineProfile#PLEASANT}.
     */
    public Builder engine(EngineProfile profile) {
      return engine(profile.settings());
    }

    /** Sets the engine's timing and capacity. Default: {@link EngineProfile#PLEASANT}. */
    public Builder engine(EngineSettings engine) {
      return set(settings -> settings.engine = engine);
    }

    /** Sets whether {@code usage} contains the number of cached tokens. Default: true. */
    @Option(names = "--hide-cached-tokens", defaultValue = "true")
    public Builder reportCachedTokens(boolean reportCachedTokens) {
      return set(settings -> settings.reportCachedTokens = reportCachedTokens);
    }

    /**
     * Sets whether {@code usage} contains a number of cached tokens that is 0; vLLM omits it.
     * Default: true.
     */
    @Option(names = "--hide-zero-cached-tokens", defaultValue = "true")
    public Builder reportZeroCachedTokens(boolean reportZeroCachedTokens) {
      return set(settings -> settings.reportZeroCachedTokens = reportZeroCachedTokens);
    }

    /**
     * Sets whether the end-of-sequence token counts, as in vLLM: a response that ends with {@code
     * stop} has one token more than its text, which comes one step later, with {@code
     * finish_reason}. Default: false.
     */
    @Option(names = "--count-end-of-sequence")
    public Builder countEndOfSequence(boolean countEndOfSequence) {
      return set(settings -> settings.countEndOfSequence = countEndOfSequence);
    }

    /** Sets which real server's chunks and usage to imitate. Default: {@link Dialect#OPENAI}. */
    @Option(names = "--dialect", paramLabel = "NAME")
    public Builder dialect(Dialect dialect) {
      return set(settings -> settings.dialect = dialect);
    }

    /** Sets which usage responses have. Default: {@link UsageReport#FULL}. */
    @Option(names = "--usage", paramLabel = "NAME")
    public Builder usage(UsageReport usage) {
      return set(settings -> settings.usageReport = usage);
    }

    /** Sets whose metrics {@code /metrics} has. Default: {@link MetricsDialect#VLLM}. */
    @Option(names = "--metrics", paramLabel = "NAME")
    public Builder metrics(MetricsDialect metrics) {
      return set(settings -> settings.metrics = metrics);
    }

    /**
     * Sets the number of engines behind the address, from 1 to 64. They take requests in turn; the
     * response header {@code X-Served-By} says which one it was, such as {@code replica-0}. The
     * metrics list all of them. Default: 1, without the header.
     */
    @Option(names = "--replicas", paramLabel = "NUMBER")
    public Builder replicas(int replicas) {
      return set(settings -> settings.replicas = replicas);
    }

    /**
     * Sets how long each request is held before the server counts as having received it, as a slow
     * gateway does. Default: 0.
     */
    @Option(names = "--proxy-delay", paramLabel = "TIME")
    public Builder proxyDelay(Duration proxyDelay) {
      return set(settings -> settings.proxyDelay = proxyDelay);
    }

    /**
     * Sets how many requests per second a second client sends, from 0 to 10,000. They take part in
     * batches, the KV cache and the metrics, but not in the truth. With several replicas, all go to
     * the first one. Default: 0.
     */
    @Option(names = "--background-rate", paramLabel = "REQUESTS/S")
    public Builder backgroundRate(double backgroundRate) {
      return set(settings -> settings.backgroundRate = backgroundRate);
    }

    /** Sets the prompt tokens of the second client's requests, which share none. Default: 500. */
    @Option(names = "--background-prompt-tokens", paramLabel = "TOKENS")
    public Builder backgroundPromptTokens(int backgroundPromptTokens) {
      return set(settings -> settings.backgroundPromptTokens = backgroundPromptTokens);
    }

    /** Sets the output tokens of the second client's requests. Default: 100. */
    @Option(names = "--background-output-tokens", paramLabel = "TOKENS")
    public Builder backgroundOutputTokens(int backgroundOutputTokens) {
      return set(settings -> settings.backgroundOutputTokens = backgroundOutputTokens);
    }

    /**
     * Sets the faults and their rates, such as {@code "reset=0.01"} or {@code
     * "stall=0.02;after=3;for=2s"}. A request meets at most one. Default: none.
     */
    @Option(names = "--fault", paramLabel = "NAME=RATE")
    public Builder faults(String... faults) {
      return set(settings -> settings.faults = List.of(faults));
    }

    /**
     * Sets whether the engine goes on with a response whose client has disconnected, as servers do
     * that notice it only when they write. Default: it stops at once, as vLLM does.
     */
    @Option(names = "--keep-generating")
    public Builder keepGenerating(boolean keepGenerating) {
      return set(settings -> settings.keepGenerating = keepGenerating);
    }

    /**
     * Sets how many responses of the Responses API the server holds, for requests that continue
     * them. Beyond it, the oldest are dropped. Default: 10,000; 0 holds none, as vLLM does unless
     * it is told to.
     */
    @Option(names = "--stored-responses", paramLabel = "COUNT")
    public Builder storedResponses(int storedResponses) {
      return set(settings -> settings.storedResponses = storedResponses);
    }

    /** Sets the seed of the responses' words, the jitter and the faults. Default: 0. */
    @Option(names = "--seed", paramLabel = "NUMBER")
    public Builder seed(long seed) {
      return set(settings -> settings.seed = seed);
    }

    /** Sets how many requests {@link SimulatedServer#truth()} remembers. Default: 100,000. */
    public Builder truthCapacity(int truthCapacity) {
      return set(settings -> settings.truthCapacity = truthCapacity);
    }

    /** Sets a file that gets one line of JSON for each request when it ends. Default: none. */
    @Option(names = "--truth-log", paramLabel = "FILE")
    public Builder truthLog(Path truthLog) {
      return set(settings -> settings.truthLog = Optional.of(truthLog));
    }

    /**
     * Sets whether the paths under {@code /admin} and {@code /reset_prefix_cache} exist. Default:
     * true.
     */
    @Option(names = "--no-admin", defaultValue = "true")
    public Builder admin(boolean admin) {
      return set(settings -> settings.admin = admin);
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException for a value out of its range, with the setting's name
     */
    public ServerSettings build() {
      return new ServerSettings(changes);
    }
  }

  /** Reads the tokenizer of the command line. */
  private static final class TokenizerNames implements ITypeConverter<Tokenizer> {

    @Override
    public Tokenizer convert(String name) {
      return Tokenizers.resolve(name);
    }
  }
}
