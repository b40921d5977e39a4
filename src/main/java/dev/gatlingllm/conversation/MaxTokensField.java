package dev.gatlingllm.conversation;

/** The field of a request that says how long the reply may be. */
public enum MaxTokensField {
  /** What every OpenAI-compatible server knows. */
  MAX_TOKENS("max_tokens"),
  /** What OpenAI's reasoning models ask for; chat completions only. */
  MAX_COMPLETION_TOKENS("max_completion_tokens");

  private final String key;

  MaxTokensField(String key) {
    this.key = key;
  }

  /** The name in settings and in requests. */
  public String key() {
    return key;
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public static MaxTokensField parse(String text) {
    for (MaxTokensField field : values()) {
      if (field.key.equals(text.strip())) {
        return field;
      }
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is no field for the length of replies; write max_tokens or max_completion_tokens");
  }
}
