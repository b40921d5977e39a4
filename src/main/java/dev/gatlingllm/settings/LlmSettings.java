package dev.gatlingllm.settings;

import static dev.gatlingllm.settings.Setting.*;
import static java.util.stream.Collectors.toSet;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.conversation.RequestFields;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.workload.ArrivalPattern;
import dev.gatlingllm.workload.ArrivalRate;
import dev.gatlingllm.workload.Column;
import dev.gatlingllm.workload.FeederColumns.Purpose;
import dev.gatlingllm.workload.GroupWeights;
import dev.gatlingllm.workload.Images;
import dev.gatlingllm.workload.Lengths;
import dev.gatlingllm.workload.ShardEnvironment;
import dev.gatlingllm.workload.SharedPrefixShape;
import dev.gatlingllm.workload.ToolUse;
import dev.gatlingllm.workload.replay.ReplayShape;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of every setting. Builders of the DSL start from the settings of the run and replace
 * values, so that a setting means the same wherever it is set. Immutable.
 */
public final class LlmSettings {

  private static final String DEFAULTS = "llm-defaults.conf";
  private static final String FILE = "llm.conf";

  /** Value of {@code llm.shard} that takes the shard from the environment. */
  private static final String AUTO = "auto";

  private static volatile @Nullable LlmSettings loaded;

  private final Map<Setting<?>, Object> values;
  private final Set<Setting<?>> chosen;

  /** The texts that values were read from. */
  private final Map<Setting<?>, String> texts;

  /** Whether settings that are asked for are added to {@link UsedSettings}. */
  private final boolean tellsUsed;

  private LlmSettings(
      Map<Setting<?>, Object> values,
      Set<Setting<?>> chosen,
      Map<Setting<?>, String> texts,
      boolean tellsUsed) {
    this.values = values;
    this.chosen = chosen;
    this.texts = texts;
    this.tellsUsed = tellsUsed;
  }

  /**
   * Returns the settings of this run, which are read and checked on the first call. Any thread may
   * call; later calls take no lock.
   *
   * @throws SettingException for an unknown setting, an invalid value, or settings that exclude
   *     each other
   */
  public static LlmSettings get() {
    LlmSettings settings = loaded;
    return settings == null ? load() : settings;
  }

  private static synchronized LlmSettings load() {
    if (loaded == null) {
      loaded =
          read(LlmSettings.class.getClassLoader(), System.getenv(), System.getProperties())
              .tellingUsed();
    }
    return loaded;
  }

  /** Returns the defaults alone. */
  public static LlmSettings defaults() {
    return of(Map.of());
  }

  /**
   * Reads the settings: system properties over environment variables over {@code llm.conf} over the
   * defaults.
   */
  static LlmSettings read(
      ClassLoader classLoader, Map<String, String> environment, Properties properties) {
    Map<String, String> texts = SettingSource.file(classLoader, FILE);
    override(texts, SettingSource.environment(environment));
    override(texts, SettingSource.properties(properties));
    LlmSettings settings = withShard(texts, environment);
    SettingConflicts.check(settings);
    return settings;
  }

  /** Returns whether a text such as {@code llm.api} is the key of a setting. */
  public static boolean isKey(String text) {
    return declared().containsKey(text);
  }

  /**
   * Checks the settings of a process that has other system properties than this one.
   *
   * @param properties those that it has beside, or instead of, those of this process
   * @throws SettingException as {@link #get} throws it there
   */
  public static void check(Map<String, String> properties) {
    Properties all = new Properties();
    all.putAll(System.getProperties());
    all.putAll(properties);
    read(LlmSettings.class.getClassLoader(), System.getenv(), all);
  }

  /** A load also replaces a load that a lower place states in another form. */
  private static void override(Map<String, String> lower, Map<String, String> higher) {
    Set<String> loads = SettingConflicts.LOADS.stream().map(Setting::key).collect(toSet());
    if (!Collections.disjoint(loads, higher.keySet())) {
      lower.keySet().removeAll(loads);
    }
    lower.putAll(higher);
  }

  private static LlmSettings withShard(Map<String, String> texts, Map<String, String> environment) {
    String shard = texts.getOrDefault(SHARD.key(), "").strip();
    if (shard.equals(AUTO)) {
      texts.remove(SHARD.key());
      return of(texts)
          .with(
              SHARD,
              SettingException.read(SHARD, AUTO, auto -> ShardEnvironment.detect(environment)));
    }
    String count = environment.getOrDefault(ShardEnvironment.COUNT_VARIABLE, "");
    if (shard.isEmpty() && !count.isBlank()) {
      throw new SettingException(
          "%s=%s has no effect without llm.shard; set LLM_SHARD=auto"
              .formatted(ShardEnvironment.COUNT_VARIABLE, count));
    }
    return of(texts);
  }

