package dev.gatlingllm.conversation;

/** The two ways to ask an OpenAI-compatible server for text. */
public enum Api {
  /** Chat completions: the conversation as a list of messages. */
  CHAT("/v1/chat/completions"),
  /** Text completions: the conversation as one text. */
  COMPLETIONS("/v1/completions");

  private final String path;

  Api(String path) {
    this.path = path;
  }

  /** The path below the server's root. */
  public String path() {
    return path;
  }

  /** The name in settings and files. */
  public String key() {
    return this == CHAT ? "chat" : "completions";
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such API
   */
  public static Api parse(String text) {
    return switch (text.strip()) {
      case "chat" -> CHAT;
      case "completions" -> COMPLETIONS;
      default ->
          throw new IllegalArgumentException(
              "\"" + text + "\" is no API; write chat or completions");
    };
  }
}
