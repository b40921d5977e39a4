package dev.gatlingllm.conversation;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;

/**
 * The rules that all conversations of a workload follow.
 *
 * @param maxModelTokens the model's context window, which prompt and response share, in tokens from
 *     1; {@link #UNLIMITED} for no limit
 * @param whenFull what happens when a turn does not fit into the window
 * @param onFailure what happens after a failed turn
 * @param replyInHistory the response that later prompts carry
 */
public record ConversationRules(
    int maxModelTokens,
    ContextPolicy whenFull,
    FailurePolicy onFailure,
    ReplyInHistory replyInHistory) {

  /** Stands for no limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** No context limit, failed turns are skipped, and responses are kept as received. */
  public static final ConversationRules DEFAULT =
      new ConversationRules(
          UNLIMITED, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP, ReplyInHistory.RECEIVED);

  /** Returns the tokens left for the prompt if the response takes {@code outputTokens}. */
  int promptTokens(int outputTokens) {
    return maxModelTokens == UNLIMITED ? UNLIMITED : maxModelTokens - outputTokens;
  }
}
