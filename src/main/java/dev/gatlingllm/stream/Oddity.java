package dev.gatlingllm.stream;

/**
 * Something about a response that does not make it a failure, but that whoever reads its figures
 * should know. A run counts the responses with each.
 */
public enum Oddity {
  /** The usage has 0 output tokens, although output came; the count is not believed. */
  ZERO_USAGE,
  /** Chunks repeated the text so far, instead of adding to it. */
  CUMULATIVE,
  /**
   * The response has no text that could be part of the next prompt: all of it was reasoning or
   * calls of tools.
   */
  NO_TEXT
}
