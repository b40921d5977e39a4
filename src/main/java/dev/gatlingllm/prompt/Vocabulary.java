package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The words in a tokenizer's vocabulary, and its pieces that span two words. Reading it takes about
 * as long as encoding a book.
 *
 * <p>A piece such as {@code "of the"} lets a tokenizer merge two words into one token. Of the words
 * at either side of such a piece, {@link #independent} keeps one side only, so that the remaining
 * words keep their tokens next to each other. Most tokenizers split at spaces first and have no
 * such pieces.
 *
 * @param plainWords lower-case ASCII words in order of their token ids: for byte-pair encodings the
 *     most frequent words come first
 * @param anyWords words of any letters, including the plain ones
 * @param spans where pieces span two words
 */
record Vocabulary(Set<String> plainWords, Set<String> anyWords, Set<Span> spans) {

  private static final int BLOCK = 8192;
  private static final Pattern PLAIN = Pattern.compile("[a-z]{3,10}");

  /** A single letter counts as a word only in scripts where it is a syllable or more. */
  private static final Pattern ANY =
      Pattern.compile("\\p{L}{2,24}|[\\p{IsIdeographic}\\p{IsHangul}]");

  private static final Pattern SPACE_INSIDE = Pattern.compile("\\S ");

  static Vocabulary of(Tokenizer tokenizer) {
    Set<String> plain = new LinkedHashSet<>();
    Set<String> any = new LinkedHashSet<>();
    List<Integer> spanning = new ArrayList<>();
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
          spanning.add(start + i);
        }
      }
    }
    Set<Span> spans = new LinkedHashSet<>();
    for (int token : spanning) {
      spans.addAll(Span.in(unstripped(tokenizer, anchor, token)));
    }
    return new Vocabulary(plain, any, spans);
  }

  /** Returns the text of a piece after another one: alone, some decoders strip its first space. */
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

  /** Replaces the marks for a space that tokenizers without a decoder show. */
  static String spaced(String piece) {
    return piece.replace('\u2581', ' ').replace('\u0120', ' ');
  }

  /**
   * Removes words until no piece spans two of them in any order: for each span the words before it
   * or the words after it, whichever are fewer.
   *
   * @return the remaining words, in the order given
   */
  Set<String> independent(Collection<String> words) {
    if (spans.isEmpty()) {
      return new LinkedHashSet<>(words);
    }
    TreeSet<String> sorted = new TreeSet<>(words);
    TreeSet<String> reversed = new TreeSet<>();
    words.forEach(word -> reversed.add(reverse(word)));
    for (Span span : spans) {
      List<String> before =
          matching(reversed, reverse(span.left()), span.wholeLeft()).stream()
              .map(Vocabulary::reverse)
              .toList();
      List<String> after = matching(sorted, span.right(), span.wholeRight());
      for (String word : before.size() <= after.size() ? before : after) {
        sorted.remove(word);
        reversed.remove(reverse(word));
      }
    }
    Set<String> independent = new LinkedHashSet<>(words);
    independent.retainAll(sorted);
    return independent;
  }

  private static List<String> matching(TreeSet<String> sorted, String start, boolean whole) {
    if (whole) {
      return sorted.contains(start) ? List.of(start) : List.of();
    }
    return List.copyOf(sorted.subSet(start, start + Character.MAX_VALUE));
  }

  private static String reverse(String word) {
    return new StringBuilder(word).reverse().toString();
  }

  /**
   * A place where a piece of the vocabulary spans the space between two words.
   *
   * @param left the part of the piece before the space, not empty
   * @param wholeLeft whether that is a whole word; otherwise it is the end of one
   * @param right the part of the piece after the space, may be empty
   * @param wholeRight whether that is a whole word; otherwise it is the beginning of one
   */
  record Span(String left, boolean wholeLeft, String right, boolean wholeRight) {

    private static List<Span> in(String piece) {
      List<Span> spans = new ArrayList<>();
      for (int space = piece.indexOf(' '); space >= 0; space = piece.indexOf(' ', space + 1)) {
        int before = piece.lastIndexOf(' ', space - 1);
        int after = piece.indexOf(' ', space + 1);
        if (before + 1 < space) {
          spans.add(
              new Span(
                  piece.substring(before + 1, space),
                  before >= 0,
                  piece.substring(space + 1, after < 0 ? piece.length() : after),
                  after >= 0));
        }
      }
      return spans;
    }
  }
}
