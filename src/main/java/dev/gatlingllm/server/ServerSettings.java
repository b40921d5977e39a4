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

/**
 * The settings of a {@link SimulatedServer}. Immutable; a {@link Builder} creates it and documents
 * each setting.
 */
public record ServerSettings(
    Tokenizer tokenizer,
    String host,
    int port,
    TlsSettings tls,
    ApiKeys apiKeys,
    int workers,
    String modelName,
    boolean strictModel,
    boolean rejectUnknownFields,
    RequestLimits limits,
    int maxModelTokens,
    ResponseSettings responses,
    EngineSettings engine,
    boolean reportCachedTokens,
    List<String> faults,
    long seed,
    int truthCapacity,
    Optional<Path> truthLog,
    boolean admin) {

  /**
   * @throws IllegalArgumentException for a value out of its range
   */
  public ServerSettings {
    Require.that(port >= 0 && port <= 65_535, "port", port, "from 0 to 65535");
    atLeast("workers", workers, 1);
    Require.that(!modelName.isBlank(), "modelName", '"' + modelName + '"', "a non-blank name");
    atLeast("maxModelTokens", maxModelTokens, 2);
    engine.requireRoomFor(maxModelTokens);
    atLeast("truthCapacity", truthCapacity, 1);
    faults = new FaultRates(faults, seed).texts();
  }

  private static void atLeast(String setting, int value, int least) {
    Require.that(value >= least, setting, value, "at least " + least);
  }

  /** Whether the server uses TLS, and with which certificate. */
  record TlsSettings(boolean enabled, Optional<Path> certificate, Optional<Path> privateKey) {

    /**
     * @throws IllegalArgumentException for a certificate without a key, or an unreadable file
     */
    TlsSettings {
      Require.that(
          certificate.isPresent() == privateKey.isPresent(),
          "the TLS certificate and its private key",
          certificate.or(() -> privateKey).map(file -> "only " + file).orElse("none"),
          "given together");
      certificate.ifPresent(file -> checkReadable("the TLS certificate", file));
      privateKey.ifPresent(file -> checkReadable("the TLS private key", file));
    }

    private static void checkReadable(String what, Path file) {
      Require.that(Files.isReadable(file), what, file, "a readable file");
    }

    /** Whether the server generates a self-signed certificate when it starts. */
    boolean isSelfSigned() {
      return enabled && certificate.isEmpty();
    }
  }

  /** How many requests the server accepts at once, and the {@code Retry-After} of the others. */
  record RequestLimits(int concurrentRequests, int waitingRequests, Duration retryAfter) {

    /**
     * @throws IllegalArgumentException for a value out of its range
     */
    RequestLimits {
      atLeast("maxConcurrentRequests", concurrentRequests, 1);
      atLeast("maxWaitingRequests", waitingRequests, 1);
      Require.that(!retryAfter.isNegative(), "retryAfter", retryAfter, "at least 0");
    }
  }

  /** The content of responses, where the request does not decide. */
  record ResponseSettings(
      Optional<Distribution> tokens,
      Distribution reasoningTokens,
      ReasoningField reasoningField,
      Distribution tokensPerChunk,
      double toolCallRate,
      Distribution toolCalls) {

    /**
     * @throws IllegalArgumentException for a value out of its range
     */
    ResponseSettings {
      tokens.ifPresent(length -> maximumAtLeast("replyTokens", length, 1));
      maximumAtLeast("reasoningTokens", reasoningTokens, 0);
      maximumAtLeast("tokensPerChunk", tokensPerChunk, 1);
      Require.that(
          toolCallRate >= 0 && toolCallRate <= 1, "toolCallRate", toolCallRate, "from 0 to 1");
      maximumAtLeast("toolCalls", toolCalls, 1);
    }

    /** Smaller draws are raised to the least value, so only the maximum is checked. */
    private static void maximumAtLeast(String setting, Distribution distribution, int least) {
      Require.that(distribution.maximum() >= least, setting, distribution, "at least " + least);
    }
  }

  /** The name of the JSON field that carries a chat's reasoning. */
  public enum ReasoningField {
    /** Used by DeepSeek, SGLang and older versions of vLLM. */
    REASONING_CONTENT,
    /** Used by OpenRouter and newer versions of vLLM. */
    REASONING;

    String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns a builder with a default for every setting. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds {@link ServerSettings}. {@link #build()} checks the values. Not thread-safe. */
  public static final class Builder {

    private Tokenizer tokenizer;
    private String host = "127.0.0.1";
    private int port;
    private TlsSettings tls = new TlsSettings(false, Optional.empty(), Optional.empty());
    private final List<String> apiKeys = new ArrayList<>();
    private int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    private String modelName = "simulated";
    private boolean strictModel;
    private boolean rejectUnknownFields;
    private int maxConcurrentRequests = Integer.MAX_VALUE;
    private int maxWaitingRequests = Integer.MAX_VALUE;
    private Duration retryAfter = Duration.ofSeconds(1);
    private int maxModelTokens = 32_768;
    private Optional<Distribution> replyTokens = Optional.empty();
    private Distribution reasoningTokens = Distribution.constant(0);
    private ReasoningField reasoningField = ReasoningField.REASONING_CONTENT;
    private Distribution tokensPerChunk = Distribution.constant(1);
    private double toolCallRate;
    private Distribution toolCalls = Distribution.constant(1);
    private EngineSettings engine = EngineProfile.PLEASANT.settings();
    private boolean reportCachedTokens = true;
    private List<String> faults = List.of();
    private long seed;
    private int truthCapacity = 100_000;
    private Optional<Path> truthLog = Optional.empty();
    private boolean admin = true;

    private Builder() {}

    /** Sets the tokenizer that counts prompts and writes responses. Default: {@code o200k_base}. */
    public Builder tokenizer(Tokenizer tokenizer) {
      this.tokenizer = tokenizer;
      return this;
    }

    /** Sets the address to bind to. Default: 127.0.0.1. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets the port to listen on. Default: 0, any free port. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Enables TLS, and HTTP/2 by ALPN, with a self-signed certificate that {@link
     * SimulatedServer#certificate()} returns. Default: off.
     */
    public Builder tls() {
      tls = new TlsSettings(true, Optional.empty(), Optional.empty());
      return this;
    }

    /**
     * Enables TLS with a certificate from PEM files. The certificate file lists the server's own
     * certificate first; the key is PKCS #8 and not encrypted.
     */
    public Builder tls(Path certificate, Path privateKey) {
      tls = new TlsSettings(true, Optional.of(certificate), Optional.of(privateKey));
      return this;
    }

    /**
     * Requires a bearer key under {@code /v1} and {@code /admin}. Each call adds another valid key.
     * Keys never appear in reports, logs or errors of this server. Default: no key required.
     */
    public Builder apiKey(String apiKey) {
      apiKeys.add(apiKey);
      return this;
    }

    /**
     * Sets the number of event loops, and of threads that parse and tokenize prompts. Default: a
     * quarter of the processors.
     */
    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    /** Sets the model name that {@code /v1/models} lists. Default: {@code simulated}. */
    public Builder modelName(String modelName) {
      this.modelName = modelName;
      return this;
    }

    /** Sets whether a request for another model fails with 404. Default: any name is accepted. */
    public Builder strictModel(boolean strictModel) {
      this.strictModel = strictModel;
      return this;
    }

    /**
     * Sets whether fields that OpenAI's own API does not have, such as vLLM's {@code ignore_eos},
     * fail with 400. Default: they are understood or ignored.
     */
    public Builder rejectUnknownFields(boolean rejectUnknownFields) {
      this.rejectUnknownFields = rejectUnknownFields;
      return this;
    }

    /** Sets how many requests can be in progress; more fail with 429. Default: no limit. */
    public Builder maxConcurrentRequests(int maxConcurrentRequests) {
      this.maxConcurrentRequests = maxConcurrentRequests;
      return this;
    }

    /** Sets how many requests can wait for the engine; more fail with 503. Default: no limit. */
    public Builder maxWaitingRequests(int maxWaitingRequests) {
      this.maxWaitingRequests = maxWaitingRequests;
      return this;
    }

    /**
     * Sets the {@code Retry-After} of responses with 429 and 503, in whole seconds. Default: 1 s; 0
     * omits the header.
     */
    public Builder retryAfter(Duration retryAfter) {
      this.retryAfter = retryAfter;
      return this;
    }

    /** Sets the context window, prompt and response together, in tokens. Default: 32,768. */
    public Builder maxModelTokens(int maxModelTokens) {
      this.maxModelTokens = maxModelTokens;
      return this;
    }

    /**
     * Sets how many tokens a response has before the model stops by itself, without reasoning. The
     * response then ends with {@code stop}, unless {@code max_tokens} is reached first or the
     * request sets {@code ignore_eos}. Default: every response is as long as allowed.
     */
    public Builder replyTokens(Distribution replyTokens) {
      this.replyTokens = Optional.of(replyTokens);
      return this;
    }

    /**
     * Sets how many reasoning tokens come before a chat's content, unless the request has {@code
     * "reasoning_effort": "none"} or {@code enable_thinking: false} in its {@code
     * chat_template_kwargs}. They count towards {@code max_tokens}. Default: none.
     */
    public Builder reasoningTokens(Distribution reasoningTokens) {
      this.reasoningTokens = reasoningTokens;
      return this;
    }

    /** Sets the field that carries reasoning. Default: {@code reasoning_content}. */
    public Builder reasoningField(ReasoningField reasoningField) {
      this.reasoningField = reasoningField;
      return this;
    }

    /**
     * Sets how many tokens a streamed chunk carries, as with speculative decoding. The first chunk
     * of a response carries one, and no chunk mixes two kinds of tokens. Default: 1.
     */
    public Builder tokensPerChunk(Distribution tokensPerChunk) {
      this.tokensPerChunk = tokensPerChunk;
      return this;
    }

    /**
     * Sets the fraction of chats with tools and {@code tool_choice} {@code auto} that call one,
     * from 0 to 1. A required tool is always called. Default: 0.
     */
    public Builder toolCallRate(double toolCallRate) {
      this.toolCallRate = toolCallRate;
      return this;
    }

    /**
     * Sets how many tools a response calls, unless {@code parallel_tool_calls} is false. Default:
     * 1.
     */
    public Builder toolCalls(Distribution toolCalls) {
      this.toolCalls = toolCalls;
      return this;
    }

    /**
     * Sets the engine's settings to those of a profile. Default: {@link EngineProfile#PLEASANT}.
     */
    public Builder engine(EngineProfile profile) {
      engine = profile.settings();
      return this;
    }

    /** Sets the engine's timing and capacity. Default: {@link EngineProfile#PLEASANT}. */
    public Builder engine(EngineSettings engine) {
      this.engine = engine;
      return this;
    }

    /** Sets whether {@code usage} contains the number of cached tokens. Default: true. */
    public Builder reportCachedTokens(boolean reportCachedTokens) {
      this.reportCachedTokens = reportCachedTokens;
      return this;
    }

    /**
     * Sets the faults and their rates, such as {@code "reset=0.01"} or {@code
     * "stall=0.02;after=3;for=2s"}. A request meets at most one. Default: none.
     */
    public Builder faults(String... faults) {
      this.faults = List.of(faults);
      return this;
    }

    /** Sets the seed of the responses' words, the jitter and the faults. Default: 0. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets how many requests {@link SimulatedServer#truth()} remembers. Default: 100,000. */
    public Builder truthCapacity(int truthCapacity) {
      this.truthCapacity = truthCapacity;
      return this;
    }

    /** Sets a file that gets one line of JSON for each request when it ends. Default: none. */
    public Builder truthLog(Path truthLog) {
      this.truthLog = Optional.of(truthLog);
      return this;
    }

    /**
     * Sets whether the paths under {@code /admin} and {@code /reset_prefix_cache} exist. Default:
     * true.
     */
    public Builder admin(boolean admin) {
      this.admin = admin;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException for a value out of its range, with the setting's name
     */
    public ServerSettings build() {
      return new ServerSettings(
          tokenizer == null ? Tokenizers.resolve("o200k_base") : tokenizer,
          host,
          port,
          tls,
          new ApiKeys(apiKeys),
          workers,
          modelName,
          strictModel,
          rejectUnknownFields,
          new RequestLimits(maxConcurrentRequests, maxWaitingRequests, retryAfter),
          maxModelTokens,
          new ResponseSettings(
              replyTokens,
              reasoningTokens,
              reasoningField,
              tokensPerChunk,
              toolCallRate,
              toolCalls),
          engine,
          reportCachedTokens,
          faults,
          seed,
          truthCapacity,
          truthLog,
          admin);
    }
  }
}
