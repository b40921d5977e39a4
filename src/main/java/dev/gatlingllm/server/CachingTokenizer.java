package dev.gatlingllm.server;

import dev.gatlingllm.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokenizes texts and caches recent ones, such as shared system prompts and the history that each
 * turn of a conversation sends again. Thread-safe.
 */
final class CachingTokenizer {

  /** Shorter texts are not cached: tokenizing them is as fast as a lookup. */
  private static final int MIN_LENGTH = 64;

  private final Map<String, int[]> cache = new LinkedHashMap<>(16, 0.75f, true);
  private final Tokenizer tokenizer;
  private final long capacity;
  private final int imageTokens;
  private long size;

  /**
   * @param capacity the size of the cache, in bytes of texts and token ids
   * @param imageTokens the tokens of an image
   */
  CachingTokenizer(Tokenizer tokenizer, long capacity, int imageTokens) {
    this.tokenizer = tokenizer;
    this.capacity = capacity;
    this.imageTokens = imageTokens;
  }

  /** Returns the text's token ids. The caller must not change the array. */
  int[] encode(String text) {
    if (ImageParts.hasMarks(text)) {
      return ImageParts.encode(text, this::encode, imageTokens);
    }
    if (text.length() < MIN_LENGTH) {
      return tokenizer.encode(text);
    }
    int[] tokens = find(text);
    if (tokens == null) {
      // outside the lock: two threads can do the same work, but none waits for another
      tokens = tokenizer.encode(text);
      add(text, tokens);
    }
    return tokens;
  }

  private synchronized int @Nullable [] find(String text) {
    return cache.get(text);
  }

  private synchronized void add(String text, int[] tokens) {
    if (cache.put(text, tokens) == null) {
      size += weight(text, tokens);
    }
    var oldest = cache.entrySet().iterator();
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
