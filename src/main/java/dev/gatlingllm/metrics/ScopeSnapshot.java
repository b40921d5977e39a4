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
 * @param timeline second by second without holes, warm-up included; kept for the run and for its
 *     first requests, empty for turns, groups and requests past the 16th
 * @param byTurn by turn, from 1, turns past the 64th pooled under key 64; kept for the run and for
 *     its first requests, empty for turns, groups and requests past the 16th
 */
public record ScopeSnapshot(
    Totals totals,
    Map<Metric, Summary> metrics,
    Map<Metric, Curve> curves,
    List<Second> timeline,
    SortedMap<Integer, ScopeSnapshot> byTurn) {

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
}
