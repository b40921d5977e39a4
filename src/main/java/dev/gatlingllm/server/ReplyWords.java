package dev.gatlingllm.server;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;

/**
 * The words that replies are made of, each one token, with or without a space before it; as text,
 * as JSON, and as the token ids by which they come back in a next prompt. Immutable.
 */
final class ReplyWords {

  private final String[] words;
  private final byte[][] openingJson;
  private final byte[][] followingJson;
  private final int[] openingTokens;
  private final int[] followingTokens;

  /**
   * @throws IllegalArgumentException if the tokenizer has too few words of one token
   */
  ReplyWords(Tokenizer tokenizer) {
    ExactText text = ExactText.of(tokenizer);
    words = text.words().toArray(String[]::new);
    openingJson = new byte[words.length][];
    followingJson = new byte[words.length][];
    openingTokens = new int[words.length];
    followingTokens = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      openingJson[i] = Json.quoted(word);
      followingJson[i] = Json.quoted(" " + word);
      // as a pair: some tokenizers encode a text's leading space apart
      int[] tokens = tokenizer.encode(word + " " + word);
      openingTokens[i] = tokens[0];
      followingTokens[i] = tokens[1];
    }
  }

  int count() {
    return words.length;
  }

  String text(int word) {
    return words[word];
  }

  /**
   * The text of one chunk, as what stands between the quotes of a JSON string; not to be changed.
   *
   * @param opening whether the word opens a reply, and so has no space before it
   */
  byte[] json(int word, boolean opening) {
    return opening ? openingJson[word] : followingJson[word];
  }

  int token(int word, boolean opening) {
    return opening ? openingTokens[word] : followingTokens[word];
  }
}
