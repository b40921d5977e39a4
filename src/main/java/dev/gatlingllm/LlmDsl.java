package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.gatling.SessionVariables;
import dev.gatlingllm.gatling.ThinkTimeBuilder;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The words that load tests of LLM servers add to Gatling's Java DSL.
 *
 * <p>Where a builder is told nothing, it takes what the settings say ({@code -Dllm.model=…}, {@code
 * llm.conf}): model, tokenizer, seed, request timeout and the target server.
 */
public final class LlmDsl {

  static {
    TokenRun.setReporters(RunReporting::new);
  }

  private LlmDsl() {}

  // ---------------------------------------------------------------- what is said

  /** Conversations of groups of users who share a system prompt. */
  public static SharedPrefixWorkload sharedPrefix() {
    return new SharedPrefixWorkload(LlmSettings.get());
  }

  /**
   * Recorded conversations or a trace, from a file in ShareGPT's, OpenAI's or Mooncake's format.
   *
   * @param file its path; it is gone through when the simulation is built
   */
  public static ReplayWorkload replay(Path file) {
    return new ReplayWorkload(LlmSettings.get().with(Setting.REPLAY, file));
  }

  /** What the settings say: the file of {@code llm.replay}, or else {@link #sharedPrefix()}. */
  public static Workload workload() {
    LlmSettings settings = LlmSettings.get();
    return settings.find(Setting.REPLAY).isPresent()
        ? new ReplayWorkload(settings)
        : new SharedPrefixWorkload(settings);
  }

  /** Always the same value. */
  public static Distribution constant(double value) {
    return Distribution.constant(value);
  }

  /** Every value from {@code min} to {@code max}, both included, with the same chance. */
  public static Distribution uniform(double min, double max) {
    return Distribution.uniform(min, max);
  }

  /** The normal distribution; give lengths a {@code clamp(min, max)}. */
  public static Distribution normal(double mean, double standardDeviation) {
    return Distribution.normal(mean, standardDeviation);
  }

  /** The log-normal distribution with this mean and standard deviation of the values themselves. */
  public static Distribution lognormal(double mean, double standardDeviation) {
    return Distribution.lognormal(mean, standardDeviation);
  }

  /** The Poisson distribution. */
  public static Distribution poisson(double mean) {
    return Distribution.poisson(mean);
  }

  /** The exponential distribution. */
  public static Distribution exponential(double mean) {
    return Distribution.exponential(mean);
  }

  /** For {@link SharedPrefixWorkload#turns}: conversations that never end. */
  public static Distribution endless() {
    return Setting.FOREVER;
  }

  /**
   * A model's own tokenizer.
   *
   * @param tokenizerJson path of its {@code tokenizer.json}, or of the folder that holds it
   * @throws IllegalArgumentException if it is not there or cannot be loaded
   */
  public static Tokenizer huggingFace(Path tokenizerJson) {
    return Tokenizers.resolve(tokenizerJson.toString());
  }

  /**
   * A tokenizer by what {@code llm.tokenizer} takes: the name of a built-in encoding, a path, or a
   * hub id.
   *
   * @throws IllegalArgumentException if there is no such tokenizer
   */
  public static Tokenizer tokenizer(String spec) {
    return Tokenizers.resolve(spec);
  }

  // ---------------------------------------------------------------- steps of a scenario

  /**
   * The next turn of the user's conversation, over the API that {@code llm.api} names.
   *
   * @param name the request's name in reports, as a Gatling EL string
   */
  public static TurnBuilder turn(String name) {
    return TurnBuilder.of(LlmSettings.get().get(Setting.API), name);
  }

  /**
   * The next turn of the user's conversation, over chat completions.
   *
   * @param name the request's name in reports, as a Gatling EL string
   */
  public static TurnBuilder chatTurn(String name) {
    return TurnBuilder.of(Api.CHAT, name);
  }

