package dev.gatlingllm;

/** The response that later prompts of a conversation carry. */
public enum ReplyInHistory {
  /** The response of the model. */
  RECEIVED,
  /**
   * A response from the workload, of exactly the length asked for: two runs send the same bytes,
   * whatever the model answers.
   */
  CANNED
}
