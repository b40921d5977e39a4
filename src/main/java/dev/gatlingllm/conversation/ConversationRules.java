package dev.gatlingllm.conversation;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;

/**
 * What holds for all conversations of a workload.
 *
 * @param window the model's context window and what happens when it is full
 * @param onFailure what happens after a failed turn
 * @param replyInHistory which reply later prompts carry
 */
public record ConversationRules(
    ContextWindow window, FailurePolicy onFailure, ReplyInHistory replyInHistory) {

  /** No limit to the context, failed turns are skipped, and replies are kept as received. */
  public static final ConversationRules DEFAULT =
      new ConversationRules(ContextWindow.NONE, FailurePolicy.SKIP, ReplyInHistory.RECEIVED);

  /** The same with another context window. */
  public ConversationRules withWindow(ContextWindow window) {
    return new ConversationRules(window, onFailure, replyInHistory);
  }

  /** The same with another failure policy. */
  public ConversationRules withOnFailure(FailurePolicy onFailure) {
    return new ConversationRules(window, onFailure, replyInHistory);
  }

  /** The same with other replies in the history. */
  public ConversationRules withReplyInHistory(ReplyInHistory replyInHistory) {
    return new ConversationRules(window, onFailure, replyInHistory);
  }
}