  /**
   * The next turn of the user's conversation, over text completions.
   *
   * @param name the request's name in reports, as a Gatling EL string
   */
  public static TurnBuilder completionTurn(String name) {
    return TurnBuilder.of(Api.COMPLETIONS, name);
  }

  /** Any HTTP request of Gatling's, timed token by token; everything it states stays as it is. */
  public static TokenTimedBuilder tokenTimed(HttpRequestActionBuilder request) {
    return new TokenTimedBuilder(request, LlmSettings.get().get(Setting.REQUEST_TIMEOUT));
  }

  /**
   * For {@code asLongAs(…)}: whether the user's conversation has another turn. In a benchmark none
   * has when the last iteration has passed.
   */
  public static Function<Session, Boolean> hasNextTurn() {
    return session -> {
      Conversation conversation = SessionVariables.conversation(session);
      return conversation != null && conversation.hasNextTurn() && !TokenRun.current().isOver();
    };
  }

  /**
   * A pause between turns. It depends on the workload's seed and the conversation alone, so that it
   * is the same on every run; negative values count as 0. Gatling's own settings of pauses apply,
   * such as {@code disablePauses()}.
   *
   * @param seconds its length in seconds
   */
  public static ChainBuilder thinkTime(Distribution seconds) {
    LlmSettings settings = LlmSettings.get();
    ActionBuilder step = () -> ThinkTimeBuilder.of(seconds, settings.saltedSeed());
    return exec(step);
  }

  /** A pause between turns as {@code llm.thinkTime} says. */
  public static ChainBuilder thinkTime() {
    return thinkTime(LlmSettings.get().get(Setting.THINK_TIME));
  }

  /** A pause of always the same length between turns. */
  public static ChainBuilder thinkTime(Duration pause) {
    return thinkTime(constant(pause.toNanos() / 1e9));
  }

  // ---------------------------------------------------------------- assertions

  /** Time to first token, to assert something of in {@code setUp(…).assertions(…)}. */
  public static TokenMetric<TimeLimit> ttft() {
    return new TokenMetric<>(Figure.TTFT, TimeLimit::new);
  }

  /** Time to first output token that is not reasoning, to assert something of. */
  public static TokenMetric<TimeLimit> ttfo() {
    return new TokenMetric<>(Figure.TTFO, TimeLimit::new);
  }

  /** Inter-chunk latency, pooled over replies, to assert something of. */
  public static TokenMetric<TimeLimit> icl() {
    return new TokenMetric<>(Figure.ICL, TimeLimit::new);
  }

  /** Inter-token latency, to assert something of; measured where every chunk was one token. */
  public static TokenMetric<TimeLimit> itl() {
    return new TokenMetric<>(Figure.ITL, TimeLimit::new);
  }

  /** Time per output token, to assert something of. */
  public static TokenMetric<TimeLimit> tpot() {
    return new TokenMetric<>(Figure.TPOT, TimeLimit::new);
  }

  /** End-to-end latency, to assert something of. */
  public static TokenMetric<TimeLimit> e2e() {
    return new TokenMetric<>(Figure.E2E, TimeLimit::new);
  }

  /** How much later than due requests were written, to assert something of. */
  public static TokenMetric<TimeLimit> scheduleDelay() {
    return new TokenMetric<>(Figure.SCHEDULE_DELAY, TimeLimit::new);
  }

  /** Prompt tokens of a reply, to assert something of. */
  public static TokenMetric<NumberLimit> inputTokens() {
    return new TokenMetric<>(Figure.INPUT_TOKENS, NumberLimit::new);
  }

  /** Output tokens of a reply, to assert something of. */
  public static TokenMetric<NumberLimit> outputTokens() {
    return new TokenMetric<>(Figure.OUTPUT_TOKENS, NumberLimit::new);
  }

  /** Share of prompt tokens that came from the server's prefix cache, 0 to 100, to assert. */
  public static TokenTotal cacheHitPercent() {
    return new TokenTotal(Figure.CACHE_HIT_PERCENT);
  }

