package dev.gatlingllm.conversation;

import java.util.Locale;

/** What happens when the next turn does not fit into the model's context window. */
public enum ContextPolicy {
  /** Leaves out the oldest turns, question and reply together; the system prompt stays. */
  DROP_OLDEST("dropOldest"),
  /** Ends the conversation. */
  STOP("stop"),
  /** Fails the turn without sending it. */
  FAIL("fail");

  private final String key;

  ContextPolicy(String key) {
    this.key = key;
  }

  /** The name in settings. */
  public String key() {
    return key;
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such policy
   */
  public static ContextPolicy parse(String text) {
    for (ContextPolicy policy : values()) {
      if (policy.key.toLowerCase(Locale.ROOT).equals(text.strip().toLowerCase(Locale.ROOT))) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no context policy; write dropOldest, stop or fail");
  }
}
