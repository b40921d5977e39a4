package dev.gatlingllm.server;

/** The two ways to ask for a reply, and how their words differ. */
enum Api {
  CHAT("/v1/chat/completions", "messages", "chatcmpl-", "chat.completion", 64),
  COMPLETIONS("/v1/completions", "prompt", "cmpl-", "text_completion", 16);

  private final String path;
  private final String promptField;
  private final String idPrefix;
  private final String object;
  private final int defaultMaxTokens;

  Api(String path, String promptField, String idPrefix, String object, int defaultMaxTokens) {
    this.path = path;
    this.promptField = promptField;
    this.idPrefix = idPrefix;
    this.object = object;
    this.defaultMaxTokens = defaultMaxTokens;
  }

  String path() {
    return path;
  }

  /** The request's field that holds the prompt. */
  String promptField() {
    return promptField;
  }

  String idPrefix() {
    return idPrefix;
  }

  /** The value of {@code object} in a whole reply. */
  String object() {
    return object;
  }

  /** The value of {@code object} in a streamed chunk. */
  String chunkObject() {
    return this == CHAT ? object + ".chunk" : object;
  }

  /** How many tokens to generate when the request does not say. */
  int defaultMaxTokens() {
    return defaultMaxTokens;
  }
}
