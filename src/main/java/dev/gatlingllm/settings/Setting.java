package dev.gatlingllm.settings;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.OnAbandon;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.Patience;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.ReplayTiming;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.SystemRole;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.BodyShape.CacheControl;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.MaxTokensField;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.conversation.RequestFields;
import dev.gatlingllm.prompt.SyntheticImages;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.workload.ArrivalPattern;
import dev.gatlingllm.workload.ArrivalRate;
import dev.gatlingllm.workload.Column;
import dev.gatlingllm.workload.FeederColumns.Purpose;
import dev.gatlingllm.workload.GroupWeights;
import dev.gatlingllm.workload.Images;
import dev.gatlingllm.workload.LengthTriples;
import dev.gatlingllm.workload.Shard;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * A setting: its name, how its values are read, and which are allowed. Every setting is declared
 * here, once; {@code llm-defaults.conf} holds its description and its default, if it has one.
 *
 * @param <T> the type of its values
 */
public final class Setting<T> {

  private static final Map<String, Setting<?>> DECLARED = new LinkedHashMap<>();

  // target and load
  public static final Setting<String> BASE_URL =
      declare("baseUrl", ValueType.parsedBy(text -> ServerRoot.parse(text).url()));
  public static final Setting<Api> API = declare("api", ValueType.oneOf(Api.class));
  public static final Setting<String> MODEL =
      declare("model", ValueType.text().that(name -> !name.isBlank(), "a model's name"));
  public static final Setting<Map<String, Double>> MODELS =
      declare("models", ValueType.parsedBy(ModelChoice::parseWeights));
  public static final Setting<ModelChoice.Span> MODEL_CHOICE =
      declare("modelChoice", ValueType.oneOf(ModelChoice.Span.class));
  public static final Setting<String> TOKENIZER = declare("tokenizer", ValueType.text());
  public static final Setting<Integer> USERS = declare("users", ValueType.integer(1));
  public static final Setting<Integer> USERS_PER_SHARD =
      declare("usersPerShard", ValueType.integer(1));
  public static final Setting<ArrivalRate> RATE =
      declare("rate", ValueType.parsedBy(ArrivalRate::parse));
  public static final Setting<ArrivalRate> RATE_PER_SHARD =
      declare("ratePerShard", ValueType.parsedBy(ArrivalRate::parse));
  public static final Setting<ArrivalPattern> ARRIVALS =
      declare("arrivals", ValueType.parsedBy(ArrivalPattern::parse));
  public static final Setting<Duration> DURATION =
      declare("duration", ValueType.duration(Duration.ofSeconds(1)));
  public static final Setting<Duration> WARMUP =
      declare("warmup", ValueType.duration(Duration.ZERO));
  public static final Setting<Distribution> THINK_TIME = declare("thinkTime", ValueType.seconds());
  public static final Setting<Duration> REQUEST_TIMEOUT =
      declare("requestTimeout", ValueType.duration(Duration.ofSeconds(1)));
  public static final Setting<Duration> CHUNK_TIMEOUT =
      declare("chunkTimeout", ValueType.duration(Duration.ofMillis(1)));
  public static final Setting<Boolean> INSECURE = declare("insecure", ValueType.flag());
  public static final Setting<Boolean> ANY_GATLING = declare("anyGatling", ValueType.flag());
  public static final Setting<Shard> SHARD = declare("shard", ValueType.parsedBy(Shard::parse));
  public static final Setting<Instant> START_AT = declare("startAt", ValueType.instant());
  public static final Setting<Long> SEED = declare("seed", ValueType.wholeNumber());
  public static final Setting<String> SALT = declare("salt", ValueType.text());
  public static final Setting<String> BENCHMARK = declare("benchmark", ValueType.text());

  // generated conversations
  /** Stands for a number of turns that no conversation reaches. */
  public static final Distribution FOREVER = Distribution.constant(Integer.MAX_VALUE);