  /** Returns the same settings, which add those that are asked for to {@link UsedSettings}. */
  LlmSettings tellingUsed() {
    return new LlmSettings(values, chosen, texts, true);
  }

  /** Returns the same settings, for a record of the run: asking for one is not using it. */
  public LlmSettings forTheRecord() {
    return new LlmSettings(values, chosen, texts, false);
  }

  private static LlmSettings of(Map<String, String> chosen) {
    Map<String, String> texts = SettingSource.file(LlmSettings.class.getClassLoader(), DEFAULTS);
    texts.putAll(chosen);
    Map<Setting<?>, Object> values = new HashMap<>();
    Map<Setting<?>, String> read = new HashMap<>();
    Set<Setting<?>> set = new HashSet<>();
    declared()
        .forEach(
            (key, setting) -> {
              if (texts.containsKey(key)) {
                values.put(setting, setting.parse(texts.get(key)));
                read.put(setting, texts.get(key).strip());
              }
              if (chosen.containsKey(key)) {
                set.add(setting);
              }
            });
    return new LlmSettings(values, set, read, false);
  }

  /** Returns the value of a setting that has a default. */
  public <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow();
  }

  /** Returns the value of a setting, or empty if it has neither a value nor a default. */
  @SuppressWarnings("unchecked") // with() and of() keep types together
  public <T> Optional<T> find(Setting<T> setting) {
    Object value = values.get(setting);
    if (tellsUsed && value != null) {
      String text = texts.get(setting);
      // an instant can be written in several ways, and is recorded in one
      UsedSettings.add(setting, text == null || value instanceof Instant ? value : text);
      if (text != null) {
        UsedSettings.addRead(setting);
      }
    }
    return Optional.ofNullable((T) value);
  }

  /** Returns whether the user or a builder has set this setting. */
  public boolean isSet(Setting<?> setting) {
    return chosen.contains(setting);
  }

  /**
   * Returns these settings with another value of one.
   *
   * @throws IllegalArgumentException if the value is not allowed
   */
  public <T> LlmSettings with(Setting<T> setting, T value) {
    return changed(setting, setting.check(value));
  }

  /** Returns other settings, with the values that were set here instead of theirs. */
  public LlmSettings over(LlmSettings others) {
    Map<Setting<?>, Object> merged = new HashMap<>(others.values);
    Map<Setting<?>, String> read = new HashMap<>(others.texts);
    for (Setting<?> setting : chosen) {
      merged.put(setting, values.get(setting));
      read.remove(setting);
      Optional.ofNullable(texts.get(setting)).ifPresent(text -> read.put(setting, text));
    }
    Set<Setting<?>> set = new HashSet<>(others.chosen);
    set.addAll(chosen);
    return new LlmSettings(merged, set, read, tellsUsed || others.tellsUsed);
  }

  /** Returns these settings without a value of one. */
  public LlmSettings without(Setting<?> setting) {
    return changed(setting, null);
  }

  private LlmSettings changed(Setting<?> setting, @Nullable Object value) {
    Map<Setting<?>, Object> changed = new HashMap<>(values);
    Map<Setting<?>, String> read = new HashMap<>(texts);
    Set<Setting<?>> set = new HashSet<>(chosen);
    read.remove(setting);
    if (value == null) {
      changed.remove(setting);
      set.remove(setting);
    } else {
      changed.put(setting, value);
      set.add(setting);
    }
    return new LlmSettings(changed, set, read, tellsUsed);
  }

  /**
   * Loads the tokenizer. Takes up to a second the first time.
   *
   * @throws SettingException if it is unknown or cannot be loaded
   */
  public Tokenizer loadTokenizer() {
    return find(LOADED_TOKENIZER)
        .orElseGet(() -> SettingException.read(TOKENIZER, get(TOKENIZER), Tokenizers::resolve));
  }

  /** Returns the seed of all that is generated; {@code llm.salt} gives another one. */
  public long saltedSeed() {
    return find(SALT)
        .map(salt -> SeededRandom.of(get(SEED), salt.codePoints().asLongStream().toArray()))
        .map(SeededRandom::nextLong)
        .orElse(get(SEED));
  }

  /** Returns the shape of generated conversations. */
  public SharedPrefixShape sharedPrefixShape() {
    return new SharedPrefixShape(
        groups(),
        find(CONVERSATIONS_PER_GROUP).orElse(0),
        lengths(),
        images(),
        get(TURNS),
        find(CONVERSATIONS_UNDER_WAY).orElse(get(RAMPED_AGES) ? users() : 0),
        find(CONSISTENCY).orElse(0.0),
        toolUse(),
        saltedSeed());
  }

  private ToolUse toolUse() {
    return new ToolUse(
        get(TOOLS),
        get(TOOL_DEFINITION_TOKENS),
        get(TOOL_ROUNDS),
        get(TOOL_CALL_TOKENS),
        get(TOOL_RESULT_TOKENS),
        get(TOOL_TIME));
  }

  /** Returns the number of users at a time, of all shards together. */
  public long users() {
    return find(USERS_PER_SHARD)
        .map(each -> (long) each * get(SHARD).count())
        .orElseGet(() -> (long) get(USERS));
  }

  /** Returns the users per second of all shards together; empty for a number at a time. */
  public Optional<ArrivalRate> rate() {
    return find(RATE).or(() -> find(RATE_PER_SHARD).map(each -> each.times(get(SHARD).count())));
  }

  /**
   * Checks that a benchmark is not a part of a load: scores of several load generators cannot be
   * merged.
   *
   * @throws SettingException if it is one
   */
  public void requireOneLoadGenerator() {
    if (get(SHARD).count() > 1) {
      throw new SettingException(
          SHARD,
          get(SHARD),
          "a benchmark runs on one load generator, because scores cannot be merged; leave the"
              + " setting out");
    }
    if (isSet(START_AT)) {
      throw new SettingException(
          START_AT,
          get(START_AT),
          "the forks of a benchmark start one after another; leave the setting out");
    }
  }

  GroupWeights groups() {
    return get(GROUP_WEIGHTS).apply(get(GROUPS));
  }

  private Images images() {
    return new Images(
        get(IMAGES), get(IMAGE_TURNS), get(IMAGE_SIZE), find(IMAGE_TOKENS).orElse(Images.UNKNOWN));
  }

  /**
   * Checks that the tokens of images are known where the context window is limited.
   *
   * @throws IllegalArgumentException if they are not
   */
  public void requireImageTokens() {
    if (images().any() && find(MAX_MODEL_TOKENS).isPresent() && !isSet(IMAGE_TOKENS)) {
      throw new IllegalArgumentException(
          "imageTokens must be set where images and maxModelTokens are: the number of tokens that"
              + " the model makes of an image");
    }
  }

  private Lengths lengths() {
    return new Lengths(
        get(COMMON_PREFIX_TOKENS),
        get(SYSTEM_PROMPT_TOKENS),
        get(PRIVATE_CONTEXT_TOKENS),
        get(QUESTION_TOKENS),
        get(OUTPUT_TOKENS),
        find(LENGTHS).orElse(null));
  }

  /**
   * Checks that the shortest first turn of generated conversations fits into the context window.
   *
   * @throws SettingException if it does not
   */
  public void requireRoomForATurn() {
    long least = (long) lengths().least() + toolUse().offeredTokens();
    int limit = rules().maxModelTokens();
    if (limit < least) {
      throw new SettingException(
          "llm.maxModelTokens must be at least "
              + least
              + " for system prompt, private context, tools, question and response, got "
              + limit
              + "; raise it or shorten systemPromptTokens or privateContextTokens");
    }
  }

  /** Returns the columns of feeders that conversations take values from. */
  public Map<Purpose, Column> columns() {
    return find(COLUMNS).orElse(Map.of());
  }

  /** Returns these settings with a column for a purpose. */
  public LlmSettings withColumn(Purpose purpose, Column column) {
    Map<Purpose, Column> changed = new EnumMap<>(Purpose.class);
    changed.putAll(columns());
    changed.put(purpose, column);
    return with(COLUMNS, changed);
  }

  /** Returns these settings without the columns for some purposes. */
  public LlmSettings withoutColumns(Purpose... purposes) {
    Map<Purpose, Column> changed = new HashMap<>(columns());
    changed.keySet().removeAll(Set.of(purposes));
    return with(COLUMNS, changed);
  }

  /** Returns how the file of {@code llm.replay} is replayed. */
  public ReplayShape replayShape() {
    return new ReplayShape(
        get(REPLAY),
        get(REPLAY_FORMAT),
        get(REPLAY_ON_ERROR),
        get(REPLAY_LOOP),
        isSet(ARRIVALS) && !get(ARRIVALS).equals(ArrivalPattern.TRACE) ? 0 : get(REPLAY_SPEED),
        find(REPLAY_MAX_DELAY),
        get(REPLAY_TIMING),
        get(REPLAY_SPREAD),
        find(REPLAY_TIME_UNIT),
        find(REPLAY_BLOCK_TOKENS).map(OptionalInt::of).orElseGet(OptionalInt::empty),
        isSet(OUTPUT_TOKENS) ? find(OUTPUT_TOKENS) : Optional.empty(),
        get(OUTPUT_TOKENS),
        get(SHARD),
        saltedSeed());
  }

  /** Returns the rules that all conversations follow. */
  public ConversationRules rules() {
    return new ConversationRules(
        find(MAX_MODEL_TOKENS).orElse(ConversationRules.UNLIMITED),
        get(CONTEXT_POLICY),
        get(ON_FAILURE),
        get(REPLY_IN_HISTORY));
  }

  /**
   * Returns how a conversation is written into a request.
   *
   * @throws IllegalArgumentException if the API does not support a setting
   */
  public BodyShape bodyShape(Api api) {
    return new BodyShape(
        api,
        get(SYSTEM_ROLE),
        get(HISTORY),
        get(PROMPT_FORMAT),
        get(MAX_TOKENS_FIELD),
        find(MIN_TOKENS).orElse(BodyShape.NO_MINIMUM),
        get(CACHE_CONTROL));
  }

  /**
   * Returns how a conversation is written as messages: those of the settings' API, or those of a
   * chat for text completions. They hold the whole conversation.
   *
   * @throws IllegalArgumentException if two settings exclude each other
   */
  public BodyShape messagesShape() {
    Api api = get(API) == Api.COMPLETIONS ? Api.CHAT : get(API);
    LlmSettings whole =
        get(HISTORY) == HistoryForm.SERVER ? with(HISTORY, HistoryForm.MESSAGES) : this;
    return whole.with(PROMPT_FORMAT, PromptFormat.TEXT).bodyShape(api);
  }

  /**
   * Returns the models that turns ask.
   *
   * @throws IllegalArgumentException for invalid weights
   */
  public ModelChoice models() {
    return find(MODELS)
        .map(weights -> new ModelChoice(weights, get(MODEL_CHOICE)))
        .orElseGet(() -> ModelChoice.only(get(MODEL)));
  }

  /**
   * Returns the fields that all requests have.
   *
   * @throws SettingException for invalid JSON, or a field that is set twice
   */
  public RequestFields fields() {
    Map<String, Setting<?>> single = new LinkedHashMap<>();
    single.put("temperature", TEMPERATURE);
    single.put("top_p", TOP_P);
    single.put("seed", REQUEST_SEED);
    RequestFields fields = RequestFields.DEFAULT;
    for (Map.Entry<String, Setting<?>> field : single.entrySet()) {
      Optional<?> value = find(field.getValue());
      fields = value.isPresent() ? fields.with(field.getKey(), value.get()) : fields;
    }
    if (get(IGNORE_EOS)) {
      fields = fields.with("ignore_eos", true);
    }
    if (isSet(STOP)) {
      RequestFields others = fields;
      fields = SettingException.read(STOP, get(STOP), text -> withStop(others, text));
    }
    Optional<String> schema = find(JSON_SCHEMA);
    if (schema.isPresent()) {
      fields = fields.withJsonSchema(schema.get());
    }
    single.put("ignore_eos", IGNORE_EOS);
    single.put("response_format", JSON_SCHEMA);
    single.put("stop", STOP);
    if (!isSet(EXTRA_BODY)) {
      return fields;
    }
    RequestFields others = fields;
    return SettingException.read(
        EXTRA_BODY,
        get(EXTRA_BODY),
        json -> {
          for (String name : RequestFields.namesIn(json)) {
            Setting<?> other = single.get(name);
            if (other != null && isSet(other)) {
              throw new IllegalArgumentException(
                  name + " is set by " + other + " too; set it once");
            }
          }
          return others.withAll(json);
        });
  }

  /** A list or a quoted text is JSON, so that white space and several texts can be given. */
  private static RequestFields withStop(RequestFields fields, String text) {
    return text.startsWith("[") || text.startsWith("\"")
        ? fields.withTexts("stop", text)
        : fields.with("stop", text);
  }
}
