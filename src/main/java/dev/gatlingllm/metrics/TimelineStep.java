package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.DistributionState;
import dev.gatlingllm.metrics.RunState.StepState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What happened in one step of a timeline. Not safe for threads. */
final class TimelineStep {

  /** Enough for a chart, and there are thousands of steps. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private long ok;
  private long ko;
  private double outputTokens;
  private long streamNanos;
  private final PromptShares prompts = new PromptShares();
  private final Map<Figure, ValueHistogram> latencies = new EnumMap<>(Figure.class);

  void ended(Response response) {
    if (!response.ok()) {
      ko++;
      return;
    }
    ok++;
    prompts.accept(response);
    add(Figure.E2E, response.timing().e2eNanos());
    if (response.timing().hasOutput() && response.usage().outputTokens() >= 2) {
      add(Figure.TPOT, response.tpotNanos());
    }
  }

  void arrived(double tokens) {
    outputTokens += tokens;
  }

  /** A request was in flight for so much of this step. */
  void streamed(long nanos) {
    streamNanos += nanos;
  }

  void firstToken(long ttftNanos) {
    add(Figure.TTFT, ttftNanos);
  }

  private void add(Figure metric, double nanos) {
    latency(metric).add(nanos / 1e6);
  }

  void add(TimelineStep other) {
    ok += other.ok;
    ko += other.ko;
    outputTokens += other.outputTokens;
    streamNanos += other.streamNanos;
    prompts.add(other.prompts);
    other.latencies.forEach((metric, values) -> latency(metric).add(values));
  }

  void add(StepState other) {
    ok += other.ok();
    ko += other.ko();
    outputTokens += other.outputTokens();
    streamNanos += other.streamNanos();
    prompts.add(other.prompts());
    other.latencies().forEach((metric, values) -> latency(metric).add(values));
  }

  StepState state() {
    Map<Figure, DistributionState> values = new EnumMap<>(Figure.class);
    latencies.forEach((metric, latency) -> values.put(metric, latency.state()));
    return new StepState(ok, ko, outputTokens, streamNanos, prompts.state(), values);
  }

  private ValueHistogram latency(Figure metric) {
    return latencies.computeIfAbsent(metric, unseen -> ValueHistogram.ofMillis(SIGNIFICANT_DIGITS));
  }

  ScopeSummary.Second summary(long second, long lengthNanos) {
    return new ScopeSummary.Second(
        second, ok + ko, ok, ko, outputTokens, (double) streamNanos / lengthNanos, percentiles());
  }

  private ScopeSummary.Ttft percentiles() {
    ValueHistogram ttft = latencies.get(Figure.TTFT);
    if (ttft == null) {
      return null;
    }
    Buckets buckets = ttft.buckets();
    return new ScopeSummary.Ttft(
        buckets.total(), buckets.percentile(50), buckets.percentile(95), buckets.percentile(99));
  }

  /** The same for a chart. */
  ScopeSummary.Step chart(long second, long lengthSeconds) {
    Map<Figure, Summary> summaries = new EnumMap<>(Figure.class);
    latencies.forEach((metric, values) -> summaries.put(metric, values.summary(values.buckets())));
    return new ScopeSummary.Step(
        second,
        (double) ok / lengthSeconds,
        (double) ko / lengthSeconds,
        outputTokens / lengthSeconds,
        streamNanos / 1e9 / lengthSeconds,
        prompts.cachedPercent(),
        prompts.reusablePercent(),
        Collections.unmodifiableMap(summaries));
  }
}
