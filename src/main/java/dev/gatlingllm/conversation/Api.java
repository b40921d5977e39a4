package dev.gatlingllm.conversation;

/** An API of servers for generating text. */
public enum Api {
  /** Chat completions: the conversation is a list of messages. */
  CHAT("/v1/chat/completions"),
  /** Text completions: the conversation is one text. */
  COMPLETIONS("/v1/completions"),
  /** Anthropic's Messages: a list of messages, and the system prompt apart from it. */
  MESSAGES("/v1/messages");

  private final String path;

  Api(String path) {
    this.path = path;
  }

  /** Returns the path below the server's root. */
  public String path() {
    return path;
  }
}
