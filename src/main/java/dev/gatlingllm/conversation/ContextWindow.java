package dev.gatlingllm.conversation;

import dev.gatlingllm.ContextPolicy;

/**
 * The context window of a model, which limits prompt and response together.
 *
 * @param maxModelTokens the model's limit in tokens, from 1, or {@link #UNLIMITED}
 * @param policy what happens when a turn does not fit
 */
public record ContextWindow(int maxModelTokens, ContextPolicy policy) {

  /** Stands for no limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** No limit. */
  public static final ContextWindow NONE = new ContextWindow(UNLIMITED, ContextPolicy.DROP_OLDEST);

  /** Checks the limit. */
  public ContextWindow {
    if (maxModelTokens < 1) {
      throw new IllegalArgumentException(
          "maxModelTokens must be at least 1, got " + maxModelTokens);
    }
  }

  /** Returns the tokens left for the prompt if the response takes {@code outputTokens}. */
  int promptTokens(int outputTokens) {
    return maxModelTokens == UNLIMITED ? UNLIMITED : maxModelTokens - outputTokens;
  }
}
