package dev.gatlingllm.prompt;

import java.util.Arrays;
import java.util.Map;

/**
 * Looks up the token ids of text that is made of known words with single spaces between them. One
 * for all texts of a kind, so that a text costs no memory for its ids. Immutable.
 *
 * <p>Every word's ids are those that it has after a space, the first one's too: prompts of ids are
 * put together end to end, and each text but the first follows another.
 */
final class WordIds implements Passage.TokenIds {

  private final Map<String, int[]> ids;

  /**
   * @param ids each word's ids after a space
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
        throw new IllegalStateException("the text has a word that was not made here");
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
