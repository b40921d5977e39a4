package dev.gatlingllm.metrics;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is known about one set of replies: all of a run, one request's, one turn's or one group's.
 * Immutable; arrays are not to be modified.
 *
 * @param totals counts and rates
 * @param metrics a summary for each metric that has samples; the others are absent
 * @param curves the same metrics' shape, for percentile curves and histograms
 * @param timeline second by second without holes, warm-up included; kept for the run and, in longer
 *     steps past ten minutes, for its first requests; empty for turns, groups and requests past the
 *     16th
 * @param byTurn by turn, from 1, turns past the 64th pooled under key 64; kept for the run and for
 *     its first requests, empty for turns, groups and requests past the 16th
 * @param charts what only charts need; kept for the run and for its first requests
 */
public record ScopeSummary(
    Totals totals,
    Map<Figure, Summary> metrics,
    Map<Figure, Curve> curves,
    List<Second> timeline,
    SortedMap<Integer, ScopeSummary> byTurn,
    Charts charts) {

  /**
   * The shape of a distribution in a bounded number of points.
   *
   * @param values upper ends of the buckets, ascending, in the metric's unit
   * @param counts samples in each bucket, all above 0
   */
  public record Curve(double[] values, long[] counts) {}

  /**
   * One second of the run; in runs of more than two hours a step of 2, 4, … seconds, which shows as
   * the distance to the next one.
   *
   * @param second whole seconds since the measured window began; negative during warm-up
   * @param requests replies that ended in this second
   * @param ok good ones
   * @param ko failed ones
   * @param outputTokens output tokens that arrived in this second
   * @param activeStreams requests in flight, the mean over the second; a request enters when it has
   *     ended, so that the last seconds of a running load are still rising
   * @param ttft time to first token of the first tokens that arrived in this second, of good
   *     replies, to 2 significant digits; or null
   */
  public record Second(
      long second,
      long requests,
      long ok,
      long ko,
      double outputTokens,
      double activeStreams,
      Ttft ttft) {}

  /** TTFT of one second, in milliseconds. */
  public record Ttft(long count, double p50, double p95, double p99) {}

  /**
   * What charts are drawn from, in a bounded number of points.
   *
   * @param percentiles a curve for each metric that has samples
   * @param steps the timeline in at most 600 steps without holes, warm-up included
   * @param ttftByInput TTFT by length of the prompt, by kind of turn and then ascending
   */
  public record Charts(
      Map<Figure, PercentileCurve> percentiles, List<Step> steps, List<InputBin> ttftByInput) {

    /** Of a scope that keeps none. */
    public static final Charts NONE = new Charts(Map.of(), List.of(), List.of());
  }

  /**
   * Values by percentile, to 3 significant digits.
   *
   * @param percentiles ascending, from 0 to just below 100, where it is the greatest value
   * @param values as many, in the metric's unit
   */
  public record PercentileCurve(double[] percentiles, double[] values) {}

  /**
   * A step of time in a chart; the distance to the next one is its length.
   *
   * @param second whole seconds from the opening of the measured window to the step's beginning;
   *     negative during warm-up
   * @param okPerSecond good replies that ended in it, per second
   * @param koPerSecond failed ones
   * @param outputTokensPerSecond output tokens that arrived in it, per second
   * @param activeStreams requests in flight, the mean over the step
   * @param cacheHitPercent cached of input tokens, of the good replies that ended in it; or null
   * @param reusablePercent reusable of expected input tokens; or null
   * @param latencies TTFT by arrival of the first token, TPOT and E2E by the reply's end, of good
   *     replies, percentiles to 2 significant digits; without those that have no sample
   */
  public record Step(
      long second,
      double okPerSecond,
      double koPerSecond,
      double outputTokensPerSecond,
      double activeStreams,
      Double cacheHitPercent,
      Double reusablePercent,
      Map<Figure, Summary> latencies) {}

  /**
   * Replies to prompts of about the same length.
   *
   * @param kind their place in their conversations
   * @param inputTokens mean length of these prompts
   * @param ttft percentiles to 2 significant digits
   */
  public record InputBin(TurnKind kind, double inputTokens, Summary ttft) {}
}
