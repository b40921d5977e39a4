package dev.gatlingllm.server;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.WordList;
import dev.gatlingllm.server.engine.TokenHash;
import java.util.List;

/**
 * The words of the simulated model. Each is one token, with or without a leading space, and is kept
 * as text, as JSON, and as the token id that it has in a following prompt. Immutable.
 */
final class ModelVocabulary {

  private final String[] words;
  private final byte[][] firstJson;
  private final byte[][] followingJson;
  private final int[] firstIds;
  private final int[] followingIds;

  /**
   * @throws IllegalArgumentException if the tokenizer has too few words of one token
   */
  ModelVocabulary(Tokenizer tokenizer) {
    List<WordList.Word> list = WordList.of(tokenizer).words();
    words = new String[list.size()];
    firstJson = new byte[words.length][];
    followingJson = new byte[words.length][];
    firstIds = new int[words.length];
    followingIds = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      WordList.Word word = list.get(i);
      words[i] = word.text();
      firstJson[i] = Json.escaped(word.text());
      followingJson[i] = Json.escaped(" " + word.text());
      firstIds[i] = word.openingId();
      followingIds[i] = word.followingId();
    }
  }

  int size() {
    return words.length;
  }

  /** Returns a word without a leading space. */
  String word(int index) {
    return words[index];
  }

  /**
   * Returns a text of random words, separated by single spaces. A longer text starts with the
   * shorter one of the same hash. Its memory does not depend on its length.
   *
   * @param joined whether the next prompt has a space before the text, as the prompt of a text
   *     completion; a chat message stands alone
   */
  TokenText text(long hash, int tokens, boolean joined) {
    return new RandomText(this, hash, tokens, joined);
  }

  private record RandomText(ModelVocabulary vocabulary, long hash, int tokens, boolean joined)
      implements TokenText {

    @Override
    public String text(int index) {
      String word = vocabulary.words[word(index)];
      return index == 0 ? word : " " + word;
    }

    @Override
    public byte[] json(int index) {
      int word = word(index);
      return index == 0 ? vocabulary.firstJson[word] : vocabulary.followingJson[word];
    }

    @Override
    public int id(int index) {
      int word = word(index);
      return index == 0 && !joined ? vocabulary.firstIds[word] : vocabulary.followingIds[word];
    }

    private int word(int index) {
      return Math.floorMod(TokenHash.nth(hash, index), vocabulary.size());
    }
  }
}
