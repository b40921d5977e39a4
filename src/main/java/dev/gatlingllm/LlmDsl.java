package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.exec;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.gatling.ConsoleGuard;
import dev.gatlingllm.gatling.GatlingVersions;
import dev.gatlingllm.gatling.NextTurn;
import dev.gatlingllm.gatling.ThinkTime;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.UsedSettings;
import dev.gatlingllm.workload.ArrivalPattern;
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
import java.util.function.UnaryOperator;

/**
 * The words that load tests of LLM servers add to Gatling's Java DSL.
 *
 * <p>Builders start from the settings ({@code -Dllm.model=…}, {@code LLM_MODEL=…}, {@code
 * llm.conf}) and replace what their methods set. They are immutable. Call the methods while the
 * simulation is created.
 *
 * <p>Where a parameter is a {@link Number}, Kotlin and Scala take whole numbers too: {@code
 * uniform(3, 8)}.
 */
public final class LlmDsl {

  static {
    ConsoleGuard.install();
    GatlingVersions.requireTested();
    TokenRun.setReporters(RunReporting::new);
  }

  private LlmDsl() {}

  // ---------------------------------------------------------------- workloads

  /** Returns generated conversations of groups of users who share a system prompt. */
  public static SharedPrefixWorkload sharedPrefix() {
    return new SharedPrefixWorkload(LlmSettings.get());
  }

  /**
   * Returns recorded conversations or a trace, from a file in one of the {@linkplain ReplayFormat
   * formats}. The file is read when the simulation is built.
   */
  public static ReplayWorkload replay(Path file) {
    return new ReplayWorkload(LlmSettings.get().with(Setting.REPLAY, file));
  }

  /** Returns the workload of the settings: a replay if {@code llm.replay} is set. */
  public static Workload workload() {
    return workload(generated -> generated);
  }

  /**
   * Returns the workload of the settings: a replay if {@code llm.replay} is set, and otherwise
   * generated conversations.
   *
   * @param defaults changes generated conversations, where the settings leave it to the default
   */
  public static Workload workload(UnaryOperator<SharedPrefixWorkload> defaults) {
    LlmSettings set = LlmSettings.get();
    LlmSettings settings = set.over(defaults.apply(new SharedPrefixWorkload(set)).settings);
    return settings.find(Setting.REPLAY).isPresent()
        ? new ReplayWorkload(settings)
        : new SharedPrefixWorkload(settings);
  }

  /** Returns a distribution of one value. */
  public static Distribution constant(Number value) {
    return Distribution.constant(value.doubleValue());
  }

  /** Returns the uniform distribution from {@code min} to {@code max}, both included. */
  public static Distribution uniform(Number min, Number max) {
    return Distribution.uniform(min.doubleValue(), max.doubleValue());
  }

  /** Returns the normal distribution; a length below the least one allowed counts as that. */
  public static Distribution normal(Number mean, Number standardDeviation) {
    return Distribution.normal(mean.doubleValue(), standardDeviation.doubleValue());
  }

  /** Returns the log-normal distribution of values with this mean and standard deviation. */
  public static Distribution lognormal(Number mean, Number standardDeviation) {
    return Distribution.lognormal(mean.doubleValue(), standardDeviation.doubleValue());
  }

  /** Returns the Poisson distribution. */
  public static Distribution poisson(Number mean) {
    return Distribution.poisson(mean.doubleValue());
  }

  /** Returns the exponential distribution. */
  public static Distribution exponential(Number mean) {
    return Distribution.exponential(mean.doubleValue());
  }

  /** Returns a number of turns for {@link SharedPrefixWorkload#turns} that is never reached. */
  public static Distribution endless() {
    return Setting.FOREVER;
  }

  /**
   * Loads the tokenizer of a model.
   *
   * @param tokenizerJson path of its {@code tokenizer.json}, or of the folder that holds it
   * @throws IllegalArgumentException if the file is missing or cannot be loaded
   */
  public static Tokenizer huggingFace(Path tokenizerJson) {
    return Tokenizers.resolve(tokenizerJson.toString());
  }

