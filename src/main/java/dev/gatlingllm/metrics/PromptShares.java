package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.PromptState;

/**
 * How much of the prompts the server had in its cache, and how much of them it had been sent
 * before. Each share is over the good replies that know both of its sides. Not safe for threads.
 */
final class PromptShares {

  private long cached;
  private long cachedOf;
  private long reusable;
  private long reusableOf;

  void accept(TurnMeasurement reply) {
    if (!reply.ok()) {
      return;
    }
    if (reply.cachedTokens() >= 0 && reply.inputTokensOrExpected() >= 0) {
      cached += reply.cachedTokens();
      cachedOf += reply.inputTokensOrExpected();
    }
    if (reply.reusableTokens() >= 0 && reply.inputTokensExpected() >= 0) {
      reusable += reply.reusableTokens();
      reusableOf += reply.inputTokensExpected();
    }
  }

  void add(PromptShares other) {
    cached += other.cached;
    cachedOf += other.cachedOf;
    reusable += other.reusable;
    reusableOf += other.reusableOf;
  }

  void add(PromptState other) {
    cached += other.cached();
    cachedOf += other.cachedOf();
    reusable += other.reusable();
    reusableOf += other.reusableOf();
  }

  PromptState state() {
    return new PromptState(cached, cachedOf, reusable, reusableOf);
  }

  /** Σ cached / Σ input tokens in percent, or null where that is not known. */
  Double cachedPercent() {
    return percent(cached, cachedOf);
  }

  /** Σ reusable / Σ expected input tokens in percent, or null where that is not known. */
  Double reusablePercent() {
    return percent(reusable, reusableOf);
  }

  private static Double percent(long part, long whole) {
    return whole == 0 ? null : 100.0 * part / whole;
  }
}
