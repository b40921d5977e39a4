package dev.gatlingllm.metrics;

import static dev.gatlingllm.metrics.Figure.Declaration.conversation;
import static dev.gatlingllm.metrics.Figure.Declaration.conversationTime;
import static dev.gatlingllm.metrics.Figure.Declaration.count;
import static dev.gatlingllm.metrics.Figure.Declaration.goodput;
import static dev.gatlingllm.metrics.Figure.Declaration.latency;
import static dev.gatlingllm.metrics.Figure.Declaration.ofArrivals;
import static dev.gatlingllm.metrics.Figure.Declaration.ofClient;
import static dev.gatlingllm.metrics.Figure.Declaration.ofLeavers;
import static dev.gatlingllm.metrics.Figure.Declaration.ofServer;
import static dev.gatlingllm.metrics.Figure.Declaration.tokens;
import static dev.gatlingllm.metrics.Figure.Declaration.total;

import dev.gatlingllm.metrics.Response.Status;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is measured, each figure declared once: files, pages, console, assertions,
 * scores, searches and comparisons iterate over these declarations. To add a figure, declare it
 * here and define it in {@code docs/figures.md}, which says what each one means.
 *
 * <p>A figure is a <em>distribution</em>, which has any number of samples per response and of which
 * an {@link Indicator} picks one statistic; or a <em>total</em>, of which a set of responses has
 * one value. Some figures describe the load generator instead of the server.
 *
 * <p>A total is a sum over the responses that ended in the window. By its unit it is read as that
 * sum, as a share in percent, or as a rate per second of the window, 0 where that has no length.
 *
 * <p>A sample has a moment, which decides whether it lies in the window: that of the token, of the
 * end of the gap, or of the end of the response. Samples come from successful responses; those
 * known before the end of a response also from those that were cut or abandoned; those that are
 * known before a response, such as {@link #SCHEDULE_DELAY}, from all. A response that does not know
 * a value adds no sample, and one whose request was written in the warm-up adds no latency to the
 * window.
 */
public enum Figure {
  TTFT(
      latency("ttft", "TTFT")
          .description("time to first token")
          .sample(r -> known(r.timing().ttftNanos()) / 1e6)
          .at(r -> r.timing().writtenNanos() + r.timing().ttftNanos())
          .ofCutToo()
          .judgeable()
          .headline()),
  TTFO(
      latency("ttfo", "TTFO")
          .description("time to first output token")
          .sample(r -> known(r.timing().ttfoNanos()) / 1e6)
          .at(r -> r.timing().writtenNanos() + r.timing().ttfoNanos())
          .ofCutToo()
          .judgeable()
          .absent("no response had output other than reasoning")),
  ICL(
      latency("icl", "ICL")
          .description("inter-chunk latency")
          .gaps(r -> !r.cameAtOnce())
          .ofCutToo()
          .judgeable(Figure::isOneToken)
          .absent("no response had two chunks with output, or all came at once")
          .headline()),
  ITL(
      latency("itl", "ITL")
          .description("inter-token latency")
          .gaps(r -> r.hasOneTokenPerChunk() && !r.cameAtOnce())
          .ofCutToo()
          .absent(
              "no response had one token in each chunk (then use icl or tpot), or all came at"
                  + " once")),
  TPOT(
      latency("tpot", "TPOT")
          .description("time per output token")
          .sample(r -> known(r.tpotNanos()) / 1e6)
          .judgeable(Figure::isOneToken)
          .absent("no response had two tokens in chunks of their own, or all came at once")
          .headline()),
  E2E(
      latency("e2e", "E2E")
          .description("end-to-end latency")
          .sample(r -> millis(r.timing().e2eNanos()))
          .judgeable()
          .headline()),
  NTPOT(
      latency("ntpot", "NTPOT")
          .description("E2E per output token")
          .sample(
              r ->
                  r.usage().outputTokens() > 0
                      ? millis(r.timing().e2eNanos()) / r.usage().outputTokens()
                      : Double.NaN)
          .judgeable()),
  INPUT_TOKENS(
      tokens("inputTokens", "input tokens")
          .description("of a prompt")
          .sample(r -> known(r.inputTokensOrExpected()))),
  OUTPUT_TOKENS(
      tokens("outputTokens", "output tokens")
          .description("of a response")
          .sample(r -> isEmbedding(r) ? Double.NaN : known(r.usage().outputTokens()))),
  CACHED_TOKENS(
      tokens("cachedTokens", "cached tokens")
          .description("of a prompt")
          .sample(r -> known(r.usage().cachedTokens()))),
  TOKENS_PER_CHUNK(
      tokens("tokensPerChunk", "tokens per chunk")
          .description("of output")
          .sample(
              r ->
                  r.usage().isOutputCounted() && r.timing().hasOutput()
                      ? (double) r.shownTokens() / r.timing().chunks()
                      : Double.NaN)
          .resolution(1_000)),
  SCHEDULE_DELAY(
      latency("scheduleDelay", "schedule delay")
          .description("sent after it was due")
          .sample(r -> known(r.timing().scheduleDelayNanos()) / 1e6)
          .ofRequests()
          .aboutClient()
          .absent("no request was due at a known moment")),
  SEND_DELAY(
      latency("sendDelay", "send delay")
          .description("schedule delay without connecting")
          .sample(r -> known(r.timing().sendDelayNanos()) / 1e6)
          .ofRequests()
          .aboutClient()
          .absent("no request was due at a known moment")),
  CONNECT_TIME(
      latency("connectTime", "connect time")
          .description("DNS, TCP and TLS of new connections")
          .sample(r -> known(r.timing().connectNanos()) / 1e6)
          .ofRequests()
          .rare()
          .absent("no request opened a connection")),
  TOKENIZER_DIFFERENCE(
      tokens("tokenizerDifference", "tokenizer difference")
          .description("server’s count − expected")
          .sample(
              r ->
                  r.usage().inputTokens() >= 0 && r.turn().expectedInputTokens() >= 0
                      ? r.usage().inputTokens() - r.turn().expectedInputTokens()
                      : Double.NaN)),
  IMAGE_TOKENS(
      tokens("imageTokens", "tokens per image")
          .description("server’s count − our count of the text")
          .sample(
              r ->
                  r.content().images() > 0 && r.usage().inputTokens() >= 0
                      ? (double) (r.usage().inputTokens() - r.content().textTokens())
                          / r.content().images()
                      : Double.NaN)
          .rare()
          .absent("no prompt had an image, or the server did not count prompts")),
  DIFFERS_AT(
      new Declaration("differsAt", "first difference", Unit.CHARACTERS)
          .description("between responses to one prompt")
          .sample(
              r ->
                  r.content().repetition() == null
                      ? Double.NaN
                      : known(r.content().repetition().differsAt()))
          .rare()
          .absent("no response differed from the first one to the same prompt")),
  WAITING_AGE(
      latency("waitingAge", "waiting")
          .description("for the first token at the end")
          .notOfResponses()
          .rare()
          .absent("no request was left waiting for its first token")),
  WAITING_FOR_OUTPUT_AGE(
      latency("waitingForOutputAge", "waiting for output")
          .description("other than reasoning, at the end")
          .notOfResponses()
          .inside()
          .absent("no request was left waiting for output")),
  SEEN_TPOT(
      latency("seenTpot", "TPOT until users left")
          .description("the wait for the next token included")
          .notOfResponses()
          .inside()
          .absent("no user left a response that had begun")),
  UNFINISHED_REQUEST_AGE(
      latency("unfinishedRequestAge", "age of unfinished requests")
          .description("at the end of the window")
          .notOfResponses()
          .inside()
          .absent("every request ended in the window")),
  OPEN_GAP(
      latency("openGap", "age of open gaps")
          .description("since the last chunk of unfinished responses")
          .notOfResponses()
          .inside()
          .absent("no response was under way between two chunks at the end of the window")),
  CUT_AGE(
      latency("cutAge", "cut")
          .description("age when the load was stopped")
          .notOfResponses()
          .rare()
          .absent("no request was under way when the load was stopped")),
  CONVERSATION_TURNS(
      conversation("conversationTurns", "turns", Unit.TURNS, ConversationSums::turns)
          .fileKey("turns")),
  CONVERSATION_DURATION(
      conversationTime("conversationDuration", "duration", ConversationSums::millis)
          .lower()
          .fileKey("duration")),
  CONVERSATION_MODEL_TIME(
      conversationTime("conversationModelTime", "model time", ConversationSums::modelMillis)
          .description("waiting for responses")
          .lower()
          .fileKey("modelTime")),
  CONVERSATION_TOOL_TIME(
      conversationTime("conversationToolTime", "tool time", ConversationSums::toolMillis)
          .description("waiting for tools")
          .fileKey("toolTime")),
  CONVERSATION_THINK_TIME(
      conversationTime("conversationThinkTime", "think time", ConversationSums::thinkMillis)
          .description("between other turns")
          .fileKey("thinkTime")),
  CONVERSATION_CACHE_HIT(
      conversation(
              "conversationCacheHitPercent",
              "cache hit",
              Unit.PERCENT,
              ConversationSums::cacheHitPercent)
          .resolution(100)
          .higher()
          .alias("conversationCacheHit")
          .fileKey("cacheHitPercent")),
  CONVERSATION_AGE(
      latency("conversationAge", "age of unfinished")
          .description("conversations, at the end of the window")
          .notOfResponses()
          .inside()
          .fileKey("unfinishedAge")
          .absent("every conversation ended in the window")),

  REQUESTS(count("requests", "requests", Unit.REQUESTS).adds(r -> 1)),
  OK(count("ok", "OK", Unit.REQUESTS).adds(r -> r.ok() ? 1 : 0)),
  FAILURES(
      count("failures", "failed requests", Unit.REQUESTS)
          .adds(r -> r.ok() ? 0 : 1)
          .lower()
          .fileKey("ko")),
  FAILED_PERCENT(
      total("failedPercent", "failed requests", Unit.PERCENT)
          .adds(r -> r.ok() ? 0 : 1, r -> 1)
          .lower()
          .alias("failures")
          .absent("no request ended")
          .headline()),
  DRAIN_REQUESTS(
      count("drainRequests", "requests of the drain", Unit.REQUESTS).adds(r -> 0).inside()),
  CONVERSATIONS(count("conversations", "conversations", Unit.CONVERSATIONS)),
  COMPLETED_CONVERSATIONS(
      count("completedConversations", "completed conversations", Unit.CONVERSATIONS)
          .inside()
          .fileKey("completed")),
  FAILED_CONVERSATIONS(
      count("failedConversations", "failed conversations", Unit.CONVERSATIONS)
          .lower()
          .inside()
          .fileKey("failed")),
  ABANDONED_CONVERSATIONS(
      count("abandonedConversations", "abandoned conversations", Unit.CONVERSATIONS)
          .inside()
          .fileKey("left")),
  CONVERSATION_SUCCESS_PERCENT(
      total("conversationSuccessPercent", "conversation success", Unit.PERCENT)
          .inside()
          .higher()
          .alias("conversationSuccess")
          .fileKey("successPercent")
          .absent("no conversation ended")),
  TOTAL_INPUT_TOKENS(
      total("totalInputTokens", "input tokens", Unit.TOKENS)
          .adds(Figure::promptTokens)
          .fileKey("inputTokens")),
  TOTAL_OUTPUT_TOKENS(
      total("totalOutputTokens", "output tokens", Unit.TOKENS).fileKey("outputTokens")),
  TOTAL_REASONING_TOKENS(
      total("reasoningTokens", "reasoning tokens", Unit.TOKENS)
          .adds(r -> r.ok() ? known(r.usage().reasoningTokens()) : Double.NaN)),
  TOTAL_CACHED_TOKENS(
      total("totalCachedTokens", "cached tokens", Unit.TOKENS)
          .adds(Figure::cachedTokens)
          .fileKey("cachedTokens")),
  OUTPUT_TOKENS_PER_SECOND(
      count("outputTokensPerSecond", "output tokens/s", Unit.TOKENS_PER_SECOND)
          .higher()
          .headline()),
  INPUT_TOKENS_PER_SECOND(
      total("inputTokensPerSecond", "input tokens/s", Unit.TOKENS_PER_SECOND)
          .adds(Figure::promptTokens)
          .zeroIf(Figure::hasNoOk)
          .absent("no input tokens were counted")
          .headline()),
  RESPONSES_PER_SECOND(
      count("responsesPerSecond", "responses/s", Unit.RESPONSES_PER_SECOND)
          .adds(r -> r.ok() ? 1 : 0)
          .higher()
          .headline()),
  REQUESTS_PER_SECOND(
      count("requestsPerSecond", "requests/s", Unit.REQUESTS_PER_SECOND).adds(r -> 1)),
  CACHE_HIT_PERCENT(
      total("cacheHitPercent", "cache hit", Unit.PERCENT)
          .adds(
              r -> cacheableTokens(r) >= 0 ? Math.max(0, r.usage().cachedTokens()) : Double.NaN,
              Figure::cacheableTokens)
          .onceCacheIsReported()
          .higher()
          .alias("cacheHit")
          .absent(
              "no response reported cached tokens; vLLM needs --enable-prompt-tokens-details,"
                  + " SGLang --enable-cache-report")
          .headline()),
  CACHE_HIT_PERCENT_UPPER(
      total("cacheHitPercentUpper", "cache hit, at most", Unit.PERCENT)
          .adds(Figure::cachedTokens, Figure::promptTokens)),
  EXPECTED_REUSABLE_PERCENT(
      total("expectedReusablePercent", "reusable", Unit.PERCENT)
          .adds(Figure::reusableTokens, r -> r.turn().expectedInputTokens())),
  LENGTH_PERCENT(
      total("lengthPercent", "ended by length", Unit.PERCENT)
          .adds(
              r ->
                  r.ok() && r.outcome().finishReason() != null
                      ? (r.outcome().isAtLimit() ? 1 : 0)
                      : Double.NaN,
              r -> 1)
          .absent("no successful response had a finish reason")),
  GOODPUT_PER_SECOND(goodput("goodputPerSecond", "goodput/s", Unit.REQUESTS_PER_SECOND)),
  GOODPUT_PERCENT(goodput("goodputPercent", "goodput", Unit.PERCENT).alias("goodput").headline()),
  GOOD_CONVERSATIONS_PER_SECOND(
      total("goodConversationsPerSecond", "good conversations/s", Unit.CONVERSATIONS_PER_SECOND)
          .higher()
          .absent("no objectives are set, or no response of a conversation ended")),
  OUTPUT_TOKENS_PER_SECOND_PER_GPU(
      total("outputTokensPerSecondPerGpu", "output tokens/s per GPU", Unit.TOKENS_PER_SECOND)
          .derived((value, server) -> server.perGpu(value.apply(OUTPUT_TOKENS_PER_SECOND)))
          .higher()
          .absent("llm.gpus is not set, or this is not the whole run")
          .headline()),
  COST_PER_MILLION_OUTPUT_TOKENS(
      total("costPerMillionOutputTokens", "cost per million output tokens", Unit.MONEY)
          .derived((value, server) -> server.costOf(1e6, value.apply(OUTPUT_TOKENS_PER_SECOND)))
          .lower()
          .absent("llm.costPerHour is not set, this is not the whole run, or no output tokens came")
          .headline()),
  COST_PER_THOUSAND_GOOD_REQUESTS(
      total("costPerThousandGoodRequests", "cost per 1,000 good requests", Unit.MONEY)
          .derived((value, server) -> server.costOf(1e3, value.apply(GOODPUT_PER_SECOND)))
          .lower()
          .absent(
              "llm.costPerHour or objectives are not set, this is not the whole run, or no request"
                  + " met the objectives")
          .headline()),
  COST_PER_THOUSAND_GOOD_CONVERSATIONS(
      total("costPerThousandGoodConversations", "cost per 1,000 good conversations", Unit.MONEY)
          .derived(
              (value, server) -> server.costOf(1e3, value.apply(GOOD_CONVERSATIONS_PER_SECOND)))
          .lower()
          .absent(
              "llm.costPerHour or objectives are not set, this is not the whole run, or no"
                  + " conversation ended and met the objectives")
          .headline()),
  UNFINISHED_MISSED(
      count("unfinishedMissed", "unfinished requests that missed an objective", Unit.REQUESTS)
          .lower()
          .inside()),
  MISSED_IN_WARM_UP(
      count(
              "missedInWarmUp",
              "responses left out of goodput, for which an objective was missed in the warm-up",
              Unit.REQUESTS)
          .inside()),
  TOTAL_IMAGES(
      total("images", "images sent", Unit.IMAGES)
          .adds(r -> r.ok() && r.content().images() > 0 ? r.content().images() : Double.NaN)),
  JSON_RESPONSES(
      total("jsonResponses", "responses of JSON", Unit.REQUESTS)
          .adds(r -> isInvalidJson(r) >= 0 ? 1 : Double.NaN)),
  INVALID_JSON_PERCENT(
      total("invalidJsonPercent", "invalid JSON", Unit.PERCENT)
          .adds(Figure::isInvalidJson, r -> 1)
          .lower()
          .absent("no request asked for JSON; set llm.jsonSchema")),
  COMPARED_RESPONSES(
      total("comparedResponses", "compared responses", Unit.REQUESTS)
          .adds(r -> differs(r) >= 0 ? 1 : Double.NaN)),
  DIFFERENT_PERCENT(
      total("differentPercent", "different responses", Unit.PERCENT)
          .adds(Figure::differs, r -> 1)
          .lower()
          .absent("llm.consistency is not set, or its prompt had fewer than two responses")),
  RETRIES(
      count("retries", "retries", Unit.REQUESTS).adds(r -> r.turn().attempt() > 1 ? 1 : 0).lower()),
  WAITING(count("waiting", "waiting requests", Unit.REQUESTS).lower()),
  UNFINISHED(count("unfinished", "unfinished requests", Unit.REQUESTS)),
  CUT(count("cut", "cut requests", Unit.REQUESTS)),
  ABANDONED(count("abandoned", "abandoned requests", Unit.REQUESTS)),
  RESENT(
      count("resent", "re-sent requests", Unit.REQUESTS)
          .adds(r -> r.timing().resent() ? 1 : 0)
          .lower()),
  WRITTEN_IN_WARM_UP(count("writtenInWarmUp", "written in the warm-up", Unit.REQUESTS)),
  UNSENT_TURNS(count("unsentTurns", "unsent turns", Unit.TURNS)),
  NOT_BUILT(count("notBuilt", "requests not built", Unit.REQUESTS).lower()),
  TURNS_CUT(
      count("turnsCut", "cut prompts", Unit.REQUESTS)
          .adds(r -> r.turn().droppedTokens() > 0 ? 1 : 0)),
  DROPPED_TOKENS(
      count("droppedTokens", "dropped tokens", Unit.TOKENS)
          .adds(r -> Math.max(0, r.turn().droppedTokens()))),
  BROKEN_CONVERSATIONS(
      count("brokenConversations", "broken conversations", Unit.CONVERSATIONS)
          .adds(r -> r.outcome().conversationBroken() ? 1 : 0)
          .lower()),

  SERVER_QUEUE(ofServer("server.queue", "server queue", Unit.MILLISECONDS).alias("serverQueue")),
  SERVER_PREFILL(
      ofServer("server.prefill", "server prefill", Unit.MILLISECONDS).alias("serverPrefill")),
  SERVER_PREEMPTIONS(
      ofServer("server.preemptions", "server preemptions", Unit.REQUESTS)
          .alias("serverPreemptions")),
  SERVER_TOKENS_PER_JOULE(
      ofServer("server.tokensPerJoule", "server output tokens/J", Unit.TOKENS_PER_JOULE)
          .higher()
          .alias("serverTokensPerJoule")),
  SERVER_TOKENS_FOR_LEAVERS(
      ofLeavers("server.tokensForLeavers", "server tokens for users who left", Unit.TOKENS)
          .alias("serverTokensForLeavers")),
  SERVER_TOKENS_FOR_LEAVERS_LEAST(
      ofLeavers(
          "server.tokensForLeaversLeast",
          "server tokens for users who left, at least",
          Unit.TOKENS)),
  SERVER_SLOT_AFTER_LEAVING(
      ofLeavers("server.slotAfterLeaving", "server slot after a user left", Unit.MILLISECONDS)
          .alias("serverSlotAfterLeaving")),
  SERVER_SLOT_AFTER_LEAVING_LEAST(
      ofLeavers(
          "server.slotAfterLeavingLeast",
          "server slot after a user left, at least",
          Unit.MILLISECONDS)),

  ARRIVALS_PER_SECOND(
      ofArrivals("arrivalsPerSecond", "arrivals/s", Unit.USERS_PER_SECOND)
          .absent("the load is not open, or has no pinned() step")),
  ARRIVAL_VARIATION(
      ofArrivals("arrivalVariation", "variation of arrivals", Unit.DEVIATION_OF_MEAN)
          .absent(
              "the load is not open, fewer than three users came in the window, or this is a merged"
                  + " run")),
  ARRIVALS_OF_PLAN_PERCENT(
      ofArrivals("arrivalsOfPlanPercent", "arrivals of plan", Unit.PERCENT)
          .absent("the plan of the load is not known, or had no user in the window")),

  CLIENT_LAG(ofClient("clientLag", "client lag", Unit.MILLISECONDS)),
  /** Processor time of the load generator out of all that its machine has. */
  CLIENT_CPU_PERCENT(ofClient("clientCpuPercent", "client CPU", Unit.PERCENT));

  /** What a figure counts. */
  public enum Unit {
    MILLISECONDS("ms"),
    TOKENS("tokens"),
    CHARACTERS("characters"),
    IMAGES("images"),
    REQUESTS("requests"),
    CONVERSATIONS("conversations"),
    TURNS("turns"),
    PERCENT("%"),
    TOKENS_PER_SECOND("tokens/s"),
    TOKENS_PER_JOULE("tokens/J"),
    REQUESTS_PER_SECOND("requests/s"),
    RESPONSES_PER_SECOND("responses/s"),
    CONVERSATIONS_PER_SECOND("conversations/s"),
    USERS_PER_SECOND("users/s"),
    /** A standard deviation over a mean. */
    DEVIATION_OF_MEAN("sd/mean"),
    /** In the currency of {@code llm.costPerHour}. */
    MONEY("$");

    private final String symbol;

    Unit(String symbol) {
      this.symbol = symbol;
    }

    /** Returns the unit as files and pages write it. */
    public String symbol() {
      return symbol;
    }

    /** Returns whether this is a number of something per second. */
    public boolean isRate() {
      return symbol.endsWith("/s");
    }
  }

  /** Which of two values of a figure is the better one. */
  public enum Direction {
    LOWER_IS_BETTER,
    HIGHER_IS_BETTER,
    /** The figure describes the load, or is neither good nor bad. */
    NEITHER
  }

  private static final List<Figure> DISTRIBUTIONS =
      Stream.of(values()).filter(Figure::hasSamples).toList();

  private static final List<Figure> OF_CONVERSATIONS =
      Stream.of(values()).filter(figure -> figure.declaration.ofConversation != null).toList();

  private static final List<Figure> TOTALS =
      Stream.of(values()).filter(figure -> figure.declaration.isTotal).toList();

  private final Declaration declaration;

  Figure(Declaration declaration) {
    this.declaration = declaration;
  }

  /** Returns the distributions that responses have samples of, in the order of files and tables. */
  public static List<Figure> distributions() {
    return DISTRIBUTIONS;
  }

  /** Returns the distributions of which each completed conversation has one sample. */
  public static List<Figure> ofConversations() {
    return OF_CONVERSATIONS;
  }

  /** Returns the totals, in the order of files and tables. */
  public static List<Figure> totals() {
    return TOTALS;
  }

  /** Returns the figures that a short overview shows, in its order. */
  public static List<Figure> headlines() {
    return Stream.of(values()).filter(figure -> figure.declaration.headline).toList();
  }

  /** Finds a figure by its key, ignoring case. */
  static Optional<Figure> byKey(String key) {
    return Stream.of(values()).filter(figure -> figure.key().equalsIgnoreCase(key)).findFirst();
  }

  /** Finds a figure by its name in a condition, ignoring case: its short name, else its key. */
  static Optional<Figure> byName(String name) {
    return Stream.of(values())
        .filter(figure -> figure.alias().equalsIgnoreCase(name))
        .min(Comparator.comparing(figure -> figure.declaration.alias == null))
        .or(() -> byKey(name));
  }

  /** Returns the figure's name in scores and options, such as {@code ttft}. */
  public String key() {
    return declaration.key;
  }

  /** Returns the figure's name in {@code tokens.json}; most often its key. */
  public String fileKey() {
    return declaration.fileKey == null ? declaration.key : declaration.fileKey;
  }

  /** Returns the figure's name in conditions, such as {@code cacheHit}; most often its key. */
  public String alias() {
    return declaration.alias == null ? declaration.key : declaration.alias;
  }

  /** Returns the figure's display name, such as {@code TTFT} or {@code cache hit}. */
  public String label() {
    return declaration.label;
  }

  /** Returns what a short label stands for, such as "time to first token"; may be empty. */
  public String description() {
    return declaration.description;
  }

  /** Returns the unit of the figure's values in every summary. */
  public Unit unit() {
    return declaration.unit;
  }

  /** Returns which of two values is the better one. */
  public Direction direction() {
    return declaration.direction;
  }

  /** Returns whether the figure has many values, of which an indicator picks a statistic. */
  public boolean isDistribution() {
    return hasSamples() || this == CLIENT_LAG;
  }

  private boolean hasSamples() {
    return declaration.sample != null || declaration.hasGaps != null;
  }

  /** Returns whether the figure describes the load generator rather than the server. */
  public boolean isAboutClient() {
    return declaration.isClient;
  }

  /** Returns whether most runs have no sample, so that a table leaves it out then. */
  public boolean isRare() {
    return declaration.rare;
  }

  /** Returns whether {@code tokens.json} has the figure inside of another field. */
  public boolean isNested() {
    return declaration.nested;
  }

  /**
   * Returns the figure that has samples of responses of which this one has none, because they did
   * not end: their ages, which are lower bounds, or what their users saw; null for none.
   */
  public @Nullable Figure bounding() {
    return switch (this) {
      case TTFT -> WAITING_AGE;
      case TTFO -> WAITING_FOR_OUTPUT_AGE;
      case TPOT -> SEEN_TPOT;
      case ICL, ITL -> OPEN_GAP;
      case E2E -> UNFINISHED_REQUEST_AGE;
      case CONVERSATION_DURATION -> CONVERSATION_AGE;
      default -> null;
    };
  }

  /** Returns why this figure has no value, for messages. */
  public String whyAbsent() {
    return declaration.whyAbsent;
  }

  /** Returns what a counted response adds to this total; NaN where it does not know. */
  double amount(Response response) {
    return declaration.amount.applyAsDouble(response);
  }

  /** Returns what a response that adds to a share adds to its whole. */
  double whole(Response response) {
    return declaration.whole.applyAsDouble(response);
  }

  /**
   * Returns the value of this total, or null where it is not known.
   *
   * @param sums without those that nothing was added to
   */
  @Nullable Double value(Map<Figure, Sum> sums, SummaryContext context) {
    if (declaration.derivation != null) {
      return declaration.derivation.value(
          total -> total.value(sums, context), context.deployment());
    }
    Sum sum = sums.get(this);
    if (declaration.onceCacheIsReported && !context.cacheReported()) {
      return null;
    }
    if (sum == null) {
      return declaration.zero.test(sums) ? 0.0 : null;
    }
    if (unit() == Unit.PERCENT) {
      return sum.percent();
    }
    if (unit().isRate()) {
      return sum.perSecond(context.seconds());
    }
    // fractions of tokens add up to a half more or less, by the order of the responses
    return (double) Math.round(Math.rint(sum.amount() * 1e6) / 1e6);
  }

  /** Resolution of this figure's histograms, in parts of the unit. */
  double ticksPerUnit() {
    return declaration.ticksPerUnit;
  }

  /** Hands over each sample that a response has of this distribution, in its unit. */
  public void samples(Response response, DoubleConsumer to) {
    samples(response, null, to);
  }

  /** Hands over each sample whose moment lies in the span. */
  void samples(WindowedResponse windowed, DoubleConsumer to) {
    if (unit() == Unit.MILLISECONDS && windowed.isFromWarmUp()) {
      return;
    }
    samples(windowed.response(), windowed.isWhole() ? null : windowed, to);
  }

  /** Hands over all samples, or those in the span of a response that is only partly in it. */
  private void samples(Response response, @Nullable WindowedResponse span, DoubleConsumer to) {
    if (!declaration.of.contains(response.status())) {
      return;
    }
    if (declaration.sample != null) {
      double value = declaration.sample.applyAsDouble(response);
      if (!Double.isNaN(value)
          && (span == null || span.contains(declaration.moment.applyAsLong(response)))) {
        to.accept(value);
      }
    } else if (declaration.hasGaps != null && declaration.hasGaps.test(response)) {
      gaps(response.timing(), span, to);
    }
  }

  private static void gaps(
      Response.Timing timing, @Nullable WindowedResponse span, DoubleConsumer to) {
    long[] ends = timing.chunkNanos();
    long[] gaps = timing.gaps();
    for (int i = 0; i < gaps.length; i++) {
      if (gaps[i] != Response.Timing.NO_GAP && (span == null || span.contains(ends[i]))) {
        to.accept(millis(gaps[i]));
      }
    }
  }

  /**
   * Returns the sample that a conversation has of this figure; NaN of one of which only a part is
   * known, which would be too short.
   */
  double sample(ConversationSums conversation) {
    return declaration.ofConversation != null && conversation.isWhole()
        ? declaration.ofConversation.applyAsDouble(conversation)
        : Double.NaN;
  }

  /** Returns whether a condition on this figure can be judged for a single response. */
  boolean isJudgeable() {
    return declaration.metWithoutSample != null;
  }

  /** Returns the figures that goodput can judge, by their keys. */
  static List<String> judgeable() {
    return Arrays.stream(values()).filter(Figure::isJudgeable).map(Figure::key).toList();
  }

  /**
   * Returns whether all samples of a successful response meet a limit. A stall in the middle of a
   * response is therefore not averaged away in {@link #ICL}. A response without a sample misses the
   * limit, except that one token has no gap that could be too long.
   */
  boolean isMetBy(Response response, DoublePredicate limit) {
    int[] counts = new int[2];
    samples(response, sample -> counts[limit.test(sample) ? 1 : 0]++);
    return counts[0] == 0
        && (counts[1] > 0
            || (declaration.metWithoutSample != null
                && declaration.metWithoutSample.test(response)));
  }

  /** Returns whether a response is known to be of one token, so that nothing can come after it. */
  static boolean isOneToken(Response response) {
    return response.usage().isOutputCounted()
        && !isEmbedding(response)
        && response.shownTokens() <= 1
        && response.timing().chunks() <= 1;
  }

  private static boolean hasNoOk(Map<Figure, Sum> sums) {
    return !sums.containsKey(OK) || sums.get(OK).amount() == 0;
  }

  private static double promptTokens(Response response) {
    return response.ok() ? known(response.inputTokensOrExpected()) : Double.NaN;
  }

  /** Whether a good response is one of numbers, such as embeddings or scores. */
  private static boolean isEmbedding(Response response) {
    return response.usage().outputTokens() == 0;
  }

  /** The tokens of a prompt that may be cached: not of embeddings, unless they report it. */
  private static double cacheableTokens(Response response) {
    return isEmbedding(response) && response.usage().cachedTokens() < 0
        ? Double.NaN
        : promptTokens(response);
  }

  /** The cached tokens of a prompt whose length is known. */
  private static double cachedTokens(Response response) {
    return promptTokens(response) >= 0 ? known(response.usage().cachedTokens()) : Double.NaN;
  }

  private static double reusableTokens(Response response) {
    return response.ok() && response.turn().expectedInputTokens() >= 0
        ? known(response.turn().reusableTokens())
        : Double.NaN;
  }

  /** Returns 1 for a response that is not the JSON that was asked for, 0 if it is. */
  private static double isInvalidJson(Response response) {
    Boolean isJson = response.content().isJson();
    return !response.ok() || isJson == null ? Double.NaN : isJson ? 0 : 1;
  }

  /** Returns 1 if the response differs from the first one to its prompt, 0 if it is equal. */
  private static double differs(Response response) {
    Response.Repetition repetition = response.content().repetition();
    return !response.ok() || repetition == null || repetition.isFirst()
        ? Double.NaN
        : repetition.differs() ? 1 : 0;
  }

  private static double known(double number) {
    return number < 0 ? Double.NaN : number;
  }

  private static double millis(double nanos) {
    return nanos / 1e6;
  }

  /** Computes a total from others; null where it is not known. */
  @FunctionalInterface
  private interface Derivation {
    @Nullable Double value(Function<Figure, @Nullable Double> totals, Deployment server);
  }

  /** What a figure is declared with. */
  static final class Declaration {

    private static final double NANOS_PER_MILLI = 1e6;

    private final String key;
    private final String label;
    private final Unit unit;
    private Direction direction = Direction.NEITHER;
    private String description = "";
    private @Nullable String fileKey;
    private @Nullable String alias;
    private boolean headline;
    private boolean nested;
    private boolean rare;
    private boolean isClient;
    private final Set<Status> of = EnumSet.of(Status.OK);
    private ToLongFunction<Response> moment = response -> response.timing().endNanos();
    private double ticksPerUnit;
    private String whyAbsent = "no response reported it";
    private @Nullable ToDoubleFunction<Response> sample;
    private @Nullable Predicate<Response> hasGaps;
    private @Nullable ToDoubleFunction<ConversationSums> ofConversation;
    private boolean isTotal;
    private boolean onceCacheIsReported;
    private @Nullable Derivation derivation;
    private Predicate<Map<Figure, Sum>> zero = sums -> false;
    private ToDoubleFunction<Response> amount = response -> Double.NaN;
    private ToDoubleFunction<Response> whole = response -> 0;
    private @Nullable Predicate<Response> metWithoutSample;

    private Declaration(String key, String label, Unit unit) {
      this.key = key;
      this.label = label;
      this.unit = unit;
      this.ticksPerUnit = unit == Unit.MILLISECONDS ? NANOS_PER_MILLI : 1;
    }

    static Declaration latency(String key, String label) {
      return new Declaration(key, label, Unit.MILLISECONDS).lower();
    }

    static Declaration tokens(String key, String label) {
      return new Declaration(key, label, Unit.TOKENS);
    }

    /** A total that is unknown as long as no response adds to it. */
    static Declaration total(String key, String label, Unit unit) {
      Declaration declaration = new Declaration(key, label, unit);
      declaration.isTotal = true;
      return declaration;
    }

    /** A total that is 0 as long as no response adds to it. */
    static Declaration count(String key, String label, Unit unit) {
      return total(key, label, unit).zeroIf(sums -> true);
    }

    /** A distribution of which each completed conversation has one sample. */
    static Declaration conversation(
        String key, String label, Unit unit, ToDoubleFunction<ConversationSums> sample) {
      Declaration declaration = new Declaration(key, label, unit).inside();
      declaration.ofConversation = sample;
      return declaration
          .notOfResponses()
          .absent("no conversation was completed of which all turns were measured");
    }

    static Declaration conversationTime(
        String key, String label, ToDoubleFunction<ConversationSums> millis) {
      return conversation(key, label, Unit.MILLISECONDS, millis);
    }

    static Declaration goodput(String key, String label, Unit unit) {
      return total(key, label, unit)
          .inside()
          .higher()
          .absent(
              "no objectives are set, no response ended, or all had missed one in the warm-up; set"
                  + " them with goodput(\"ttft<500ms\") or llm.goodput");
    }

    static Declaration ofClient(String key, String label, Unit unit) {
      return new Declaration(key, label, unit)
          .aboutClient()
          .lower()
          .absent("the load generator was not watched");
    }

    /** A total that the server's own metrics tell, and no response. */
    static Declaration ofServer(String key, String label, Unit unit) {
      return total(key, label, unit)
          .inside()
          .lower()
          .absent(
              "the server's metrics do not tell it, or were not read over the whole window"
                  + " (llm.serverMetrics)");
    }

    /** A total of the users of an open load, and of no response. */
    static Declaration ofArrivals(String key, String label, Unit unit) {
      return total(key, label, unit).inside();
    }

    /** A total of what the server did for users who had left. */
    static Declaration ofLeavers(String key, String label, Unit unit) {
      return ofServer(key, label, unit)
          .absent(
              "no user left (llm.abandon), or the server's metrics do not tell it, were not read"
                  + " over the whole run, or count fewer tokens than arrived");
    }

    /** {@code tokens.json} has the figure inside of another field. */
    Declaration inside() {
      nested = true;
      return this;
    }

    Declaration lower() {
      direction = Direction.LOWER_IS_BETTER;
      return this;
    }

    Declaration higher() {
      direction = Direction.HIGHER_IS_BETTER;
      return this;
    }

    /** What each response adds to a total, or NaN if it does not know. */
    Declaration adds(ToDoubleFunction<Response> amount) {
      this.amount = amount;
      return this;
    }

    /** What each response adds to a share and to its whole. */
    Declaration adds(ToDoubleFunction<Response> amount, ToDoubleFunction<Response> whole) {
      this.whole = whole;
      return adds(amount);
    }

    /** The total is unknown as long as no response of the run reports cached tokens. */
    Declaration onceCacheIsReported() {
      onceCacheIsReported = true;
      return this;
    }

    /** The total is computed from others. */
    Declaration derived(Derivation derivation) {
      this.derivation = derivation;
      return this;
    }

    /** The total is 0, and not unknown, if nothing was added to it but this holds. */
    Declaration zeroIf(Predicate<Map<Figure, Sum>> zero) {
      this.zero = zero;
      return this;
    }

    /** One sample for each gap between chunks of one choice, of the responses that count. */
    Declaration gaps(Predicate<Response> hasGaps) {
      this.hasGaps = hasGaps;
      return this;
    }

    /** One sample for each response, or NaN for none. */
    Declaration sample(ToDoubleFunction<Response> sample) {
      this.sample = sample;
      return this;
    }

    /** A distribution whose samples no response alone tells. */
    Declaration notOfResponses() {
      return sample(response -> Double.NaN);
    }

    /** The moment of the sample. Default: the end of the response. */
    Declaration at(ToLongFunction<Response> moment) {
      this.moment = moment;
      return this;
    }

    /** Responses that were cut or abandoned have samples, too, which are known before the end. */
    Declaration ofCutToo() {
      of.add(Status.CUT);
      of.add(Status.ABANDONED);
      return this;
    }

    /** It is known when a request is written, whatever becomes of its response. */
    Declaration ofRequests() {
      of.add(Status.KO);
      return at(response -> response.timing().writtenNanos()).ofCutToo();
    }

    Declaration aboutClient() {
      isClient = true;
      return this;
    }

    /** Most runs have no sample of it. */
    Declaration rare() {
      rare = true;
      return this;
    }

    Declaration resolution(double ticksPerUnit) {
      this.ticksPerUnit = ticksPerUnit;
      return this;
    }

    /** Goodput can judge it; a response without a sample misses. */
    Declaration judgeable() {
      return judgeable(response -> false);
    }

    Declaration judgeable(Predicate<Response> metWithoutSample) {
      this.metWithoutSample = metWithoutSample;
      return this;
    }

    Declaration absent(String why) {
      whyAbsent = why;
      return this;
    }

    Declaration description(String words) {
      description = words;
      return this;
    }

    Declaration fileKey(String name) {
      fileKey = name;
      return this;
    }

    Declaration alias(String name) {
      alias = name;
      return this;
    }

    Declaration headline() {
      headline = true;
      return this;
    }
  }
}
