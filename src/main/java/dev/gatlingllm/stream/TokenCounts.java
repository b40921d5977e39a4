package dev.gatlingllm.stream;

/**
 * Tokens as the server counted them, under whatever names it has for them; −1 means "not reported".
 * Where a server counts more than once, the largest count is kept: counts grow while a response
 * does, and zeros in a late chunk take nothing back. Mutable; used by one thread.
 */
final class TokenCounts {

  int input;
  int output;
  int cached;
  int reasoning;

  /**
   * llama.cpp's {@code timings}: prompt tokens computed, those taken from the cache, and output.
   */
  int computed;

  int reused;
  int predicted;

  /** Whether a count of input or output is no number of tokens, such as a negative one. */
  boolean invalid;

  TokenCounts() {
    clear();
  }

  void clear() {
    input = -1;
    output = -1;
    cached = -1;
    reasoning = -1;
    computed = -1;
    reused = -1;
    predicted = -1;
    invalid = false;
  }

  void add(TokenCounts other) {
    input = Math.max(input, other.input);
    output = Math.max(output, other.output);
    cached = Math.max(cached, other.cached);
    reasoning = Math.max(reasoning, other.reasoning);
    computed = Math.max(computed, other.computed);
    reused = Math.max(reused, other.reused);
    predicted = Math.max(predicted, other.predicted);
    invalid |= other.invalid;
  }

  boolean isEmpty() {
    return input < 0 && output < 0 && cached < 0 && reasoning < 0 && computed < 0 && predicted < 0;
  }

  /**
   * Takes a field of {@code usage}; unknown fields change nothing.
   *
   * @param count of tokens, or −1 for a value that is none
   */
  void usage(String field, int count) {
    switch (field) {
      case "prompt_tokens", "input_tokens" -> {
        input = Math.max(input, count);
        invalid |= count < 0;
      }
      case "completion_tokens", "output_tokens" -> {
        output = Math.max(output, count);
        invalid |= count < 0;
      }
      case "cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens" ->
          cached = Math.max(cached, count);
      case "reasoning_tokens" -> reasoning = Math.max(reasoning, count);
      default -> {}
    }
  }

  /** Takes a field of llama.cpp's {@code timings}; unknown fields change nothing. */
  void timings(String field, int count) {
    switch (field) {
      case "prompt_n" -> computed = count;
      case "cache_n" -> reused = count;
      case "predicted_n" -> predicted = count;
      default -> {}
    }
  }

  /** Returns the prompt tokens, or −1. */
  int inputTokens() {
    return input < 0 && computed >= 0 && reused >= 0 ? computed + reused : input;
  }

  /** Returns the output tokens, or −1. */
  int outputTokens() {
    return output < 0 ? predicted : output;
  }

  /** Returns the prompt tokens taken from the server's prefix cache, or −1. */
  int cachedTokens() {
    if (cached >= 0 || computed < 0) {
      return cached;
    }
    return reused >= 0 || input < computed ? reused : input - computed;
  }
}
