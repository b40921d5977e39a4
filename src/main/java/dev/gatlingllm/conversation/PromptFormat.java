package dev.gatlingllm.conversation;

/** What the prompt of a text completion is made of. */
public enum PromptFormat {
  /** A text, which the server turns into tokens. */
  TEXT("text"),
  /**
   * Token ids, which the server takes as they are: no tokenizer of its own adds to them or joins
   * them, so that blocks of the prefix cache can be met exactly.
   */
  TOKEN_IDS("tokenIds");

  private final String key;

  PromptFormat(String key) {
    this.key = key;
  }

  /** The name in settings. */
  public String key() {
    return key;
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such format
   */
  public static PromptFormat parse(String text) {
    for (PromptFormat format : values()) {
      if (format.key.equals(text.strip())) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no format of a prompt; write text or tokenIds");
  }
}
