package dev.gatlingllm.server;

import dev.gatlingllm.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokenises texts and remembers those that came lately: system prompts that many users share, and
 * the history that every turn of a conversation sends again. Any thread may call it.
 */
final class TextTokens {

  /** Below this many characters, tokenising costs no more than remembering. */
  private static final int MIN_LENGTH = 64;

  private final Map<String, int[]> known = new LinkedHashMap<>(16, 0.75f, true);
  private final Tokenizer tokenizer;
  private final long capacity;
  private long size;

  /**
   * @param capacity how much to remember, in bytes of text and token ids together
   */
  TextTokens(Tokenizer tokenizer, long capacity) {
    this.tokenizer = tokenizer;
    this.capacity = capacity;
  }

  /** The text's token ids, which the caller must not change. */
  int[] encode(String text) {
    if (text.length() < MIN_LENGTH) {
      return tokenizer.encode(text);
    }
    int[] tokens = recall(text);
    if (tokens == null) {
      // outside the lock: two threads may do the same work, but none waits for another's
      tokens = tokenizer.encode(text);
      remember(text, tokens);
    }
    return tokens;
  }

  private synchronized int[] recall(String text) {
    return known.get(text);
  }

  private synchronized void remember(String text, int[] tokens) {
    if (known.put(text, tokens) == null) {
      size += weight(text, tokens);
    }
    var oldest = known.entrySet().iterator();
    while (size > capacity) {
      var entry = oldest.next();
      size -= weight(entry.getKey(), entry.getValue());
      oldest.remove();
    }
  }

  private static long weight(String text, int[] tokens) {
    return text.length() + (long) Integer.BYTES * tokens.length;
  }
}