  /**
   * Loads a tokenizer by what {@code llm.tokenizer} accepts: the name of a built-in encoding, a
   * path, or a hub id.
   *
   * @throws IllegalArgumentException for an unknown tokenizer
   */
  public static Tokenizer tokenizer(String spec) {
    return Tokenizers.resolve(spec);
  }

  // ---------------------------------------------------------------- steps of a scenario

  /**
   * Sends the next turn of the user's conversation to the API of {@code llm.api}. Reports show it
   * under this name, a Gatling EL string.
   */
  public static TurnBuilder turn(String name) {
    return TurnBuilder.of(LlmSettings.get().get(Setting.API), name);
  }

  /** Sends the next turn as a chat completion; otherwise as {@link #turn}. */
  public static TurnBuilder chatTurn(String name) {
    return TurnBuilder.of(Api.CHAT, name);
  }

  /**
   * Sends the next turn to Anthropic's Messages API; otherwise as {@link #turn}. The key of {@code
   * LLM_API_KEY} is sent as {@code x-api-key} too.
   */
  public static TurnBuilder messagesTurn(String name) {
    return TurnBuilder.of(Api.MESSAGES, name);
  }

  /**
   * Sends the next turn to OpenAI's Responses API; otherwise as {@link #turn}. The conversation is
   * sent as a list of messages, unless {@link TurnBuilder#historyOnServer} says otherwise.
   */
  public static TurnBuilder responsesTurn(String name) {
    return TurnBuilder.of(Api.RESPONSES, name);
  }

  /** Sends the next turn as a text completion; otherwise as {@link #turn}. */
  public static TurnBuilder completionTurn(String name) {
    return TurnBuilder.of(Api.COMPLETIONS, name);
  }

  /**
   * Advances the user's conversation by a turn, for a request of the user's own that is a turn:
   * {@code tokenTimed(…).asTurn()}. These session variables have the turn: {@code turn}, {@code
   * question}, {@code systemPrompt}, {@code contextTokens}, {@code maxTokens}, {@code model} (of
   * {@code llm.model} or {@code llm.models}), and until the response has ended {@code messages} (a
   * JSON array), {@code prompt} (a text) and {@code promptTokenIds} (a JSON array). The last three
   * are rendered when they are first used, once.
   */
  public static ChainBuilder nextTurn() {
    ActionBuilder step = NextTurn::step;
    return exec(step);
  }

  /**
   * Measures the tokens of any Gatling HTTP request, which is sent unchanged. If {@code
   * llm.tokenizer} is set, it counts responses without {@code usage}, unless a workload has a
   * tokenizer of its own.
   */
  public static TokenTimedBuilder tokenTimed(HttpRequestActionBuilder request) {
    LlmSettings settings = LlmSettings.get();
    if (settings.isSet(Setting.TOKENIZER) && TokenRun.current().tokenizer().isEmpty()) {
      TokenRun.current().setTokenizer(settings.loadTokenizer());
    }
    return new TokenTimedBuilder(request, settings);
  }

  /**
   * Returns whether the user's conversation has another turn, for {@code asLongAs(…)}. After the
   * measured window, one with {@link #endless()} turns has none, and after the last iteration of a
   * benchmark, none has.
   */
  public static Function<Session, Boolean> hasNextTurn() {
    return session -> NextTurn.exists(session) && !TokenRun.current().isOver();
  }

  /**
   * Pauses between turns for so many seconds. The pause depends on the workload's seed and the
   * conversation alone, so that it is the same on every run; negative values count as 0. Gatling's
   * own settings of pauses apply, such as {@code disablePauses()}.
   */
  public static ChainBuilder thinkTime(Distribution seconds) {
    UsedSettings.add(Setting.THINK_TIME, seconds);
    return pause(seconds);
  }

  private static ChainBuilder pause(Distribution seconds) {
    LlmSettings settings = LlmSettings.get();
    ActionBuilder step =
        () -> ThinkTime.of(seconds, settings.saltedSeed(), settings.get(Setting.SHARD));
    return exec(step);
  }

