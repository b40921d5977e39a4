package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.TurnMeasurement.OutputTokensSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The distribution of every metric over one scope. Not safe for threads.
 *
 * <p>A reply that failed says nothing of how long good ones take: it enters the schedule delay
 * alone, which is about the client. What a reply does not know it adds no sample for.
 */
final class Distributions {

  private final Map<Metric, Distribution> distributions = new EnumMap<>(Metric.class);

  void accept(TurnMeasurement reply) {
    addIfKnown(Metric.SCHEDULE_DELAY, millis(reply.scheduleDelayNanos()));
    if (reply.ok()) {
      addLatencies(reply);
      addTokens(reply);
    }
  }

  private void addLatencies(TurnMeasurement reply) {
    add(Metric.E2E, millis(reply.e2eNanos()));
    if (reply.outputTokens() > 0) {
      add(Metric.NTPOT, millis(reply.e2eNanos()) / reply.outputTokens());
    }
    if (reply.hasFirstOutput()) {
      add(Metric.TTFO, millis(reply.ttfoNanos()));
    }
    if (reply.hasOutput()) {
      add(Metric.TTFT, millis(reply.ttftNanos()));
      if (reply.outputTokens() >= 2) {
        add(Metric.TPOT, millis(reply.tpotNanos()));
      }
      addGaps(reply.chunkNanos(), Metric.ICL);
      if (tokensWereCounted(reply) && reply.outputTokens() == reply.chunkNanos().length) {
        addGaps(reply.chunkNanos(), Metric.ITL);
      }
    }
  }

  private void addGaps(long[] chunkNanos, Metric metric) {
    for (int i = 1; i < chunkNanos.length; i++) {
      add(metric, millis(chunkNanos[i] - chunkNanos[i - 1]));
    }
  }

  private void addTokens(TurnMeasurement reply) {
    addIfKnown(Metric.INPUT_TOKENS, reply.inputTokensOrExpected());
    addIfKnown(Metric.OUTPUT_TOKENS, reply.outputTokens());
    addIfKnown(Metric.CACHED_TOKENS, reply.cachedTokens());
    if (tokensWereCounted(reply) && reply.hasOutput()) {
      add(Metric.TOKENS_PER_CHUNK, (double) reply.outputTokens() / reply.chunkNanos().length);
    }
    if (reply.inputTokens() >= 0 && reply.inputTokensExpected() >= 0) {
      add(Metric.TOKENIZER_DIFFERENCE, reply.inputTokens() - reply.inputTokensExpected());
    }
  }

  /** Where chunks stand in for tokens, "one token per chunk" would be a tautology. */
  private static boolean tokensWereCounted(TurnMeasurement reply) {
    return reply.outputTokens() >= 0 && reply.outputTokensSource() != OutputTokensSource.CHUNKS;
  }

  private void addIfKnown(Metric metric, double value) {
    if (value >= 0) {
      add(metric, value);
    }
  }

  private void add(Metric metric, double value) {
    distributions.computeIfAbsent(metric, Distributions::empty).add(value);
  }

  private static Distribution empty(Metric metric) {
    if (metric.unit() == Metric.Unit.MILLISECONDS) {
      return Distribution.ofMillis(3);
    }
    return new Distribution(3, metric == Metric.TOKENS_PER_CHUNK ? 1_000 : 1);
  }

  private static double millis(double nanos) {
    return nanos / 1e6;
  }

  /** The buckets of each metric that has samples. */
  Map<Metric, Buckets> buckets() {
    Map<Metric, Buckets> buckets = new EnumMap<>(Metric.class);
    distributions.forEach((metric, distribution) -> buckets.put(metric, distribution.buckets()));
    return buckets;
  }

  Map<Metric, Summary> summaries(Map<Metric, Buckets> buckets) {
    Map<Metric, Summary> summaries = new EnumMap<>(Metric.class);
    buckets.forEach(
        (metric, filled) -> summaries.put(metric, distributions.get(metric).summary(filled)));
    return Collections.unmodifiableMap(summaries);
  }

  static Map<Metric, ScopeSnapshot.Curve> curves(Map<Metric, Buckets> buckets) {
    Map<Metric, ScopeSnapshot.Curve> curves = new EnumMap<>(Metric.class);
    buckets.forEach((metric, filled) -> curves.put(metric, filled.curve()));
    return Collections.unmodifiableMap(curves);
  }
}
