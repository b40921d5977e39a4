package dev.gatlingllm.metrics;

/**
 * Something about a good response that whoever reads its figures should know. A run counts the
 * responses with each. Some are noted while the response is read; the others are evident from its
 * counts and times.
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
  NO_TEXT,
  /** The server counted neither the tokens of the prompt nor those of the response. */
  NO_USAGE,
  /** The server did not say why the response ended. */
  NO_FINISH_REASON,
  /** Several tokens came at once or nearly so: this was no stream. */
  UNSTREAMED,
  /** Most chunks came right after another one, in bunches. */
  BUNCHED
}
