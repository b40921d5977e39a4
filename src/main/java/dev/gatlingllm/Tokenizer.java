package dev.gatlingllm;

/**
 * Turns text into the token ids of one model's vocabulary and back, without adding special tokens.
 *
 * <p>Implementations are immutable and may be called from any thread; never from an event loop,
 * since encoding a long prompt takes milliseconds.
 */
public interface Tokenizer {

  /** The name that reports show: an encoding's name, a file's name or a hub id; never a path. */
  String name();

  /** The token ids of {@code text}, in order; empty for the empty text. */
  int[] encode(String text);

  /** The text of {@code tokens}. */
  String decode(int... tokens);

  /** The number of tokens of {@code text}. */
  default int count(String text) {
    return encode(text).length;
  }

  /** One more than the highest token id. */
  int vocabularySize();

  /**
   * The texts of tokens on their own, which may lack the space that they begin with in a text; for
   * reading a vocabulary, which some libraries do much faster in one call.
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
