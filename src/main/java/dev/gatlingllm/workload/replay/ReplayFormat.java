package dev.gatlingllm.workload.replay;

import java.util.Locale;

/** What the entries of a replayed file look like. */
public enum ReplayFormat {
  /** Found out by the fields of the first entry that tells. */
  AUTO("auto", ""),
  /** ShareGPT's: {@code {"conversations":[{"from":"human","value":"…"}]}}. */
  SHAREGPT("sharegpt", "conversations"),
  /** OpenAI's: {@code {"messages":[{"role":"user","content":"…"}]}}. */
  MESSAGES("messages", "messages"),
  /** Mooncake's: {@code {"timestamp","input_length","output_length","hash_ids"}}. */
  MOONCAKE("mooncake", "hash_ids");

  private final String key;
  private final String field;

  ReplayFormat(String key, String field) {
    this.key = key;
    this.field = field;
  }

  /** The name in settings. */
  public String key() {
    return key;
  }

  /** The field that an entry of this format has and those of the others lack. */
  String field() {
    return field;
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
