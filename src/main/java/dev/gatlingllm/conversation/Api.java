package dev.gatlingllm.conversation;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

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
    return Stream.of(values())
        .filter(api -> path.endsWith(api.unversionedPath))
        .max(Comparator.comparingInt(api -> api.path.length()));
  }

  /** Returns the path below the server's root. */
  public String path() {
    return path;
  }
}
