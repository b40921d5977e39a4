package dev.gatlingllm.prompt;

import java.util.Arrays;
import java.util.Map;

/**
 * Looks up the token ids of texts that consist of known words with single spaces between them.
 * Shared by all texts of a kind, so that a text needs no memory for its ids. Immutable.
 *
 * <p>All ids, including the first word's, are those after a space: prompts of ids are concatenated,
 * and each text but the first follows another.
 */
final class WordIds implements Passage.TokenIds {

  private final Map<String, int[]> ids;

  /**
   * @param ids the ids of each word after a space
   */
  WordIds(Map<String, int[]> ids) {
    this.ids = Map.copyOf(ids);
  }

  @Override
  public int[] of(String text) {
    int[] tokens = new int[text.length() / 4 + 4];
    int count = 0;
    for (int start = 0; start < text.length(); ) {
      int space = text.indexOf(' ', start);
      int end = space < 0 ? text.length() : space;
      int[] word = ids.get(text.substring(start, end));
      if (word == null) {
        throw new IllegalStateException("unknown word in a text to look up token ids for");
      }
      if (count + word.length > tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * (count + word.length));
      }
      System.arraycopy(word, 0, tokens, count, word.length);
      count += word.length;
      start = end + 1;
    }
    return Arrays.copyOf(tokens, count);
  }
}
