package dev.gatlingllm.conversation;

import java.util.Optional;

/** An API of servers for generating text. */
public enum Api {
  /** Chat completions: the conversation is a list of messages. */
  CHAT("/v1/chat/completions"),
  /** Text completions: the conversation is one text. */
  COMPLETIONS("/v1/completions"),
  /** Anthropic's Messages: a list of messages, and the system prompt apart from it. */
  MESSAGES("/v1/messages"),
  /** OpenAI's Responses: a list of messages, or a new one that continues a response. */
  RESPONSES("/v1/responses");

  private static final Api[] ALL = values();

  private final String path;
  private final String unversionedPath;

  Api(String path) {
    this.path = path;
    this.unversionedPath = path.substring("/v1".length());
  }

  /**
   * Returns the API of a request by its path, whatever comes before the API's own path and its
   * version: a gateway may have moved both.
   */
  public static Optional<Api> ofPath(String path) {
    Api longest = null;
    for (Api api : ALL) {
      if (path.endsWith(api.unversionedPath)
          && (longest == null || api.path.length() > longest.path.length())) {
        longest = api;
      }
    }
    return Optional.ofNullable(longest);
  }

  /** Returns the path below the server's root. */
  public String path() {
    return path;
  }
}
