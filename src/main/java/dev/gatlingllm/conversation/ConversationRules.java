package dev.gatlingllm.conversation;

/**
 * What holds for all conversations of a workload.
 *
 * @param window the model's context window and what happens when it is full
 * @param onFailure what happens after a failed turn
 */
public record ConversationRules(ContextWindow window, FailurePolicy onFailure) {

  /** No limit to the context, and failed turns are skipped. */
  public static final ConversationRules DEFAULT =
      new ConversationRules(ContextWindow.NONE, FailurePolicy.SKIP);
}