  /** Pauses between turns for {@code llm.thinkTime}. */
  public static ChainBuilder thinkTime() {
    return pause(LlmSettings.get().get(Setting.THINK_TIME));
  }

  /** Pauses between turns, always for the same time. */
  public static ChainBuilder thinkTime(Duration pause) {
    return thinkTime(constant(pause.toNanos() / 1e9));
  }

  /**
   * Makes users leave after a number of output tokens, from 1: {@code
   * abandon(0.1).after(tokens(20))}.
   */
  public static Patience tokens(int count) {
    return tokens(Distribution.constant(count));
  }

  /** Makes users leave after a number of output tokens that is drawn for each response. */
  public static Patience tokens(Distribution count) {
    return new Patience(count, Duration.ZERO);
  }

  /** Makes users leave as soon as their request is written. */
  public static Patience beforeFirstToken() {
    return Patience.NONE;
  }

  // ---------------------------------------------------------------- assertions

  /** Asserts time to first token, in {@code setUp(…).assertions(…)}. */
  public static TokenMetric<TimeLimit> ttft() {
    return new TokenMetric<>(Figure.TTFT, TimeLimit::new);
  }

  /** Asserts time to the first output token that is not reasoning. */
  public static TokenMetric<TimeLimit> ttfo() {
    return new TokenMetric<>(Figure.TTFO, TimeLimit::new);
  }

  /** Asserts inter-chunk latency, pooled over responses. */
  public static TokenMetric<TimeLimit> icl() {
    return new TokenMetric<>(Figure.ICL, TimeLimit::new);
  }

  /** Asserts inter-token latency, which is measured if every chunk was one token. */
  public static TokenMetric<TimeLimit> itl() {
    return new TokenMetric<>(Figure.ITL, TimeLimit::new);
  }

  /** Asserts time per output token. */
  public static TokenMetric<TimeLimit> tpot() {
    return new TokenMetric<>(Figure.TPOT, TimeLimit::new);
  }

  /** Asserts end-to-end latency. */
  public static TokenMetric<TimeLimit> e2e() {
    return new TokenMetric<>(Figure.E2E, TimeLimit::new);
  }

  /** Asserts how much later than due requests were written. */
  public static TokenMetric<TimeLimit> scheduleDelay() {
    return new TokenMetric<>(Figure.SCHEDULE_DELAY, TimeLimit::new);
  }

  /** Asserts prompt tokens per request. */
  public static TokenMetric<NumberLimit> inputTokens() {
    return new TokenMetric<>(Figure.INPUT_TOKENS, NumberLimit::new);
  }

  /** Asserts output tokens per response. */
  public static TokenMetric<NumberLimit> outputTokens() {
    return new TokenMetric<>(Figure.OUTPUT_TOKENS, NumberLimit::new);
  }

  /** Asserts how long completed conversations took. */
  public static TokenMetric<TimeLimit> conversationDuration() {
    return new TokenMetric<>(Figure.CONVERSATION_DURATION, TimeLimit::new);
  }

  /** Asserts the share of conversations that ended with a successful response, 0 to 100. */
  public static TokenTotal conversationSuccessPercent() {
    return new TokenTotal(Figure.CONVERSATION_SUCCESS_PERCENT);
  }

  /**
   * Asserts the users of an open load who began in the measured window, as a share of those planned
   * for it; may be above 100. Of all responses only.
   */
  public static TokenTotal arrivalsOfPlanPercent() {
    return new TokenTotal(Figure.ARRIVALS_OF_PLAN_PERCENT);
  }

  /** Asserts the share of prompt tokens from the server's prefix cache, 0 to 100. */
  public static TokenTotal cacheHitPercent() {
    return new TokenTotal(Figure.CACHE_HIT_PERCENT);
  }

  /** Asserts the share of good responses that ended at a limit of tokens, 0 to 100. */
  public static TokenTotal lengthPercent() {
    return new TokenTotal(Figure.LENGTH_PERCENT);
  }

  /**
   * Asserts the share of responses to the prompt of {@code llm.consistency} that differ from the
   * first one, 0 to 100.
   */
  public static TokenTotal differentPercent() {
    return new TokenTotal(Figure.DIFFERENT_PERCENT);
  }

