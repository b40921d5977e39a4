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

  void accept(Response response) {
    if (!response.ok()) {
      return;
    }
    if (response.usage().cachedTokens() >= 0 && response.inputTokensOrExpected() >= 0) {
      cached += response.usage().cachedTokens();
      cachedOf += response.inputTokensOrExpected();
    }
    if (response.turn().reusableTokens() >= 0 && response.turn().expectedInputTokens() >= 0) {
      reusable += response.turn().reusableTokens();
      reusableOf += response.turn().expectedInputTokens();
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
