package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.TurnMeasurement.OutputTokensSource;
import java.util.function.ObjDoubleConsumer;

/**
 * What one reply adds to each metric's distribution: the one place that says which reply has which
 * samples. Latencies in milliseconds.
 *
 * <p>A reply that failed says nothing of how long good ones take: it has a schedule delay alone,
 * which is about the client. What a reply does not know it has no sample of.
 */
final class Samples {

  private final TurnMeasurement reply;
  private final ObjDoubleConsumer<Metric> to;

  private Samples(TurnMeasurement reply, ObjDoubleConsumer<Metric> to) {
    this.reply = reply;
    this.to = to;
  }

  /** Hands over each sample with its metric. */
  static void of(TurnMeasurement reply, ObjDoubleConsumer<Metric> to) {
    Samples samples = new Samples(reply, to);
    samples.addIfKnown(Metric.SCHEDULE_DELAY, millis(reply.scheduleDelayNanos()));
    if (reply.ok()) {
      samples.addLatencies();
      samples.addTokens();
    }
  }

  private void addLatencies() {
    to.accept(Metric.E2E, millis(reply.e2eNanos()));
    if (reply.outputTokens() > 0) {
      to.accept(Metric.NTPOT, millis(reply.e2eNanos()) / reply.outputTokens());
    }
    if (reply.hasFirstOutput()) {
      to.accept(Metric.TTFO, millis(reply.ttfoNanos()));
    }
    if (reply.hasOutput()) {
      to.accept(Metric.TTFT, millis(reply.ttftNanos()));
      if (reply.outputTokens() >= 2) {
        to.accept(Metric.TPOT, millis(reply.tpotNanos()));
      }
      addGaps(Metric.ICL);
      if (tokensWereCounted() && reply.outputTokens() == reply.chunkNanos().length) {
        addGaps(Metric.ITL);
      }
    }
  }

  private void addGaps(Metric metric) {
    long[] chunkNanos = reply.chunkNanos();
    for (int i = 1; i < chunkNanos.length; i++) {
      to.accept(metric, millis(chunkNanos[i] - chunkNanos[i - 1]));
    }
  }

  private void addTokens() {
    addIfKnown(Metric.INPUT_TOKENS, reply.inputTokensOrExpected());
    addIfKnown(Metric.OUTPUT_TOKENS, reply.outputTokens());
    addIfKnown(Metric.CACHED_TOKENS, reply.cachedTokens());
    if (tokensWereCounted() && reply.hasOutput()) {
      to.accept(Metric.TOKENS_PER_CHUNK, (double) reply.outputTokens() / reply.chunkNanos().length);
    }
    if (reply.inputTokens() >= 0 && reply.inputTokensExpected() >= 0) {
      to.accept(Metric.TOKENIZER_DIFFERENCE, reply.inputTokens() - reply.inputTokensExpected());
    }
  }

  /** Where chunks stand in for tokens, "one token per chunk" would be a tautology. */
  private boolean tokensWereCounted() {
    return reply.outputTokens() >= 0 && reply.outputTokensSource() != OutputTokensSource.CHUNKS;
  }

  private void addIfKnown(Metric metric, double value) {
    if (value >= 0) {
      to.accept(metric, value);
    }
  }

  private static double millis(double nanos) {
    return nanos / 1e6;
  }
}
