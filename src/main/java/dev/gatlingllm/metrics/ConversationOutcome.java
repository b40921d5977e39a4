package dev.gatlingllm.metrics;

/** How a conversation ended. */
public enum ConversationOutcome {
  /** With a successful response. */
  COMPLETED,
  /** With a failed turn: the last one, or one after which the failure policy gives it up. */
  FAILED,
  /** The user left. */
  ABANDONED
}
