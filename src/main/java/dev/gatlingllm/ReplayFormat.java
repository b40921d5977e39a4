package dev.gatlingllm;

/** The format of a replayed file's entries. */
public enum ReplayFormat {
  /** Detected from the header of a CSV file, or from the fields of the first known entry. */
  AUTO,
  /** ShareGPT: {@code {"conversations":[{"from":"human","value":"…"}]}}. */
  SHAREGPT,
  /**
   * OpenAI: {@code {"messages":[{"role":"user","content":"…"}]}}, or such a list alone, in the
   * {@code body} of a batch file, or as {@code conversation}.
   */
  MESSAGES,
  /**
   * MLPerf's agentic data: a row for each message, {@code
   * {"conversation_id","turn","role","content"}}, with {@code tool_results} in one row.
   */
  MLPERF,
  /**
   * Questions without responses: {@code {"prompt":"…"}}, {@code {"text":"…"}}, or several in {@code
   * {"turns":["…","…"]}}.
   */
  PROMPTS,
  /**
   * Traces of coding agents from kv-cache-tester: a conversation in a line or a file, with the
   * requests of its agents.
   */
  WEKA,
  /** Mooncake: {@code {"timestamp","input_length","output_length","hash_ids"}}. */
  MOONCAKE,
  /** Alibaba's Bailian: as Mooncake, with times in seconds and blocks of 16 tokens. */
  BAILIAN,
  /**
   * Azure's traces of LLM inference: CSV with dates, {@code ContextTokens} and {@code
   * GeneratedTokens}.
   */
  AZURE,
  /** BurstGPT: CSV with seconds, {@code Request tokens} and {@code Response tokens}. */
  BURSTGPT;

  /** Returns whether entries are requests with an arrival time and lengths instead of texts. */
  public boolean isTrace() {
    return compareTo(MOONCAKE) >= 0;
  }

  /** Returns whether an entry is several lines, one for each message. */
  public boolean hasRows() {
    return this == MLPERF;
  }
}
