package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunSummary.FailureCount;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * All that a run amounts to, in the form in which it is added up: counts, sums and histograms, and
 * no figure that was worked out from them. It can be kept in a file, {@linkplain #summary read}
 * again to the last digit, and {@linkplain #merged added} to what other load generators saw of the
 * same load. Immutable; arrays are not to be modified.
 *
 * @param startEpochMillis wall clock at the run's first request, or null if there was none
 * @param borderNanos nanoseconds since then: the end of the warm-up, then of each iteration; the
 *     last is {@link Long#MAX_VALUE} where the window ends with the last reply
 * @param lastEndNanos nanoseconds from the first request to the end of the last reply
 * @param objectives what goodput was judged by, in the order of {@link GoodputState#metEach}
 * @param overall all replies
 * @param byRequest by Gatling's request name
 * @param byScenario by Gatling's scenario name
 * @param byGroup by prefix group
 * @param byIteration each iteration, or null where they are not kept apart
 * @param coldWarm first turns and later ones
 * @param failures by kind
 * @param repeats conversations that were had before
 * @param client the load generator, or null where nothing is known of it
 */
public record RunState(
    Long startEpochMillis,
    List<Long> borderNanos,
    long lastEndNanos,
    List<Objective> objectives,
    ScopeState overall,
    SortedMap<String, ScopeState> byRequest,
    SortedMap<String, ScopeState> byScenario,
    SortedMap<Integer, ScopeState> byGroup,
    IterationsState byIteration,
    ColdWarmState coldWarm,
    SortedMap<String, FailureCount> failures,
    RepeatsState repeats,
    ClientState client) {

  /**
   * One set of replies.
   *
   * @param metrics those that have samples
   * @param timeline null where none is kept
   * @param byTurn null where none is kept
   * @param ttftByInput by bins of input tokens, four to a doubling; null where none is kept
   */
  public record ScopeState(
      TallyState tally,
      Map<Figure, DistributionState> metrics,
      TimelineState timeline,
      SortedMap<Integer, ScopeState> byTurn,
      Map<TurnKind, SortedMap<Integer, BinState>> ttftByInput) {}

  /**
   * Iterations that are kept apart.
   *
   * @param endNanos nanoseconds since the first request at which each of them ends, those of the
   *     warm-up first
   * @param warmUps how many of these there are; one that takes no time where there is no warm-up
   * @param scopes what was seen of each, by number: from 1, those of the warm-up up to 0
   */
  public record IterationsState(
      List<Long> endNanos, int warmUps, SortedMap<Integer, ScopeState> scopes) {}

  /** TTFT of replies to prompts of about the same length, and the sum of these lengths. */
  public record BinState(long inputTokens, DistributionState ttft) {}

  /**
   * Counts of one set of replies.
   *
   * @param outputTokens that arrived in the window; a reply's share of them need not be whole
   * @param goodput null where nothing was judged
   */
  public record TallyState(
      long ok,
      long ko,
      long conversations,
      double outputTokens,
      RetryCounts retryCounts,
      GoodputState goodput,
      SumState inputTokens,
      SumState cachedTokens,
      SumState inputTokensWhereCachedIsKnown,
      SumState reusableTokens,
      SumState expectedTokensWhereReusableIsKnown) {}

  /** A sum over the replies that know the value, and how many these are. */
  public record SumState(long count, long total) {}

  /** Replies that were judged, that meet all objectives, and that meet each one. */
  public record GoodputState(long replies, long metAll, List<Long> metEach) {}

  /**
   * The values of one metric, at least one.
   *
   * @param fromZero HdrHistogram's encoding (V2, not compressed) of values from zero on: times in
   *     nanoseconds, tokens in ones, tokens per chunk in thousandths
   * @param belowZero the same of values below zero without their sign, or null
   */
  public record DistributionState(
      byte[] fromZero, byte[] belowZero, MomentsState moments, double min, double max) {}

  /** Count, sum and sum of squares of values in 2<sup>-34</sup> parts of their unit. */
  public record MomentsState(long count, BigInteger sum, BigInteger squares) {}

  /**
   * A scope in steps of time.
   *
   * @param stepSeconds length of a step: 1, 2, 4, …
   * @param fromNanos first moment that lies in it, since the window opened
   * @param toNanos last moment that lies in it, since the window opened
   * @param steps by number; step 0 begins when the window opens
   */
  public record TimelineState(
      long stepSeconds, long fromNanos, long toNanos, SortedMap<Long, StepState> steps) {}

  /**
   * One step of a timeline.
   *
   * @param streamNanos time that all requests together were in flight
   * @param latencies TTFT, TPOT and E2E, as far as there are samples
   */
  public record StepState(
      long ok,
      long ko,
      double outputTokens,
      long streamNanos,
      PromptState prompts,
      Map<Figure, DistributionState> latencies) {}

  /** Cached of input tokens and reusable of expected ones, where both are known. */
  public record PromptState(long cached, long cachedOf, long reusable, long reusableOf) {}

  /** TTFT of first turns and of later ones, null where there was none, and of their logarithms. */
  public record ColdWarmState(
      DistributionState cold,
      DistributionState warm,
      MomentsState coldLogs,
      MomentsState warmLogs) {}

  /**
   * Conversations that were had before.
   *
   * @param names of conversations that began, those least recently begun first; past some ten
   *     thousand the latest
   */
  public record RepeatsState(long count, List<String> names) {}

  /** The load generator: see {@link ClientHealth}. Whatever is not known is null. */
  public record ClientState(
      DistributionState eventLoopLag, Double gcPauseMillis, Double cpuPercent) {}

  /** What a run starts with. */
  public static RunState none(Window window, Objectives objectives) {
    return new RunAggregate(new RunClock(window), objectives).state(null);
  }

  /** The figures: those of the run that this is the state of, to the last digit. */
  public RunSummary summary() {
    return RunAggregate.of(this).summary(ClientFigures.of(client).health());
  }

  /** Nanoseconds since the epoch at which the measured window opened; the run must have begun. */
  public long windowOpenNanos() {
    return startEpochMillis * 1_000_000 + borderNanos.get(0);
  }

  /** Length of the measured window in nanoseconds. */
  public long windowNanos() {
    return Window.of(borderNanos).lengthNanos(lastEndNanos);
  }

  /**
   * What load generators saw that worked side by side, as one that did all of it would have: counts
   * and histograms are added up, percentiles come from the sums. Time is the wall clock: the window
   * reaches from the first opening of theirs to the last closing, and seconds are moved to the
   * nearest second of it. Of the load generators' own health the worst is kept.
   *
   * @param runs one or more that have begun, with the same objectives; how far their clocks agree
   *     is for the caller to know
   * @throws IllegalArgumentException if objectives differ
   */
  public static RunState merged(List<RunState> runs) {
    return RunMerge.of(runs);
  }
}
