package dev.gatlingllm.metrics;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one set of responses: all of a run, or those of one request, turn or group.
 * Immutable; arrays must not be modified.
 *
 * @param totals counts and rates
 * @param metrics the statistics of each metric that has samples
 * @param buckets the same metrics' histograms, for any percentile and for charts
 * @param timeline every second, warm-up included; kept for the run and, in longer steps after ten
 *     minutes, for its first 16 requests; else empty
 * @param byTurn by turn, from 1, turns above the 64th pooled under key 64; kept for the run and for
 *     its first 16 requests, else empty
 * @param charts data that only charts need; kept for the run and for its first 16 requests
 */
public record ScopeSummary(
    Totals totals,
    Map<Figure, Summary> metrics,
    Map<Figure, Buckets> buckets,
    List<Second> timeline,
    SortedMap<Integer, ScopeSummary> byTurn,
    Charts charts) {

  /**
   * Returns whether what had not ended had lasted for longer than all that had. Responses without
   * tokens, such as embeddings, have only an end-to-end latency.
   *
   * @param latency how long it took where it had ended; one with a {@link Figure#bounding}
   */
  public boolean outlasts(Figure latency) {
    Summary age = metrics.get(Objects.requireNonNull(latency.bounding()));
    Summary known = metrics.getOrDefault(latency, metrics.get(Figure.E2E));
    return age != null && (known == null || age.max() > known.max());
  }

  /** Returns how many samples a metric has. */
  public long samples(Figure metric) {
    Summary known = metrics.get(metric);
    return known == null ? 0 : known.count();
  }

  /** Returns the sum of the samples of a metric, in its unit; 0 without any. */
  public double sum(Figure metric) {
    Summary known = metrics.get(metric);
    return known == null ? 0 : known.count() * known.mean();
  }

  /** Returns whether a total is known. */
  boolean has(Figure total) {
    return totals.value(total).isPresent();
  }

  /** Returns this summary with totals that no response tells. */
  ScopeSummary with(Map<Figure, Double> others) {
    return others.isEmpty()
        ? this
        : new ScopeSummary(totals.with(others), metrics, buckets, timeline, byTurn, charts);
  }

  /**
   * The shape of a distribution in a bounded number of points.
   *
   * @param values upper ends of the buckets, ascending, in the metric's unit
   * @param counts samples in each bucket, all above 0
   */
  public record Curve(double[] values, long[] counts) {}

  /**
   * One second of the run; in runs of more than two hours a step of 2, 4, … seconds, which is the
   * distance to the next one.
   *
   * @param second whole seconds since the window opened; negative during warm-up
   * @param requests responses that ended in this second
   * @param ok successful ones
   * @param ko failed ones
   * @param outputTokens output tokens that arrived in this second
   * @param activeStreams requests in flight, mean over the second; a request enters when it has
   *     ended, so the last seconds of a running load are still rising
   * @param ttft TTFT of the first tokens that arrived in this second, of responses that did not
   *     fail, to 2 significant digits; or null
   */
  public record Second(
      long second,
      long requests,
      long ok,
      long ko,
      double outputTokens,
      double activeStreams,
      @Nullable Ttft ttft) {}

  /** TTFT of one second, in milliseconds. */
  public record Ttft(long count, double p50, double p95, double p99) {}

  /**
   * The data of charts, in a bounded number of points.
   *
   * @param steps the timeline in at most 600 steps without holes, warm-up included
   * @param ttftByInput TTFT by length of the prompt, by state of the cache and then ascending
   * @param ttftByUncached TTFT by prompt tokens that were not cached, ascending; empty where the
   *     server does not report cached tokens
   * @param prefill TTFT in milliseconds as a straight line of uncached tokens; null if there is
   *     none
   */
  public record Charts(
      List<Step> steps,
      List<InputBin> ttftByInput,
      List<UncachedBin> ttftByUncached,
      @Nullable Line prefill) {

    /** The charts of a scope that keeps none. */
    public static final Charts NONE = new Charts(List.of(), List.of(), List.of(), null);
  }

  /**
   * Values by percentile, to 3 significant digits.
   *
   * @param percentiles ascending, from 0 to just below 100, which is the maximum
   * @param values as many, in the metric's unit
   */
  public record PercentileCurve(double[] percentiles, double[] values) {}

  /**
   * A step of time in a chart; its length is the distance to the next one.
   *
   * @param second start of the step in whole seconds since the window opened; negative during
   *     warm-up
   * @param okPerSecond successful responses that ended in it, per second
   * @param koPerSecond failed ones
   * @param outputTokensPerSecond output tokens that arrived in it, per second
   * @param activeStreams requests in flight, mean over the step
   * @param promptTokens mean length of the prompts of the successful responses that ended in it,
   *     without those of embeddings and of unknown length; 0 if there are none
   * @param cacheHitPercent cached of input tokens, of the successful responses that ended in it,
   *     those that do not report it included; null where no response of the run does
   * @param cacheHitPercentUpper the same, of those that report it; or null
   * @param reusablePercent reusable of expected input tokens; or null
   * @param latencies TTFT by arrival of the first token, TPOT and E2E by the response's end, of
   *     successful responses, percentiles to 2 significant digits; only those with samples
   * @param buckets the same latencies' histograms, to 2 significant digits
   * @param failures number of failed responses that ended in it, by kind
   */
  public record Step(
      long second,
      double okPerSecond,
      double koPerSecond,
      double outputTokensPerSecond,
      double activeStreams,
      double promptTokens,
      @Nullable Double cacheHitPercent,
      @Nullable Double cacheHitPercentUpper,
      @Nullable Double reusablePercent,
      Map<Figure, Summary> latencies,
      Map<Figure, Buckets> buckets,
      Map<String, Long> failures) {}

  /**
   * Responses to prompts of about the same length.
   *
   * @param state how much of these prompts was cached
   * @param inputTokens mean length of these prompts
   * @param ttft percentiles to 2 significant digits
   */
  public record InputBin(CacheState state, double inputTokens, Summary ttft) {}

  /**
   * Responses to prompts of which about as many tokens were not cached.
   *
   * @param uncachedTokens their mean
   * @param ttft percentiles to 2 significant digits
   */
  public record UncachedBin(double uncachedTokens, Summary ttft) {}

  /**
   * A straight line through points, by least squares.
   *
   * @param count number of points
   * @param intercept value at 0
   * @param slope rise for each unit
   * @param slopeLow lower end of the slope's 95 % interval
   * @param slopeHigh upper end
   */
  public record Line(
      long count, double intercept, double slope, double slopeLow, double slopeHigh) {}
}