  /** Stands for lengths that a column of a feeder decides. */
  public static final Distribution OF_A_FEEDER = Distribution.constant(1);

  /** Stands for the lengths of texts that a feeder has. */
  public static final Distribution OF_TEXTS = Distribution.constant(1);

  public static final Setting<Integer> GROUPS = declare("groups", ValueType.integer(1));
  public static final Setting<IntFunction<GroupWeights>> GROUP_WEIGHTS =
      declare(
          "groupWeights", ValueType.parsedBy(text -> groups -> GroupWeights.parse(text, groups)));
  public static final Setting<Integer> CONVERSATIONS_PER_GROUP =
      declare("conversationsPerGroup", ValueType.integer(1));
  public static final Setting<Long> MAX_CONVERSATIONS =
      declare("maxConversations", ValueType.wholeNumber(1));
  public static final Setting<Integer> COMMON_PREFIX_TOKENS =
      declare("commonPrefixTokens", ValueType.integer(0));
  public static final Setting<Distribution> SYSTEM_PROMPT_TOKENS =
      declare("systemPromptTokens", ValueType.lengths(0));
  public static final Setting<Distribution> PRIVATE_CONTEXT_TOKENS =
      declare("privateContextTokens", ValueType.lengths(0));
  public static final Setting<Distribution> QUESTION_TOKENS =
      declare("questionTokens", ValueType.lengths(1));
  public static final Setting<Distribution> OUTPUT_TOKENS =
      declare("outputTokens", ValueType.lengths(1));
  public static final Setting<LengthTriples> LENGTHS =
      declare("lengths", ValueType.parsedBy(file -> LengthTriples.read(Path.of(file))));
  public static final Setting<Path> CORPUS =
      declare(
          "corpus",
          ValueType.parsedBy(Path::of).that(Files::isRegularFile, "the path of a text file"));
  public static final Setting<Distribution> IMAGES = declare("images", ValueType.lengths(0));
  public static final Setting<Images.Turns> IMAGE_TURNS =
      declare("imageTurns", ValueType.oneOf(Images.Turns.class));
  public static final Setting<SyntheticImages.Size> IMAGE_SIZE =
      declare("imageSize", ValueType.parsedBy(SyntheticImages.Size::parse));
  public static final Setting<Integer> IMAGE_TOKENS = declare("imageTokens", ValueType.integer(0));
  public static final Setting<Distribution> TURNS =
      declare("turns", ValueType.lengths(1).or("forever", FOREVER));
  public static final Setting<Distribution> TOOL_ROUNDS =
      declare("toolRounds", ValueType.lengths(0));
  public static final Setting<Distribution> TOOL_TIME = declare("toolTime", ValueType.seconds());
  public static final Setting<Distribution> TOOL_CALL_TOKENS =
      declare("toolCallTokens", ValueType.lengths(1));
  public static final Setting<Distribution> TOOL_RESULT_TOKENS =
      declare("toolResultTokens", ValueType.lengths(1));
  public static final Setting<Integer> TOOLS = declare("tools", ValueType.integer(1));
  public static final Setting<Integer> TOOL_DEFINITION_TOKENS =
      declare("toolDefinitionTokens", ValueType.integer(0));
  public static final Setting<Boolean> RAMPED_AGES = declare("rampedAges", ValueType.flag());
  public static final Setting<Double> CONSISTENCY =
      declare(
          "consistency",
          ValueType.share()
              .that(
                  share -> share > 0 && share <= 1,
                  "a share above 0% and up to 100%, such as 5% or 0.05"));

