package dev.gatlingllm.settings;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.ContextWindow;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.workload.SharedPrefixShape;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Function;

/**
 * All settings, read and checked. {@code llm-defaults.conf} says what each means.
 *
 * @param baseUrl root of the server under test; empty for the embedded simulated one
 * @param users conversations in flight, from 1; not used where {@code rate} is given
 * @param rate new conversations per second, above 0
 * @param workload what is said
 * @param replay the file that says it instead, if there is one
 * @param thinkTime seconds between turns
 * @param rules what holds for all conversations
 * @param turn what a turn's request asks for
 * @param salt mixed into every seed
 * @param goodput objectives as text; whoever measures them reads them
 * @param benchmark options of a benchmark, as text; whoever runs it reads them
 */
public record LlmSettings(
    Optional<String> baseUrl,
    Api api,
    String model,
    String tokenizer,
    int users,
    OptionalDouble rate,
    Duration duration,
    Duration warmup,
    WorkloadSettings workload,
    ReplaySettings replay,
    Distribution thinkTime,
    ConversationRules rules,
    TurnSettings turn,
    long seed,
    Optional<String> salt,
    Optional<String> goodput,
    Optional<String> benchmark,
    boolean chunkTimes,
    boolean inferencePerfFiles,
    Duration requestTimeout,
    String variablePrefix) {

  private static LlmSettings loaded;

  /**
   * The settings of this run, read when first asked for. Any thread may ask.
   *
   * @throws SettingException for a setting that cannot be meant
   */
  public static synchronized LlmSettings get() {
    if (loaded == null) {
      loaded = read(LlmSettings.class.getClassLoader(), System.getProperties());
    }
    return loaded;
  }

  static LlmSettings read(ClassLoader classLoader, Properties properties) {
    SettingSource source = SettingSource.read(classLoader, properties);
    if (source.isChosen("rate") && source.isChosen("users")) {
      throw new SettingException(
          "llm.rate",
          source.get("rate", Function.identity()),
          "llm.users is given too; a run has either a number of users (closed model) or a rate of"
              + " arrivals (open model)");
    }
    LlmSettings settings = from(source);
    if (settings.replay.file().isEmpty()) {
      settings.requireRoomForATurn();
    }
    return settings;
  }

  private static LlmSettings from(SettingSource source) {
    return new LlmSettings(
        source.optional("baseUrl", LlmSettings::serverRoot),
        source.get("api", Api::parse),
        source.get("model", Function.identity()),
        source.get("tokenizer", Function.identity()),
        source.get("users", text -> SettingSource.wholeNumber(text, 1)),
        source
            .optional("rate", SettingSource::positive)
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()),
        source.get("duration", LlmSettings::atLeastASecond),
        source.get("warmup", SettingSource::duration),
        WorkloadSettings.from(source),
        ReplaySettings.from(source),
        source.get("thinkTime", LlmSettings::seconds),
        new ConversationRules(
            new ContextWindow(
                source
                    .optional("maxModelTokens", text -> SettingSource.wholeNumber(text, 1))
                    .map(OptionalInt::of)
                    .orElse(OptionalInt.empty())
                    .orElse(ContextWindow.UNLIMITED),
                source.get("contextPolicy", ContextPolicy::parse)),
            source.get("onFailure", FailurePolicy::parse),
            source.get("replyInHistory", ReplyInHistory::parse)),
        TurnSettings.from(source),
        source.get("seed", SettingSource::seed),
        source.optional("salt", Function.identity()),
        source.optional("goodput", Function.identity()),
        source.optional("benchmark", Function.identity()),
        source.get("chunkTimes", SettingSource::flag),
        source.get("inferencePerfFiles", SettingSource::flag),
        source.get("requestTimeout", LlmSettings::atLeastASecond),
        source.get("variablePrefix", Function.identity()));
  }

  private static String serverRoot(String text) {
    URI uri = URI.create(text);
    if (uri.getHost() == null
        || uri.getScheme() == null
        || !uri.getScheme().toLowerCase(Locale.ROOT).matches("https?")) {
      throw new IllegalArgumentException("give the server's root such as http://127.0.0.1:8000");
    }
    String root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    if (root.endsWith("/v1")) {
      throw new IllegalArgumentException(
          "leave /v1 out, it is added to each request: " + root.substring(0, root.length() - 3));
    }
    return root;
  }

  private static Duration atLeastASecond(String text) {
    Duration duration = SettingSource.duration(text);
    if (duration.toSeconds() < 1) {
      throw new IllegalArgumentException("give a second or more");
    }
    return duration;
  }

  private static Distribution seconds(String text) {
    if (Character.isLetter(text.charAt(0))) {
      Distribution seconds = Distribution.parse(text);
      if (seconds.maximum() < 0) {
        throw new IllegalArgumentException("give times from 0 on");
      }
      return seconds;
    }
    return Distribution.constant(SettingSource.duration(text).toNanos() / 1e9);
  }

  /**
   * The tokenizer that these settings name. Loading takes up to a second, once.
   *
   * @throws SettingException if there is none or it cannot be loaded
   */
  public Tokenizer loadTokenizer() {
    try {
      return Tokenizers.resolve(tokenizer);
    } catch (IllegalArgumentException e) {
      throw new SettingException("llm.tokenizer", tokenizer, e);
    }
  }

  /**
   * A seed as this run uses it: where {@code llm.salt} is given, another one with every other salt.
   *
   * @param stated what the settings say, or the simulation itself
   */
  public long salted(long stated) {
    return salt.map(text -> SeededRandom.of(stated, text.codePoints().asLongStream().toArray()))
        .map(SeededRandom::nextLong)
        .orElse(stated);
  }

  /** The shape of the shared-prefix workload that these settings describe. */
  public SharedPrefixShape shape() {
    return new SharedPrefixShape(
        workload.groups(),
        workload.conversationsPerGroup(),
        workload.lengths(),
        workload.turns(),
        workload.rampedAges() ? (long) users * workload.shard().count() : 0,
        seed);
  }

  /** A window that even the shortest first turn overflows is found now, not by every request. */
  private void requireRoomForATurn() {
    double least = workload.lengths().least();
    int limit = rules.window().maxModelTokens();
    if (limit < least) {
      throw new SettingException(
          "llm.maxModelTokens",
          limit,
          String.format(
              Locale.ROOT,
              "the system prompt, a question and a reply need %.0f tokens at least; raise the limit"
                  + " or shorten llm.systemPromptTokens",
              least));
    }
  }
}
