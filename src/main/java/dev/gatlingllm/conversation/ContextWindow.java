package dev.gatlingllm.conversation;

import dev.gatlingllm.ContextPolicy;

/**
 * The most that a model takes: prompt and reply together.
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
          "a context window of " + maxModelTokens + " tokens holds nothing; give 1 or more");
    }
  }

  /** What is left for the prompt when {@code outputTokens} are set aside for the reply. */
  int promptTokens(int outputTokens) {
    return maxModelTokens == UNLIMITED ? UNLIMITED : maxModelTokens - outputTokens;
  }
}
