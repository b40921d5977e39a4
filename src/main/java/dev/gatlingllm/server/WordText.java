package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.TokenHash;

/**
 * A word per token, drawn by a hash, with single spaces between them and none at the ends. A longer
 * text begins with the shorter one of the same hash. Takes no memory per token.
 *
 * @param joined whether the next prompt has it behind a space, as a text completion's client joins
 *     it to its prompt; a chat's message stands alone
 */
record WordText(ReplyWords words, long hash, int tokens, boolean joined) implements TokenText {

  @Override
  public String text(int index) {
    String word = words.text(word(index));
    return index == 0 ? word : " " + word;
  }

  @Override
  public byte[] json(int index) {
    return words.json(word(index), index == 0);
  }

  @Override
  public int id(int index) {
    return words.token(word(index), index == 0 && !joined);
  }

  private int word(int index) {
    return Math.floorMod(TokenHash.nth(hash, index), words.count());
  }
}
