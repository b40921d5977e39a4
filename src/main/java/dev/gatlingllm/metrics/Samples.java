package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.util.function.ObjDoubleConsumer;

/**
 * What one response adds to each metric's distribution: the one place that says which response has
 * which samples. Latencies in milliseconds.
 *
 * <p>A response that failed says nothing of how long good ones take: it has a schedule delay alone,
 * which is about the client. What a response does not know it has no sample of.
 */
final class Samples {

  private final Response response;
  private final ObjDoubleConsumer<Metric> to;

  private Samples(Response response, ObjDoubleConsumer<Metric> to) {
    this.response = response;
    this.to = to;
  }

  /** Hands over each sample with its metric. */
  static void of(Response response, ObjDoubleConsumer<Metric> to) {
    Samples samples = new Samples(response, to);
    samples.addIfKnown(Metric.SCHEDULE_DELAY, millis(response.timing().scheduleDelayNanos()));
    if (response.ok()) {
      samples.addLatencies();
      samples.addTokens();
    }
  }

  private void addLatencies() {
    to.accept(Metric.E2E, millis(response.timing().e2eNanos()));
    if (response.usage().outputTokens() > 0) {
      to.accept(
          Metric.NTPOT, millis(response.timing().e2eNanos()) / response.usage().outputTokens());
    }
    if (response.timing().ttfoNanos() >= 0) {
      to.accept(Metric.TTFO, millis(response.timing().ttfoNanos()));
    }
    if (response.timing().hasOutput()) {
      to.accept(Metric.TTFT, millis(response.timing().ttftNanos()));
      if (response.usage().outputTokens() >= 2) {
        to.accept(Metric.TPOT, millis(response.tpotNanos()));
      }
      addGaps(Metric.ICL);
      if (tokensWereCounted() && response.usage().outputTokens() == response.timing().chunks()) {
        addGaps(Metric.ITL);
      }
    }
  }

  private void addGaps(Metric metric) {
    long[] chunkNanos = response.timing().chunkNanos();
    for (int i = 1; i < chunkNanos.length; i++) {
      to.accept(metric, millis(chunkNanos[i] - chunkNanos[i - 1]));
    }
  }

  private void addTokens() {
    addIfKnown(Metric.INPUT_TOKENS, response.inputTokensOrExpected());
    addIfKnown(Metric.OUTPUT_TOKENS, response.usage().outputTokens());
    addIfKnown(Metric.CACHED_TOKENS, response.usage().cachedTokens());
    if (tokensWereCounted() && response.timing().hasOutput()) {
      to.accept(
          Metric.TOKENS_PER_CHUNK,
          (double) response.usage().outputTokens() / response.timing().chunks());
    }
    if (response.usage().inputTokens() >= 0 && response.turn().expectedInputTokens() >= 0) {
      to.accept(
          Metric.TOKENIZER_DIFFERENCE,
          response.usage().inputTokens() - response.turn().expectedInputTokens());
    }
  }

  /** Where chunks stand in for tokens, "one token per chunk" would be a tautology. */
  private boolean tokensWereCounted() {
    return response.usage().outputTokens() >= 0
        && response.usage().outputTokensSource() != OutputTokensSource.CHUNKS;
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
