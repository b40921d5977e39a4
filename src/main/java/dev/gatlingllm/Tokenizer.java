package dev.gatlingllm;

/**
 * Turns text into the token ids of one model's vocabulary and back, without adding special tokens.
 *
 * <p>Implementations are immutable and thread-safe. Encoding a long prompt takes milliseconds, so
 * never call them on an event loop.
 */
public interface Tokenizer {

  /** Returns the name in reports: of an encoding or a file, or a hub id; never a path. */
  String name();

  /** Returns the token ids of {@code text}, in order; empty for the empty text. */
  int[] encode(String text);

  /** Returns the text of {@code tokens}. */
  String decode(int... tokens);

  /** Returns the number of tokens of {@code text}. */
  default int count(String text) {
    return encode(text).length;
  }

  /** Returns one more than the highest token id. */
  int vocabularySize();

  /**
   * Returns the text of each token on its own, which may lack a leading space. Used to read a
   * vocabulary, which some libraries do much faster in one call.
   *
   * @param tokens ids from 0 to {@code vocabularySize() - 1}; an id without a token is the empty
   *     text
   */
  default String[] decodeEach(int... tokens) {
    String[] texts = new String[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      texts[i] = decode(tokens[i]);
    }
    return texts;
  }
}