  /** Asserts the share of responses to requests for JSON that are not valid JSON, 0 to 100. */
  public static TokenTotal invalidJsonPercent() {
    return new TokenTotal(Figure.INVALID_JSON_PERCENT);
  }

  /** Asserts output tokens per second of the measured window. */
  public static TokenTotal outputTokensPerSecond() {
    return new TokenTotal(Figure.OUTPUT_TOKENS_PER_SECOND);
  }

  /** Asserts output tokens per second for each of {@code llm.gpus}, of the whole run. */
  public static TokenTotal outputTokensPerSecondPerGpu() {
    return new TokenTotal(Figure.OUTPUT_TOKENS_PER_SECOND_PER_GPU);
  }

  /** Asserts what a million output tokens cost at {@code llm.costPerHour}, of the whole run. */
  public static TokenTotal costPerMillionOutputTokens() {
    return new TokenTotal(Figure.COST_PER_MILLION_OUTPUT_TOKENS);
  }

  /**
   * Asserts what 1,000 responses that met every objective cost at {@code llm.costPerHour}, of the
   * whole run.
   */
  public static TokenTotal costPerThousandGoodRequests() {
    return new TokenTotal(Figure.COST_PER_THOUSAND_GOOD_REQUESTS);
  }

  /**
   * Asserts what 1,000 conversations cost at {@code llm.costPerHour} of which every request met
   * every objective, of the whole run.
   */
  public static TokenTotal costPerThousandGoodConversations() {
    return new TokenTotal(Figure.COST_PER_THOUSAND_GOOD_CONVERSATIONS);
  }

  /**
   * Asserts the share of all responses, failed ones included, that met every objective of {@link
   * #goodput}, 0 to 100.
   */
  public static TokenTotal goodputPercent() {
    return new TokenTotal(Figure.GOODPUT_PERCENT);
  }

  /**
   * Asserts the mean time that requests waited in the server's queue, by the server's own metrics
   * ({@code llm.serverMetrics}).
   */
  public static ServerTime serverQueue() {
    return new ServerTime(Figure.SERVER_QUEUE);
  }

  /** Asserts the mean time from leaving the server's queue to the first token, likewise. */
  public static ServerTime serverPrefill() {
    return new ServerTime(Figure.SERVER_PREFILL);
  }

  /**
   * Asserts a metric of the server under test ({@code llm.serverMetrics}).
   *
   * @param name the server's own, without labels, such as {@code vllm:num_preemptions_total}
   * @throws IllegalArgumentException if that is not the name of a metric
   */
  public static ServerMetric serverMetric(String name) {
    return new ServerMetric(name);
  }

  // ---------------------------------------------------------------- the run

  /**
   * Returns the protocol for the server of {@code llm.baseUrl}, with {@code LLM_API_KEY} from the
   * environment as bearer token. Without that setting, the embedded simulated server is started on
   * a free loopback port. Gatling's own warm-up request to an outside host is off.
   *
   * <p>The key goes to the base URLs of this protocol only, also where a request has the absolute
   * URL of another host. Redirects are not followed for the same reason. The certificate of an
   * {@code https} server is verified, unless {@code llm.insecure} is true; that does not apply to
   * another base URL that the protocol gets later.
   *
   * @throws dev.gatlingllm.settings.SettingException if the server cannot be reached
   */
  public static HttpProtocolBuilder llmTarget() {
    return LlmTarget.of(LlmSettings.get());
  }

  /**
   * Injects virtual users by the settings, for {@code llm.warmup} and {@code llm.duration}
   * together: at the arrival times of a replayed trace, at {@code llm.rate} as {@code llm.arrivals}
   * says, or {@code llm.users} at a time. These are the users of all shards together, of which
   * {@code llm.shard} has its share; {@code llm.ratePerShard} and {@code llm.usersPerShard} are
   * those of each. Call {@link #measure()} too: otherwise figures do not leave out {@code
   * llm.warmup}.
   */
  public static PopulationBuilder load(ScenarioBuilder scenario, Workload workload) {
    return ShardedLoad.of(
            workload instanceof WorkloadBuilder<?> builder ? builder.settings : LlmSettings.get())
        .inject(scenario, workload);
  }

