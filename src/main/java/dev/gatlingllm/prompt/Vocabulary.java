package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The words in a tokenizer's vocabulary, and its pieces that span two words. Reading it takes about
 * as long as encoding a book.
 *
 * <p>A piece such as {@code "of the"} lets a tokenizer merge two words into one token. Of the words
 * at either side of such a piece, {@link #independent} keeps one side only, so that the remaining
 * words keep their tokens next to each other. Most tokenizers split at spaces first and have no
 * such pieces.
 *
 * @param pieces the text of each token, in order of their ids
 * @param spans where pieces span two words
 */
record Vocabulary(List<String> pieces, Set<Span> spans) {

  private static final int MIN_PLAIN = 3;
  private static final int MAX_PLAIN = 10;

  /** A single letter counts as a word only in scripts where it is a syllable or more. */
  private static final Pattern ANY =
      Pattern.compile("\\p{L}{2,24}|[\\p{IsIdeographic}\\p{IsHangul}]");

  private static final Pattern SPACE_INSIDE = Pattern.compile("\\S ");

  static Vocabulary of(Tokenizer tokenizer) {
    List<String> pieces =
        Arrays.stream(Tokenizers.vocabulary(tokenizer)).map(Vocabulary::spaced).toList();
    int anchor = 0;
    while (anchor < pieces.size() && !isAnyWord(pieces.get(anchor).strip())) {
      anchor++;
    }
    Set<Span> spans = new LinkedHashSet<>();
    for (int token = 0; token < pieces.size(); token++) {
      String piece = pieces.get(token);
      // most pieces have a space only at their beginning
      if (piece.indexOf(' ', 1) > 0 && SPACE_INSIDE.matcher(piece).find()) {
        spans.addAll(Span.in(unstripped(tokenizer, anchor < pieces.size() ? anchor : -1, token)));
      }
    }
    return new Vocabulary(pieces, spans);
  }

  /**
   * Returns the lower-case ASCII words, in order of their token ids: for byte-pair encodings the
   * most frequent words come first.
   */
  Set<String> plainWords() {
    return words(Vocabulary::isPlainWord);
  }

  /** Returns the words of any letters, including the plain ones, in order of their token ids. */
  Set<String> anyWords() {
    return words(Vocabulary::isAnyWord);
  }

  private Set<String> words(Predicate<String> isWord) {
    Set<String> words = new LinkedHashSet<>();
    for (String piece : pieces) {
      String word = piece.strip();
      if (isWord.test(word)) {
        words.add(word);
      }
    }
    return words;
  }

  private static boolean isPlainWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) < 'a' || word.charAt(i) > 'z') {
        return false;
      }
    }
    return word.length() >= MIN_PLAIN && word.length() <= MAX_PLAIN;
  }

  private static boolean isAnyWord(String word) {
    return ANY.matcher(word).matches();
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
  Set<String> independent(Set<String> words) {
    if (spans.isEmpty()) {
      return new LinkedHashSet<>(words);
    }
    String[] sorted = words.toArray(String[]::new);
    Arrays.sort(sorted);
    String[] reversed =
        Arrays.stream(sorted).map(Vocabulary::reverse).sorted().toArray(String[]::new);
    Set<String> removed = new HashSet<>();
    for (Span span : spans) {
      List<String> before =
          matching(reversed, reverse(span.left()), span.wholeLeft())
              .map(Vocabulary::reverse)
              .filter(word -> !removed.contains(word))
              .toList();
      List<String> after =
          matching(sorted, span.right(), span.wholeRight())
              .filter(word -> !removed.contains(word))
              .toList();
      removed.addAll(before.size() <= after.size() ? before : after);
    }
    Set<String> independent = new LinkedHashSet<>(words);
    removed.forEach(independent::remove);
    return independent;
  }

  private static Stream<String> matching(String[] sorted, String start, boolean whole) {
    int from = place(sorted, start);
    int to = whole ? place(sorted, start + '\0') : place(sorted, start + Character.MAX_VALUE);
    return Arrays.stream(sorted, from, to);
  }

  /** Returns the number of texts before a text. */
  private static int place(String[] sorted, String text) {
    int found = Arrays.binarySearch(sorted, text);
    return found < 0 ? -found - 1 : found;
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
