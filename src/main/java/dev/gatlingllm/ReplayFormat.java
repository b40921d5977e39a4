package dev.gatlingllm;

import java.util.Locale;

/** What the entries of a replayed file look like. */
public enum ReplayFormat {
  /** Found out by the fields of the first entry that tells. */
  AUTO("auto"),
  /** ShareGPT's: {@code {"conversations":[{"from":"human","value":"…"}]}}. */
  SHAREGPT("sharegpt"),
  /** OpenAI's: {@code {"messages":[{"role":"user","content":"…"}]}}. */
  MESSAGES("messages"),
  /** Mooncake's: {@code {"timestamp","input_length","output_length","hash_ids"}}. */
  MOONCAKE("mooncake");

  private final String key;

  ReplayFormat(String key) {
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
  public static ReplayFormat parse(String text) {
    for (ReplayFormat format : values()) {
      if (format.key.equals(text.strip().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no replay format; write auto, sharegpt, messages or mooncake");
  }
}
