package dev.gatlingllm.server;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.server.engine.EngineProfile;
import dev.gatlingllm.server.engine.EngineSettings;
import dev.gatlingllm.server.engine.Require;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link SimulatedServer} is told before it starts. Immutable; made by {@link #builder()},
 * whose methods say what each setting means.
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
    LoadLimits limits,
    int maxModelTokens,
    ReplyStyle replies,
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
    Require.that(workers >= 1, "workers", workers, "1 or more");
    Require.that(!modelName.isBlank(), "modelName", '"' + modelName + '"', "a name");
    Require.that(maxModelTokens >= 2, "maxModelTokens", maxModelTokens, "2 or more");
    engine.requireRoomFor(maxModelTokens);
    Require.that(truthCapacity >= 1, "truthCapacity", truthCapacity, "1 or more");
    faults = new FaultRates(faults, seed).texts();
  }

  /** Sensible values for everything. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; used by one thread. Values are checked by {@link #build()}. */
  public static final class Builder {

    private Tokenizer tokenizer;
    private String host = "127.0.0.1";
    private int port;
    private TlsSettings tls = TlsSettings.OFF;
    private final List<String> apiKeys = new ArrayList<>();
    private int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    private String modelName = "simulated";
    private boolean strictModel;
    private boolean rejectUnknownFields;
    private int maxConcurrentRequests = LoadLimits.NONE;
    private int maxWaitingRequests = LoadLimits.NONE;
    private Duration retryAfter = Duration.ofSeconds(1);
    private int maxModelTokens = 32_768;
    private Optional<Distribution> replyTokens = Optional.empty();
    private Distribution reasoningTokens = Distribution.constant(0);
    private ReplyStyle.ReasoningField reasoningField = ReplyStyle.ReasoningField.REASONING_CONTENT;
    private Distribution tokensPerChunk = Distribution.constant(1);
    private double toolCallRate;
    private Distribution toolCalls = Distribution.constant(1);
    private EngineSettings engine = EngineProfile.PLEASANT.settings();
    private boolean reportCachedTokens = true;
    private List<String> faults = List.of();
    private long seed;
    private int truthCapacity = 100_000;
    private Path truthLog;
    private boolean admin = true;

    private Builder() {}

    /** What counts prompts and writes replies: {@code o200k_base} by default. */
    public Builder tokenizer(Tokenizer tokenizer) {
      this.tokenizer = tokenizer;
      return this;
    }

    /** The address to bind to: loopback unless told otherwise. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** The port to listen on; 0, the default, takes any free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Speaks TLS, and HTTP/2 with clients that know it, with a certificate that is made at the
     * start and that {@link SimulatedServer#certificate()} tells. Off by default.
     */
    public Builder tls() {
      this.tls = TlsSettings.SELF_SIGNED;
      return this;
    }

    /** Speaks TLS with a certificate of the caller's own, from files in PEM. */
    public Builder tls(Path certificate, Path privateKey) {
      this.tls = new TlsSettings(true, Optional.of(certificate), Optional.of(privateKey));
      return this;
    }

    /**
     * Asks for a bearer key under {@code /v1} and {@code /admin}; may be called again for another
     * that is as good. No report, log or error of this server has it.
     */
    public Builder apiKey(String apiKey) {
      apiKeys.add(apiKey);
      return this;
    }

    /** Event loops, and as many threads that read and tokenise prompts; a quarter of the cores. */
    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    /** The model that {@code /v1/models} lists; {@code simulated} by default. */
    public Builder modelName(String modelName) {
      this.modelName = modelName;
      return this;
    }

    /** Whether another model's name is an error, 404; by default any name will do. */
    public Builder strictModel(boolean strictModel) {
      this.strictModel = strictModel;
      return this;
    }

    /**
     * Whether a field that OpenAI's own servers do not know, such as vLLM's {@code ignore_eos}, is
     * an error, 400; by default they are understood or ignored.
     */
    public Builder rejectUnknownFields(boolean rejectUnknownFields) {
      this.rejectUnknownFields = rejectUnknownFields;
      return this;
    }

    /** How many requests may be under way; more are refused with 429. No limit by default. */
    public Builder maxConcurrentRequests(int maxConcurrentRequests) {
      this.maxConcurrentRequests = maxConcurrentRequests;
      return this;
    }

    /**
     * How many requests may wait for the engine; more are refused with 503. No limit by default.
     */
    public Builder maxWaitingRequests(int maxWaitingRequests) {
      this.maxWaitingRequests = maxWaitingRequests;
      return this;
    }

    /**
     * What those who are refused are told to wait, in whole seconds; 1 s by default, 0 for nothing.
     */
    public Builder retryAfter(Duration retryAfter) {
      this.retryAfter = retryAfter;
      return this;
    }

    /** The context window: prompt and reply together, in tokens; 32,768 by default. */
    public Builder maxModelTokens(int maxModelTokens) {
      this.maxModelTokens = maxModelTokens;
      return this;
    }

    /**
     * How many tokens the model says before it has no more to say, reasoning not counted: a reply
     * then ends with {@code stop}, unless {@code max_tokens} is reached before or the request says
     * {@code ignore_eos}. Without it, the default, every reply is as long as it may be.
     */
    public Builder replyTokens(Distribution replyTokens) {
      this.replyTokens = Optional.of(replyTokens);
      return this;
    }

    /**
     * How many tokens of reasoning come before a chat's content, unless the request says {@code
     * "reasoning_effort": "none"} or {@code enable_thinking: false} among its {@code
     * chat_template_kwargs}. They count towards {@code max_tokens}. None by default.
     */
    public Builder reasoningTokens(Distribution reasoningTokens) {
      this.reasoningTokens = reasoningTokens;
      return this;
    }

    /** The name under which reasoning is told; {@code reasoning_content} by default. */
    public Builder reasoningField(ReplyStyle.ReasoningField reasoningField) {
      this.reasoningField = reasoningField;
      return this;
    }

    /**
     * How many tokens a streamed chunk carries, as with speculative decoding; 1 by default. The
     * first chunk of a reply always carries one, and none holds two kinds of tokens.
     */
    public Builder tokensPerChunk(Distribution tokensPerChunk) {
      this.tokensPerChunk = tokensPerChunk;
      return this;
    }

    /**
     * The share of the chats with tools, and {@code tool_choice} {@code auto}, whose reply calls
     * one, from 0 to 1; 0 by default. Where a tool is required, one is called.
     */
    public Builder toolCallRate(double toolCallRate) {
      this.toolCallRate = toolCallRate;
      return this;
    }

    /**
     * How many calls a reply that calls tools makes, unless {@code parallel_tool_calls} is false; 1
     * by default.
     */
    public Builder toolCalls(Distribution toolCalls) {
      this.toolCalls = toolCalls;
      return this;
    }

    /** The engine as a profile has it; {@link EngineProfile#PLEASANT} by default. */
    public Builder engine(EngineProfile profile) {
      return engine(profile.settings());
    }

    /** When tokens come and what the cache holds; {@link EngineProfile#PLEASANT} by default. */
    public Builder engine(EngineSettings engine) {
      this.engine = engine;
      return this;
    }

    /** Whether {@code usage} says how much of the prompt was cached; it does by default. */
    public Builder reportCachedTokens(boolean reportCachedTokens) {
      this.reportCachedTokens = reportCachedTokens;
      return this;
    }

    /**
     * Which shares of the requests meet which faults: each a name with its rate, and what else
     * belongs to it, such as {@code "reset=0.01"} or {@code "stall=0.02;after=3;for=2s"}; none by
     * default. A request meets one at most.
     */
    public Builder faults(String... faults) {
      this.faults = List.of(faults);
      return this;
    }

    /**
     * Decides the replies' words, the jitter and the faults, together with the prompt; 0 if not
     * set.
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** How many requests the truth log remembers, see {@link SimulatedServer#truth()}; 100,000. */
    public Builder truthCapacity(int truthCapacity) {
      this.truthCapacity = truthCapacity;
      return this;
    }

    /** A file to write each request's truth to as it ends, a line of JSON each; none by default. */
    public Builder truthLog(Path truthLog) {
      this.truthLog = truthLog;
      return this;
    }

    /** Whether faults and truths can be reached under {@code /admin}; they can by default. */
    public Builder admin(boolean admin) {
      this.admin = admin;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the setting, its value and what would be right
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
          new LoadLimits(maxConcurrentRequests, maxWaitingRequests, retryAfter),
          maxModelTokens,
          new ReplyStyle(
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
          Optional.ofNullable(truthLog),
          admin);
    }
  }
}
