package dev.gatlingllm.server;

/**
 * What the simulated model says: a word per token, drawn by a hash of the prompt and the server's
 * seed. Equal prompts have equal replies, and a longer reply begins with the shorter one.
 * Immutable.
 */
final class Reply {

  private final ReplyWords words;
  private final long hash;
  private final int tokens;

  Reply(ReplyWords words, long seed, int[] promptTokens, int tokens) {
    this.words = words;
    this.hash = TokenHash.extend(seed, promptTokens, 0, promptTokens.length);
    this.tokens = tokens;
  }

  int tokens() {
    return tokens;
  }

  long hash() {
    return hash;
  }

  /** The text of token {@code index}, as what stands between the quotes of a JSON string. */
  byte[] json(int index) {
    return words.json(word(index), index == 0);
  }

  /** The whole text: words with single spaces between them, and none at its ends. */
  String text() {
    StringBuilder text = new StringBuilder(words.text(word(0)));
    for (int i = 1; i < tokens; i++) {
      text.append(' ').append(words.text(word(i)));
    }
    return text.toString();
  }

  /**
   * The token ids by which the next prompt will repeat this reply: in a chat it is a message of its
   * own, in a text completion a client puts it behind the prompt and a space.
   */
  int[] tokenIds(Api api) {
    int[] ids = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      ids[i] = words.token(word(i), i == 0 && api == Api.CHAT);
    }
    return ids;
  }

  private int word(int index) {
    return Math.floorMod(TokenHash.nth(hash, index), words.count());
  }
}