  // replays
  public static final Setting<Path> REPLAY = declare("replay", ValueType.parsedBy(Path::of));
  public static final Setting<ReplayFormat> REPLAY_FORMAT =
      declare("replayFormat", ValueType.oneOf(ReplayFormat.class));
  public static final Setting<Double> REPLAY_SPEED =
      declare("replaySpeed", ValueType.positiveNumber().or("ignore", 0.0));
  public static final Setting<Duration> REPLAY_MAX_DELAY =
      declare("replayMaxDelay", ValueType.duration(Duration.ZERO));
  public static final Setting<ReplayTiming> REPLAY_TIMING =
      declare("replayTiming", ValueType.oneOf(ReplayTiming.class));
  public static final Setting<Boolean> REPLAY_SPREAD = declare("replaySpread", ValueType.flag());
  public static final Setting<TimeUnit> REPLAY_TIME_UNIT =
      declare(
          "replayTimeUnit",
          ValueType.parsedBy(
              text ->
                  Choice.parse(
                      List.of(NANOSECONDS, MICROSECONDS, MILLISECONDS, SECONDS),
                      Durations::symbol,
                      text)));
  public static final Setting<Integer> REPLAY_BLOCK_TOKENS =
      declare("replayBlockTokens", ValueType.integer(1));
  public static final Setting<OnBrokenEntry> REPLAY_ON_ERROR =
      declare("replayOnError", ValueType.oneOf(OnBrokenEntry.class));
  public static final Setting<Boolean> REPLAY_LOOP = declare("replayLoop", ValueType.flag());

  // context and failures
  public static final Setting<Integer> MAX_MODEL_TOKENS =
      declare("maxModelTokens", ValueType.integer(1));
  public static final Setting<ContextPolicy> CONTEXT_POLICY =
      declare("contextPolicy", ValueType.parsedBy(ContextPolicy::parse));
  public static final Setting<FailurePolicy> ON_FAILURE =
      declare("onFailure", ValueType.parsedBy(FailurePolicy::parse));
  public static final Setting<Double> ABANDON = declare("abandon", ValueType.share());
  public static final Setting<Patience> ABANDON_AFTER =
      declare("abandonAfter", ValueType.parsedBy(Patience::parse));
  public static final Setting<OnAbandon> ON_ABANDON =
      declare("onAbandon", ValueType.oneOf(OnAbandon.class));
  public static final Setting<ReplyInHistory> REPLY_IN_HISTORY =
      declare("replyInHistory", ValueType.oneOf(ReplyInHistory.class));

  // requests
  public static final Setting<SystemRole> SYSTEM_ROLE =
      declare("systemRole", ValueType.oneOf(SystemRole.class));
  public static final Setting<HistoryForm> HISTORY =
      declare("history", ValueType.oneOf(HistoryForm.class));
  public static final Setting<PromptFormat> PROMPT_FORMAT =
      declare("promptFormat", ValueType.oneOf(PromptFormat.class));
  public static final Setting<MaxTokensField> MAX_TOKENS_FIELD =
      declare(
          "maxTokensField",
          ValueType.parsedBy(
              text -> Choice.parse(List.of(MaxTokensField.values()), MaxTokensField::field, text)));
  public static final Setting<CacheControl> CACHE_CONTROL =
      declare("cacheControl", ValueType.oneOf(CacheControl.class));
  public static final Setting<Integer> MIN_TOKENS =
      declare("minTokens", ValueType.integer(1).or("max", BodyShape.EXACT_LENGTH));
  public static final Setting<Boolean> IGNORE_EOS = declare("ignoreEos", ValueType.flag());
  public static final Setting<Double> TEMPERATURE =
      declare("temperature", ValueType.number(value -> value >= 0, "at least 0"));
  public static final Setting<Double> TOP_P =
      declare("topP", ValueType.number(value -> value > 0 && value <= 1, "above 0 and up to 1"));
  public static final Setting<Long> REQUEST_SEED = declare("requestSeed", ValueType.wholeNumber());
  public static final Setting<String> STOP = declare("stop", ValueType.text());

  /** The schema itself, read from the file. */
  public static final Setting<String> JSON_SCHEMA =
      declare("jsonSchema", ValueType.parsedBy(RequestFields::readSchema));

