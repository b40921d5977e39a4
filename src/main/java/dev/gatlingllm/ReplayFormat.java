package dev.gatlingllm;

/** The format of a replayed file's entries. */
public enum ReplayFormat {
  /** Detected from the fields of the first entry that has one of a known format. */
  AUTO,
  /** ShareGPT: {@code {"conversations":[{"from":"human","value":"…"}]}}. */
  SHAREGPT,
  /** OpenAI: {@code {"messages":[{"role":"user","content":"…"}]}}. */
  MESSAGES,
  /** Mooncake: {@code {"timestamp","input_length","output_length","hash_ids"}}. */
  MOONCAKE
}
