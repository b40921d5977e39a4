package dev.gatlingllm;

/** Which reply later prompts of a conversation carry. */
public enum ReplyInHistory {
  /** What the model said. */
  RECEIVED,
  /**
   * What the script says that the model said, of exactly the length asked for: so two runs send the
   * same bytes whatever the model says.
   */
  CANNED;

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such choice
   */
  public static ReplyInHistory parse(String text) {
    return switch (text.strip()) {
      case "received" -> RECEIVED;
      case "canned" -> CANNED;
      default ->
          throw new IllegalArgumentException(
              "\"" + text + "\" is no reply to keep; write received or canned");
    };
  }

  /** The name in settings. */
  @Override
  public String toString() {
    return this == RECEIVED ? "received" : "canned";
  }
}
