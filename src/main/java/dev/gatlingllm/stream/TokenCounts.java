package dev.gatlingllm.stream;

/**
 * Tokens as the server counted them, under whatever names it has for them; −1 means "not reported".
 * Where a server counts more than once, the largest count is kept: counts grow while a response
 * does, and zeros in a late chunk take nothing back. Of a prompt whose cached tokens are counted
 * apart, the last counts are kept, because servers begin with an estimate or with zeros. Mutable;
 * used by one thread.
 */
final class TokenCounts {

  int input;
  int output;
  int cached;
  int reasoning;

  /** Tokens of prompt and output together. */
  private int total;

  /** Output tokens of the client's prediction that are in the output's count, but are not sent. */
  private int rejected;

  /** Prompt tokens written to the cache. */
  int created;

  /** Whether {@link #input} counts neither cached tokens nor those written to the cache. */
  boolean excludesCached;

  /**
   * llama.cpp's {@code timings}: prompt tokens computed, those taken from the cache, and output.
   */
  int computed;

  int reused;
  int predicted;

  /** Whether a count of input or output is no number of tokens, such as a negative one. */
  private boolean invalid;

  TokenCounts() {
    clear();
  }

  void clear() {
    input = -1;
    output = -1;
    cached = -1;
    reasoning = -1;
    total = -1;
    rejected = -1;
    created = -1;
    excludesCached = false;
    computed = -1;
    reused = -1;
    predicted = -1;
    invalid = false;
  }

  void add(TokenCounts other) {
    if (other.excludesCached) {
      excludesCached = true;
      if (other.inputTokens() > 0 && inputTokens() == 0) {
        // zeros of a gateway that did not know yet, also where it never says more
        input = other.input;
        cached = other.cached;
        created = other.created;
      } else if (other.inputTokens() > 0 || (input <= 0 && cached <= 0 && created <= 0)) {
        input = other.input < 0 ? input : other.input;
        cached = other.cached < 0 ? cached : other.cached;
        created = other.created < 0 ? created : other.created;
      }
    } else {
      input = Math.max(input, other.input);
      cached = Math.max(cached, other.cached);
    }
    output = Math.max(output, other.sentOutput());
    reasoning = Math.max(reasoning, other.reasoning);
    computed = Math.max(computed, other.computed);
    reused = Math.max(reused, other.reused);
    predicted = Math.max(predicted, other.predicted);
    invalid |= other.invalid;
  }

  boolean isEmpty() {
    return Math.max(input, Math.max(output, cached)) < 0
        && Math.max(reasoning, created) < 0
        && Math.max(computed, predicted) < 0;
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
      case "cache_creation_input_tokens" -> created = Math.max(created, count);
      case "reasoning_tokens", "thinking_tokens" -> reasoning = Math.max(reasoning, count);
      case "rejected_prediction_tokens" -> rejected = count;
      case "total_tokens" -> total = count;
      default -> {}
    }
  }

  /** Takes all tokens for those of the prompt, unless these were counted by themselves. */
  void withoutOutput() {
    input = input < 0 ? total : input;
  }

  /**
   * Returns the output tokens, those of reasoning included and rejected ones left out. Servers such
   * as xAI's count reasoning apart, as the total shows.
   */
  private int sentOutput() {
    boolean areApart =
        output >= 0 && reasoning > 0 && total == Math.max(0L, input) + output + reasoning;
    return (areApart ? output + reasoning : output)
        - (rejected <= output ? Math.max(0, rejected) : 0);
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
    if (excludesCached) {
      long sum = (long) Math.max(0, input) + Math.max(0, cached) + Math.max(0, created);
      return input < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, sum);
    }
    return input < 0 && computed >= 0 && reused >= 0 ? computed + reused : input;
  }

  /** Returns the output tokens, or −1. */
  int outputTokens() {
    return output < 0 ? predicted : output;
  }

  /**
   * Returns the prompt tokens taken from the server's prefix cache, or −1, also for more than the
   * prompt has.
   */
  int cachedTokens() {
    return hasTooManyCached() ? -1 : statedCachedTokens();
  }

  private int statedCachedTokens() {
    if (cached >= 0 || computed < 0) {
      return excludesCached && inputTokens() == 0 ? -1 : cached;
    }
    return reused >= 0 || input < computed ? reused : input - computed;
  }

  private boolean hasTooManyCached() {
    return inputTokens() > 0 && statedCachedTokens() > inputTokens();
  }

  /** Returns whether any count is none that a response can have. */
  boolean isInvalid() {
    return invalid || hasTooManyCached();
  }
}
