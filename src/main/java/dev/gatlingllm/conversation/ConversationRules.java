package dev.gatlingllm.conversation;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;

/**
 * The rules that all conversations of a workload follow.
 *
 * @param window the model's context window and what happens when it is full
 * @param onFailure what happens after a failed turn
 * @param replyInHistory the response that later prompts carry
 */
public record ConversationRules(
    ContextWindow window, FailurePolicy onFailure, ReplyInHistory replyInHistory) {

  /** No context limit, failed turns are skipped, and responses are kept as received. */
  public static final ConversationRules DEFAULT =
      new ConversationRules(ContextWindow.NONE, FailurePolicy.SKIP, ReplyInHistory.RECEIVED);
}
