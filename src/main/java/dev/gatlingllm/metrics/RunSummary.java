package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run at one moment: what pages, files and console output show. Immutable.
 *
 * @param durationSeconds length of the measured window, without warm-up
 * @param overall all responses
 * @param byRequest by Gatling's request name; names above the 1,000th are pooled as {@code
 *     (others)}
 * @param breakdowns by each value of each breakdown; values above the cap of a breakdown are pooled
 *     as {@link Breakdown#OTHERS}
 * @param byGroup by prefix group, from 0; groups above the 64th are pooled under key 63
 * @param byIteration by iteration of the window, from 1, if they are kept apart, else empty; the
 *     warm-up's iterations have the numbers up to 0. Rates are over the whole iteration, even if
 *     the run ended before it did
 * @param coldWarm prompts that were hardly cached against those that were
 * @param failures by kind; kinds above the 100th are pooled as {@code other}
 * @param inWarmUp responses that ended before the window, which no figure counts
 * @param inDrain responses that ended after the window, which no figure counts
 * @param oddities number of successful responses by what is odd about them; without zeros
 * @param promptLengths how long the server found prompts, by request and number of messages
 * @param samples single responses: of a few conversations, the slowest, the first failed ones
 * @param repeatedConversations conversations, also in the warm-up, that repeat one of another user
 * @param ranOut whether users came for whom no conversation was left
 * @param client the load generator's health, or null if unknown
 * @param firstTokens those in the window, whenever their requests were written: what a server
 *     measures
 * @param server what the server's own metrics tell; {@link ServerMetrics#NONE} if unknown
 * @param arrivals when users came; null for a load that is not open
 */
public record RunSummary(
    double durationSeconds,
    ScopeSummary overall,
    SortedMap<String, ScopeSummary> byRequest,
    Map<Breakdown, SortedMap<String, ScopeSummary>> breakdowns,
    SortedMap<Integer, ScopeSummary> byGroup,
    SortedMap<Integer, ScopeSummary> byIteration,
    ColdWarm coldWarm,
    SortedMap<String, FailureCount> failures,
    Outcomes inWarmUp,
    Outcomes inDrain,
    Map<Oddity, Long> oddities,
    List<PromptLengths> promptLengths,
    ResponseSamples samples,
    long repeatedConversations,
    boolean ranOut,
    @Nullable ClientHealth client,
    FirstTokens firstTokens,
    ServerMetrics server,
    @Nullable Arrivals arrivals) {

  /** Returns the figures of each step over time that begins in the window. */
  public List<ScopeSummary.Second> measuredSeconds() {
    return overall.timeline().stream()
        .filter(step -> step.second() >= 0 && step.second() < durationSeconds)
        .toList();
  }

  /**
   * The users of an open load who came in the window.
   *
   * @param users how many
   * @param perSecond these per second of the window
   * @param variation standard deviation of the times between two arrivals, divided by their mean; 0
   *     at equal distances, 1 if users come independently of each other at one rate. Null for fewer
   *     than three users, and for several load generators
   * @param planned the same of the times at which these users were to come; null where unknown
   */
  public record Arrivals(
      long users, double perSecond, @Nullable Double variation, @Nullable Arrivals planned) {

    /** Returns whether these users were to come at one moment, so that a rate says nothing. */
    public boolean wereAtOnce() {
      return variation != null && planned != null && planned.users > 2 && planned.variation == null;
    }

    /** Returns the figures that scores, assertions and searches know. */
    Map<Figure, Double> figures() {
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.ARRIVALS_PER_SECOND, perSecond);
      if (variation != null) {
        figures.put(Figure.ARRIVAL_VARIATION, variation);
      }
      if (planned != null && planned.users() > 0) {
        figures.put(Figure.ARRIVALS_OF_PLAN_PERCENT, 100.0 * users / planned.users());
      }
      return figures;
    }
  }

  /**
   * First tokens that arrived in the window.
   *
   * @param count how many the client saw come
   * @param millis sum of their times to first token
   * @param unseen how many more came with the whole response in one piece, or after hidden
   *     reasoning
   */
  public record FirstTokens(long count, double millis, long unseen) {

    /** None arrived. */
    public static final FirstTokens NONE = new FirstTokens(0, 0, 0);
  }

  /**
   * How some responses ended.
   *
   * @param ok successful ones
   * @param ko failed ones
   * @param abandoned those whose users left
   * @param failures these by kind
   */
  public record Outcomes(
      long ok, long ko, long abandoned, SortedMap<String, FailureCount> failures) {

    /** No response ended. */
    public static final Outcomes NONE = new Outcomes(0, 0, 0, Collections.emptySortedMap());

    /** Returns how many ended by themselves. */
    public long requests() {
      return ok + ko;
    }
  }

  /**
   * The lengths of prompts of one request with the same number of messages, as the server counted
   * them and as expected by our own count.
   *
   * @param request Gatling's name of the request
   * @param messages of the prompt, the system prompt included
   * @param count number of prompts
   * @param expected mean tokens by our own count
   * @param difference mean of the server's count − ours
   * @param least least difference
   * @param most greatest difference
   */
  public record PromptLengths(
      String request,
      int messages,
      long count,
      double expected,
      double difference,
      int least,
      int most) {}

  /** Returns the figures by the values of a breakdown; empty if no response has one. */
  public SortedMap<String, ScopeSummary> by(Breakdown breakdown) {
    return breakdowns.getOrDefault(breakdown, Collections.emptySortedMap());
  }

  /** Returns how many users left before the end of a response, in the window and outside of it. */
  public long abandoned() {
    return inWarmUp.abandoned() + overall.totals().count(Figure.ABANDONED) + inDrain.abandoned();
  }

  /**
   * The prompts of requests of which it is known what an earlier prompt had sent; without any, all
   * prompts.
   *
   * @param cacheHitPercent the least share of their tokens that was cached; null if unknown
   * @param leastReusablePercent the share that an earlier prompt had sent, at least: of what the
   *     server counts beyond the expected length, such as text that requests add, nothing is known.
   *     Null if unknown, or if most of the prompts is missing
   * @param inputTokens of a prompt on average; 0 if unknown
   */
  public record TurnPrompts(
      @Nullable Double cacheHitPercent, @Nullable Double leastReusablePercent, double inputTokens) {

    /** What a chat template adds is less than these points of a prompt. */
    private static final double ADDED_POINTS = 10;

    /**
     * Returns the share that could have been hit for sure, which is that of the expected tokens
     * unless the server counted far more.
     */
    public double surelyReusable(double expectedReusablePercent) {
      return leastReusablePercent != null
              && expectedReusablePercent - leastReusablePercent > ADDED_POINTS
          ? leastReusablePercent
          : expectedReusablePercent;
    }
  }

  /**
   * Prompts lack text of ours below this share: no tokenizer needs so few tokens of another one.
   */
  public static final double MIN_ARRIVED = 0.5;

  /** Returns the prompts of turns. */
  public TurnPrompts turnPrompts() {
    List<ScopeSummary> turns =
        byRequest.values().stream()
            .filter(request -> request.has(Figure.EXPECTED_REUSABLE_PERCENT))
            .toList();
    if (turns.isEmpty()) {
      turns = List.of(overall);
    }
    Sum hits = new Sum();
    Sum reusable = new Sum();
    double expected = 0;
    long prompts = 0;
    for (ScopeSummary turn : turns) {
      Summary input = turn.metrics().get(Figure.INPUT_TOKENS);
      if (input != null) {
        double tokens = input.mean() * input.count();
        double hit = turn.totals().value(Figure.CACHE_HIT_PERCENT).orElse(0);
        hits.add(hit / 100 * tokens, tokens);
        Summary added = turn.metrics().get(Figure.TOKENIZER_DIFFERENCE);
        double own = tokens - (added == null ? 0 : added.mean() * input.count());
        double reused = turn.totals().value(Figure.EXPECTED_REUSABLE_PERCENT).orElse(0);
        reusable.add(reused / 100 * Math.min(own, tokens), tokens);
        expected += own;
        prompts += input.count();
      }
    }
    boolean isReported =
        turns.stream().anyMatch(turn -> turn.has(Figure.CACHE_HIT_PERCENT_UPPER))
            || (overall.has(Figure.CACHE_HIT_PERCENT) && hasNoHits());
    return new TurnPrompts(
        isReported ? hits.percent() : null,
        overall.has(Figure.EXPECTED_REUSABLE_PERCENT) && hits.whole() >= MIN_ARRIVED * expected
            ? reusable.percent()
            : null,
        prompts == 0 ? 0 : hits.whole() / prompts);
  }

  /** Returns whether the server's own metrics tell that it looked for prompts and had none. */
  private boolean hasNoHits() {
    Double hits = server.delta(ServerSignal.CACHE_HITS);
    Double queries = server.delta(ServerSignal.CACHE_QUERIES);
    return hits != null
        && queries != null
        && hits == 0
        && queries > 0
        && server.coversNearlyAll(durationSeconds);
  }

  /** Returns how many successful responses have an oddity. */
  public long count(Oddity oddity) {
    return oddities.getOrDefault(oddity, 0L);
  }

  /**
   * Failures of one kind.
   *
   * @param count number of failures
   * @param examples a few distinct messages, oldest first; untrusted text
   */
  public record FailureCount(long count, List<String> examples) {}
}
