package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What happened in one step of a timeline. */
@Accumulator
final class TimelineStep {

  /** Enough for a chart; there are thousands of steps. */
  private static final int SIGNIFICANT_DIGITS = 2;

  /** Latencies that are known when a response has ended. */
  private static final List<Figure> OF_WHOLE_RESPONSES = List.of(Figure.TPOT, Figure.E2E);

  private long ok;
  private long ko;
  private double outputTokens;

  /** Time that all requests together were in flight. */
  private long inFlightNanos;

  private Sum cacheHit = new Sum();
  private Sum reusable = new Sum();

  /** TTFT, TPOT and E2E. */
  private EnumMap<Figure, ValueHistogram> latencies = new EnumMap<>(Figure.class);

  /** Adds a response that ended in this step. */
  void addEnd(Response response) {
    if (!response.ok()) {
      ko++;
      return;
    }
    ok++;
    cacheHit.add(Figure.CACHE_HIT_PERCENT, response);
    reusable.add(Figure.EXPECTED_REUSABLE_PERCENT, response);
    for (Figure figure : OF_WHOLE_RESPONSES) {
      figure.samples(response, value -> latency(figure).add(value));
    }
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
    Figure.TTFT.samples(response, latency(Figure.TTFT));
  }

  void add(TimelineStep other) {
    ok += other.ok;
    ko += other.ko;
    outputTokens += other.outputTokens;
    inFlightNanos += other.inFlightNanos;
    cacheHit.add(other.cacheHit);
    reusable.add(other.reusable);
    other.latencies.forEach((metric, values) -> latency(metric).add(values));
  }

  private ValueHistogram latency(Figure metric) {
    return latencies.computeIfAbsent(metric, unseen -> ValueHistogram.ofMillis(SIGNIFICANT_DIGITS));
  }

  ScopeSummary.Second second(long second, long lengthNanos) {
    return new ScopeSummary.Second(
        second, ok + ko, ok, ko, outputTokens, (double) inFlightNanos / lengthNanos, ttft());
  }

  private ScopeSummary.Ttft ttft() {
    ValueHistogram ttft = latencies.get(Figure.TTFT);
    if (ttft == null) {
      return null;
    }
    Buckets buckets = ttft.buckets();
    return new ScopeSummary.Ttft(
        buckets.total(), buckets.percentile(50), buckets.percentile(95), buckets.percentile(99));
  }

  /** Returns the same for a chart. */
  ScopeSummary.Step step(long second, long lengthSeconds) {
    Map<Figure, Summary> summaries = new EnumMap<>(Figure.class);
    latencies.forEach((metric, values) -> summaries.put(metric, values.summary()));
    return new ScopeSummary.Step(
        second,
        (double) ok / lengthSeconds,
        (double) ko / lengthSeconds,
        outputTokens / lengthSeconds,
        inFlightNanos / 1e9 / lengthSeconds,
        cacheHit.percent(),
        reusable.percent(),
        Collections.unmodifiableMap(summaries));
  }
}