  /** Output tokens that arrived per second of the measured window, to assert something of. */
  public static TokenTotal outputTokensPerSecond() {
    return new TokenTotal(Figure.OUTPUT_TOKENS_PER_SECOND);
  }

  /**
   * Share of all replies, failed ones included, that met every objective of {@link #goodput}, 0 to
   * 100, to assert something of.
   */
  public static TokenTotal goodputPercent() {
    return new TokenTotal(Figure.GOODPUT_PERCENT);
  }

  // ---------------------------------------------------------------- the run

  /**
   * The server under test as the settings name it, {@code llm.baseUrl}, with {@code LLM_API_KEY} as
   * bearer token where the environment holds one; or, where none is named, the embedded simulated
   * server, started on a free loopback port. Gatling's own warm-up call to the outside is off.
   *
   * @throws dev.gatlingllm.settings.SettingException if the server cannot be reached
   */
  public static HttpProtocolBuilder llmTarget() {
    return LlmTarget.of(LlmSettings.get());
  }

  /**
   * Injects virtual users as the settings say, for {@code llm.warmup} and {@code llm.duration}
   * together: at the arrival times of a replayed trace, at {@code llm.rate}, or {@code llm.users}
   * at a time.
   */
  public static PopulationBuilder load(ScenarioBuilder scenario, Workload workload) {
    LlmSettings settings = LlmSettings.get();
    Duration load = loadDuration(settings);
    List<OpenInjectionStep> recorded = workload.arrivals(load);
    if (!recorded.isEmpty()) {
      return scenario.injectOpen(recorded);
    }
    return settings
        .find(Setting.RATE)
        .map(rate -> scenario.injectOpen(constantUsersPerSec(rate).during(load)))
        .orElseGet(
            () ->
                scenario.injectClosed(
                    constantConcurrentUsers(settings.get(Setting.USERS)).during(load)));
  }

  /**
   * The time after which a run with {@link #load} is stopped, for {@code maxDuration}: the load and
   * {@code llm.requestTimeout} for the responses that are still under way.
   */
  public static Duration longestRun() {
    LlmSettings settings = LlmSettings.get();
    return loadDuration(settings).plus(settings.get(Setting.REQUEST_TIMEOUT));
  }

  private static Duration loadDuration(LlmSettings settings) {
    return settings.get(Setting.WARMUP).plus(settings.get(Setting.DURATION));
  }

  /**
   * Keeps what the run's first moments measure apart: it enters no figure. Say it in the
   * constructor of the simulation.
   *
   * @param warmUp counted from the first request
   */
  public static void warmUp(Duration warmUp) {
    TokenRun.current().measure(Window.openEnded(warmUp));
  }

  /**
   * States what a reply must keep to count for goodput, over what {@code llm.goodput} says: the
   * rate and share of the replies that keep all of it, out of all replies, failed ones included.
   * Say it in the constructor of the simulation.
   *
   * @param objectives such as {@code ttft<500ms,tpot<=50ms,e2e<10s}, of ttft, ttfo, icl (every gap
   *     of a reply), tpot, ntpot and e2e
   * @throws IllegalArgumentException if an objective cannot be read
   */
  public static void goodput(String objectives) {
    TokenRun.current().setObjectives(Objectives.parse(objectives));
  }

  /**
   * Measures {@code llm.duration} after {@code llm.warmup}, as {@link #measure(Duration, Duration)}
   * does. Call it in the constructor of the simulation.
   */
  public static void measure() {
    LlmSettings settings = LlmSettings.get();
    measure(settings.get(Setting.WARMUP), settings.get(Setting.DURATION));
  }

  /**
   * Measures a span of the load: neither what comes before, while server and load generator warm
   * up, nor what comes after it, while the last conversations end and the load sinks, enters a
   * figure. Say it in the constructor of the simulation.
   *
   * @param warmUp counted from the first request
   * @param measured length of the span
   */
  public static void measure(Duration warmUp, Duration measured) {
    TokenRun.current().measure(Window.of(warmUp, List.of(measured)));
  }
}
