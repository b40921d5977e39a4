package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Status;
import java.util.Collections;
import java.util.TreeMap;

/** What happened in one step of a timeline. */
@Accumulator
final class TimelineStep {

  /** Enough for a chart; there are thousands of steps. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private static final int MAX_KINDS = 20;

  private long ok;
  private long ko;

  /** Failed responses by kind; kinds above the {@value #MAX_KINDS}th are pooled. */
  private TreeMap<String, Long> failures = new TreeMap<>();

  private double outputTokens;

  /** Time that all requests together were in flight. */
  private long inFlightNanos;

  /** Successful responses to prompts that may be cached and whose length is known. */
  private long prompts;

  private Sum cacheHit = new Sum();
  private Sum cacheHitUpper = new Sum();
  private Sum reusable = new Sum();

  /** TTFT, TPOT and E2E. */
  private MetricHistograms latencies = new MetricHistograms(SIGNIFICANT_DIGITS);

  /** Adds a response that ended in this step. */
  void addEnd(Response response) {
    if (!response.ok()) {
      if (response.status() == Status.KO) {
        ko++;
        addFailures(response.outcome().reason().kind(), 1);
      }
      return;
    }
    ok++;
    prompts += Figure.CACHE_HIT_PERCENT.whole(response) > 0 ? 1 : 0;
    cacheHit.add(Figure.CACHE_HIT_PERCENT, response);
    cacheHitUpper.add(Figure.CACHE_HIT_PERCENT_UPPER, response);
    reusable.add(Figure.EXPECTED_REUSABLE_PERCENT, response);
    latencies.add(Figure.TPOT, response);
    latencies.add(Figure.E2E, response);
  }

  private void addFailures(String kind, long count) {
    boolean hasRoom = failures.size() < MAX_KINDS || failures.containsKey(kind);
    failures.merge(hasRoom ? kind : FailureCounts.OTHER_KINDS, count, Long::sum);
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
    other.failures.forEach(this::addFailures);
    outputTokens += other.outputTokens;
    inFlightNanos += other.inFlightNanos;
    prompts += other.prompts;
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
        prompts == 0 ? 0 : cacheHit.whole() / prompts,
        context.cacheReported() ? cacheHit.percent() : null,
        cacheHitUpper.percent(),
        reusable.percent(),
        latencies.summaries(),
        latencies.buckets(),
        Collections.unmodifiableMap(failures));
  }
}
