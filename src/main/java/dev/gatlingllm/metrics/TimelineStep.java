package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Status;

/** What happened in one step of a timeline. */
@Accumulator
final class TimelineStep {

  /** Enough for a chart; there are thousands of steps. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private long ok;
  private long ko;
  private double outputTokens;

  /** Time that all requests together were in flight. */
  private long inFlightNanos;

  private Sum cacheHit = new Sum();
  private Sum cacheHitUpper = new Sum();
  private Sum reusable = new Sum();

  /** TTFT, TPOT and E2E. */
  private MetricHistograms latencies = new MetricHistograms(SIGNIFICANT_DIGITS);

  /** Adds a response that ended in this step. */
  void addEnd(Response response) {
    if (!response.ok()) {
      ko += response.status() == Status.KO ? 1 : 0;
      return;
    }
    ok++;
    cacheHit.add(Figure.CACHE_HIT_PERCENT, response);
    cacheHitUpper.add(Figure.CACHE_HIT_PERCENT_UPPER, response);
    reusable.add(Figure.EXPECTED_REUSABLE_PERCENT, response);
    latencies.add(Figure.TPOT, response);
    latencies.add(Figure.E2E, response);
  }

  void addOutput(double tokens) {
    outputTokens += tokens;
  }

  /** Adds the time that a request was in flight in this step. */
  void addInFlight(long nanos) {
    inFlightNanos += nanos;
  }

  /** Adds the TTFT of a response whose first token arrived in this step. */
  void addFirstToken(Response response) {
    latencies.add(Figure.TTFT, response);
  }

  void add(TimelineStep other) {
    ok += other.ok;
    ko += other.ko;
    outputTokens += other.outputTokens;
    inFlightNanos += other.inFlightNanos;
    cacheHit.add(other.cacheHit);
    cacheHitUpper.add(other.cacheHitUpper);
    reusable.add(other.reusable);
    latencies.add(other.latencies);
  }

  ScopeSummary.Second second(long second, long lengthNanos) {
    Summary ttft = latencies.summaries().get(Figure.TTFT);
    return new ScopeSummary.Second(
        second,
        ok + ko,
        ok,
        ko,
        outputTokens,
        (double) inFlightNanos / lengthNanos,
        ttft == null
            ? null
            : new ScopeSummary.Ttft(ttft.count(), ttft.p50(), ttft.p95(), ttft.p99()));
  }

  /** Returns the same for a chart. */
  ScopeSummary.Step step(long second, long lengthSeconds, SummaryContext context) {
    return new ScopeSummary.Step(
        second,
        (double) ok / lengthSeconds,
        (double) ko / lengthSeconds,
        outputTokens / lengthSeconds,
        inFlightNanos / 1e9 / lengthSeconds,
        context.cacheReported() ? cacheHit.percent() : null,
        cacheHitUpper.percent(),
        reusable.percent(),
        latencies.summaries());
  }
}
