package dev.gatlingllm.conversation;

import java.util.Locale;

/** The field of a request that limits the length of the response. */
public enum MaxTokensField {
  /** Known to every OpenAI-compatible server. */
  MAX_TOKENS,
  /** Required by OpenAI's reasoning models; chat completions only. */
  MAX_COMPLETION_TOKENS;

  /** Returns the field's name in requests and in settings. */
  public String field() {
    return name().toLowerCase(Locale.ROOT);
  }
}