  public static final Setting<String> EXTRA_BODY = declare("extraBody", ValueType.text());
  public static final Setting<String> AFFINITY_HEADER =
      declare("affinityHeader", headerName("X-Session-ID"));
  public static final Setting<String> AFFINITY_VALUE = declare("affinityValue", ValueType.text());

  // figures and files
  public static final Setting<String> GOODPUT = declare("goodput", ValueType.text());
  public static final Setting<Double> GPUS = declare("gpus", ValueType.positiveNumber());
  public static final Setting<Double> COST_PER_HOUR =
      declare("costPerHour", ValueType.positiveNumber());
  public static final Setting<String> REPLICA_HEADER =
      declare("replicaHeader", headerName("X-Served-By"));
  public static final Setting<MetricsEndpoints> SERVER_METRICS =
      declare("serverMetrics", ValueType.parsedBy(MetricsEndpoints::parse));
  public static final Setting<Boolean> CHUNK_TIMES = declare("chunkTimes", ValueType.flag());
  public static final Setting<Boolean> INFERENCE_PERF_FILES =
      declare("inferencePerfFiles", ValueType.flag());
  public static final Setting<String> OTLP = declare("otlp", ValueType.collectorUrl());
  public static final Setting<InetSocketAddress> PROMETHEUS_PORT =
      declare("prometheusPort", ValueType.socketAddress());
  public static final Setting<String> VARIABLE_PREFIX = declare("variablePrefix", ValueType.text());

  // what only builders can set
  /** A tokenizer of the simulation's own, instead of {@link #TOKENIZER}. */
  public static final Setting<Tokenizer> LOADED_TOKENIZER =
      new Setting<>("tokenizer", ValueType.parsedBy(Setting::unreadable));

  /** Columns of feeders that texts, lengths, groups and models are taken from. */
  public static final Setting<Map<Purpose, Column>> COLUMNS =
      new Setting<>("feeder", ValueType.parsedBy(Setting::unreadable));

  /** Number of {@link #RAMPED_AGES conversations under way}, instead of the users of all shards. */
  public static final Setting<Long> CONVERSATIONS_UNDER_WAY =
      new Setting<>("rampedAges", ValueType.wholeNumber(0));

  private final String name;
  private final ValueType<T> type;

  private Setting(String name, ValueType<T> type) {
    this.name = name;
    this.type = type;
  }

  private static <T> Setting<T> declare(String name, ValueType<T> type) {
    Setting<T> setting = new Setting<>(name, type);
    DECLARED.put(setting.key(), setting);
    return setting;
  }

  /** The name of a header: a token in RFC 9110. */
  private static ValueType<String> headerName(String example) {
    return ValueType.text()
        .that(
            name -> name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+"),
            "a header's name such as " + example);
  }

  /** Returns all settings by their keys. */
  static Map<String, Setting<?>> declared() {
    return Collections.unmodifiableMap(DECLARED);
  }

  /** Returns the full name, such as {@code llm.maxModelTokens}. */
  public String key() {
    return "llm." + name;
  }

  /** Returns the name of the environment variable, such as {@code LLM_MAX_MODEL_TOKENS}. */
  public String variable() {
    return "LLM_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  /**
   * Reads a value.
   *
   * @throws SettingException if the text is not a value or the value is not allowed
   */
  T parse(String text) {
    try {
      return type.parse(text.strip());
    } catch (RuntimeException e) {
      throw new SettingException(this, text, e);
    }
  }

  /**
   * Returns the value if it is allowed.
   *
   * @throws IllegalArgumentException if it is not; the message begins with the short name, which is
   *     the name of the builder's method
   */
  public T check(T value) {
    try {
      return type.check(value, value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " " + e.getMessage());
    }
  }

  /** Returns the full name. */
  @Override
  public String toString() {
    return key();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unreadable(String text) {
    throw new UnsupportedOperationException(text);
  }
}
