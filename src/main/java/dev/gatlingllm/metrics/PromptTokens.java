package dev.gatlingllm.metrics;

/**
 * Prompt tokens of successful responses: how many there were, how many the server took from its
 * prefix cache, and how many an earlier prompt had already sent. Each share is over the responses
 * that know both of its sides.
 */
@Accumulator
final class PromptTokens {

  private long inputCount;
  private long input;
  private long cachedCount;
  private long cached;
  private long inputWhereCachedIsKnown;
  private long reusable;
  private long expectedWhereReusableIsKnown;

  void add(Response response) {
    if (!response.ok()) {
      return;
    }
    int prompt = response.inputTokensOrExpected();
    if (prompt >= 0) {
      inputCount++;
      input += prompt;
      if (response.usage().cachedTokens() >= 0) {
        cachedCount++;
        cached += response.usage().cachedTokens();
        inputWhereCachedIsKnown += prompt;
      }
    }
    if (response.turn().reusableTokens() >= 0 && response.turn().expectedInputTokens() >= 0) {
      reusable += response.turn().reusableTokens();
      expectedWhereReusableIsKnown += response.turn().expectedInputTokens();
    }
  }

  void add(PromptTokens other) {
    inputCount += other.inputCount;
    input += other.input;
    cachedCount += other.cachedCount;
    cached += other.cached;
    inputWhereCachedIsKnown += other.inputWhereCachedIsKnown;
    reusable += other.reusable;
    expectedWhereReusableIsKnown += other.expectedWhereReusableIsKnown;
  }

  /** Returns the tokens of all prompts whose length is known; 0 without any. */
  long input() {
    return input;
  }

  /** Returns the tokens of all prompts, or null if no length is known. */
  Long inputOrNull() {
    return inputCount == 0 ? null : input;
  }

  /** Returns the cached tokens, or null if no response reports them. */
  Long cachedOrNull() {
    return cachedCount == 0 ? null : cached;
  }

  /** Returns Σ cached / Σ input in percent, or null if unknown. */
  Double cachedPercent() {
    return percent(cached, inputWhereCachedIsKnown);
  }

  /** Returns Σ reusable / Σ expected input in percent, or null if unknown. */
  Double reusablePercent() {
    return percent(reusable, expectedWhereReusableIsKnown);
  }

  private static Double percent(long part, long whole) {
    return whole == 0 ? null : 100.0 * part / whole;
  }
}
