package dev.gatlingllm;

/** What a conversation does after a turn whose response the user has abandoned. */
public enum OnAbandon {
  /** It ends: the user does not come back. */
  END,
  /** It goes on with the next question, and without the abandoned turn in its history. */
  SKIP
}
