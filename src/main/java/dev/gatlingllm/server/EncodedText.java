package dev.gatlingllm.server;

import dev.gatlingllm.Tokenizer;
import java.util.Arrays;

/** A given text in the tokens that the tokenizer makes of it; for JSON, which is no drawn words. */
final class EncodedText implements TokenText {

  private static final char INCOMPLETE = '\uFFFD';

  private final int[] ids;
  private final String[] pieces;

  private EncodedText(int[] ids, String[] pieces) {
    this.ids = ids;
    this.pieces = pieces;
  }

  static EncodedText of(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    String[] pieces = new String[ids.length];
    int told = 0;
    for (int i = 0; i < ids.length; i++) {
      int end = i == ids.length - 1 ? text.length() : toldBy(tokenizer, ids, i, text, told);
      pieces[i] = text.substring(told, end);
      told = end;
    }
    return new EncodedText(ids, pieces);
  }

  /** The same behind a token that has no text, as models mark where a call of a tool begins. */
  EncodedText behindMarker() {
    int[] allIds = new int[ids.length + 1];
    System.arraycopy(ids, 0, allIds, 1, ids.length);
    String[] allPieces = new String[allIds.length];
    allPieces[0] = "";
    System.arraycopy(pieces, 0, allPieces, 1, pieces.length);
    return new EncodedText(allIds, allPieces);
  }

  /** How much of a text the tokens 0 to {@code last} tell: whole characters only. */
  private static int toldBy(Tokenizer tokenizer, int[] ids, int last, String text, int atLeast) {
    String prefix = tokenizer.decode(Arrays.copyOf(ids, last + 1));
    int end = prefix.length();
    while (end > 0 && prefix.charAt(end - 1) == INCOMPLETE) {
      end--;
    }
    // a tokenizer whose texts do not add up says the rest with its last token
    return end > atLeast && text.startsWith(prefix.substring(0, end)) ? end : atLeast;
  }

  @Override
  public int tokens() {
    return ids.length;
  }

  @Override
  public String text(int index) {
    return pieces[index];
  }

  @Override
  public byte[] json(int index) {
    return Json.quoted(pieces[index]);
  }

  @Override
  public int id(int index) {
    return ids[index];
  }
}