  /**
   * Returns users who arrive independently of each other, as real ones do: {@code
   * poissonUsersPerSec(5).during(60)}, or {@code poissonUsersPerSec(1).to(20).during(60)}.
   *
   * @param rate users per second, from 0
   */
  public static RandomArrivals poissonUsersPerSec(double rate) {
    return new RandomArrivals(ArrivalPattern.POISSON, rate, rate);
  }

  /**
   * Returns users who arrive in bursts, or more evenly than independent ones: the times between
   * their arrivals have a gamma distribution.
   *
   * @param rate users per second, from 0
   * @param burstiness shape of the distribution, from 0.01 to 1,000: below 1 for bursts, 1 for
   *     independent users, above 1 for users at more equal distances
   */
  public static RandomArrivals gammaUsersPerSec(double rate, double burstiness) {
    return new RandomArrivals(ArrivalPattern.gamma(burstiness), rate, rate);
  }

  /**
   * Returns this load generator's share of so many users at a time, for {@code injectClosed(…)}:
   * {@code constantConcurrentUsers(shareOf(80))} is 80 users in all shards of {@code llm.shard}
   * together. Remainders go to the first shards. Without shards, all users are this generator's.
   *
   * @param users 0, or at least one for each shard
   */
  public static int shareOf(int users) {
    return ShardedLoad.of(LlmSettings.get()).shareOf(users);
  }

  /**
   * Returns this load generator's share of an open load, for {@code injectOpen(…)}: {@code
   * shareOf(rampUsers(80).during(60))}. Of n shards, the i-th starts every n-th user, at the time
   * at which a single generator would. So give it all steps of a population at once. Randomized
   * steps depend on the seed alone.
   *
   * @param steps with at least one user for each shard
   */
  public static List<OpenInjectionStep> shareOf(OpenInjectionStep... steps) {
    return ShardedLoad.of(LlmSettings.get()).shareOf(List.of(steps));
  }

  /**
   * Returns the {@code maxDuration} of a run with {@link #load}: the load and {@code
   * llm.requestTimeout} for the last responses.
   */
  public static Duration longestRun() {
    LlmSettings settings = LlmSettings.get();
    return ShardedLoad.of(settings).length().plus(settings.get(Setting.REQUEST_TIMEOUT));
  }

  /**
   * Sets a warm-up from the first request on, which enters no figure. Measured is what follows, to
   * the end of the injection, or to the last response where the injection states a number of users.
   * Call it in the constructor of the simulation.
   */
  public static void warmUp(Duration warmUp) {
    TokenRun.current().measureAfter(warmUp);
    UsedSettings.add(Setting.WARMUP, warmUp);
  }

  /**
   * Sets the objectives that a response must meet to count for goodput, instead of {@code
   * llm.goodput}. Failed responses do not meet them. Call it in the constructor of the simulation.
   *
   * @param objectives such as {@code ttft<500ms,tpot<=50ms,e2e<10s}, of ttft, ttfo, icl (every gap
   *     of a response), tpot, ntpot and e2e
   * @throws IllegalArgumentException for an invalid objective
   */
  public static void goodput(String objectives) {
    TokenRun.current().setObjectives(Objectives.parse(objectives));
    UsedSettings.add(Setting.GOODPUT, objectives);
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
   * Sets the measurement window. Neither the warm-up before it nor the end of the load after it
   * enters a figure. Without this call, the window begins when all users of the first injection
   * step are active, but at most 10 % into the injection, and ends with the injection; where that
   * states a number of users, as {@code atOnceUsers} does, with the last response. Call it in the
   * constructor of the simulation.
   *
   * @param warmUp time before the window, from the first request
   * @param measured length of the window
   */
  public static void measure(Duration warmUp, Duration measured) {
    TokenRun.current().measure(Window.of(warmUp, List.of(measured)));
    UsedSettings.add(Setting.WARMUP, warmUp);
    UsedSettings.add(Setting.DURATION, measured);
  }
}
