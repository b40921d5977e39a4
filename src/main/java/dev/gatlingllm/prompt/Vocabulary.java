package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a tokenizer's vocabulary says about words: which there are, and which pieces could join two
 * of them. Read once for each tokenizer, in about the time that encoding a book takes.
 *
 * @param plainWords lower-case ASCII words, the vocabulary's first ones first: for byte-pair
 *     encodings these are the commonest
 * @param anyWords words of any letters, those too
 * @param joints what pieces with a space inside could join
 */
record Vocabulary(Set<String> plainWords, Set<String> anyWords, Set<Joint> joints) {

  private static final int BLOCK = 8192;
  private static final Pattern PLAIN = Pattern.compile("[a-z]{3,10}");

  /** One letter is a word only where a letter is as good as a syllable. */
  private static final Pattern ANY =
      Pattern.compile("\\p{L}{2,24}|[\\p{IsIdeographic}\\p{IsHangul}]");

  private static final Pattern SPACE_INSIDE = Pattern.compile("\\S ");

  static Vocabulary of(Tokenizer tokenizer) {
    Set<String> plain = new LinkedHashSet<>();
    Set<String> any = new LinkedHashSet<>();
    List<Integer> joining = new ArrayList<>();
    int anchor = -1;
    for (int start = 0; start < tokenizer.vocabularySize(); start += BLOCK) {
      int end = Math.min(start + BLOCK, tokenizer.vocabularySize());
      String[] texts = tokenizer.decodeEach(IntStream.range(start, end).toArray());
      for (int i = 0; i < texts.length; i++) {
        String piece = spaced(texts[i]);
        String word = piece.strip();
        if (ANY.matcher(word).matches()) {
          any.add(word);
          anchor = anchor < 0 ? start + i : anchor;
          if (PLAIN.matcher(word).matches()) {
            plain.add(word);
          }
        }
        if (SPACE_INSIDE.matcher(piece).find()) {
          joining.add(start + i);
        }
      }
    }
    Set<Joint> joints = new LinkedHashSet<>();
    for (int token : joining) {
      joints.addAll(Joint.in(unstripped(tokenizer, anchor, token)));
    }
    return new Vocabulary(plain, any, joints);
  }

  /** A piece as it stands after another one: on its own, some decoders strip its first space. */
  private static String unstripped(Tokenizer tokenizer, int anchor, int token) {
    if (anchor >= 0) {
      String before = tokenizer.decode(anchor);
      String both = tokenizer.decode(anchor, token);
      if (both.startsWith(before)) {
        return spaced(both.substring(before.length()));
      }
    }
    return spaced(tokenizer.decode(token));
  }

  /** Files without a decoder show the marks that stand for a space. */
  private static String spaced(String piece) {
    return piece.replace('\u2581', ' ').replace('\u0120', ' ');
  }
}
