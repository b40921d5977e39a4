package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Words that are one token each, at the start of a text and after a space, and stay so next to each
 * other: a text of n of them is n tokens. No two words are the same token.
 *
 * <p>The words are verified: they are encoded in several orders when the list is made, and those
 * that change next to another one are removed. The lists of the encodings that most runs use are
 * part of the jar, made in this way before.
 *
 * @param words the words, at least {@link #MINIMUM}
 */
public record WordList(List<Word> words) {

  /** With fewer words, texts would begin to repeat each other. */
  static final int MINIMUM = 64;

  /** Enough for texts to have nothing in common; more would only take longer to verify. */
  private static final int MAXIMUM = 4096;

  /** Words in one text while verifying. */
  static final int RUN = 64;

  private static final int ORDERS = 4;
  private static final Map<Tokenizer, WordList> VERIFIED = new HashMap<>();

  /**
   * A word of one token.
   *
   * @param openingId the token at the start of a text
   * @param followingId the token after a space
   */
  public record Word(String text, int openingId, int followingId) {}

  /**
   * Returns the words of a tokenizer: lower-case ASCII words, or words of any letters where there
   * are too few of those. The first call for a tokenizer takes up to two seconds, unless its words
   * are {@linkplain #stored stored}.
   *
   * @throws IllegalArgumentException if there are too few
   */
  public static synchronized WordList of(Tokenizer tokenizer) {
    // not computeIfAbsent, which must be short
    WordList known = VERIFIED.get(tokenizer);
    if (known == null) {
      known = stored(tokenizer).orElseGet(() -> verify(tokenizer));
      VERIFIED.put(tokenizer, known);
    }
    return known;
  }

  List<String> texts() {
    return words.stream().map(Word::text).toList();
  }

  /** Returns the ids of each word after a space. */
  Map<String, int[]> ids() {
    Map<String, int[]> ids = new HashMap<>();
    words.forEach(word -> ids.put(word.text(), new int[] {word.followingId()}));
    return ids;
  }

  /** Returns the words of a tokenizer that are part of the jar. */
  static Optional<WordList> stored(Tokenizer tokenizer) {
    if (!(tokenizer instanceof BuiltInTokenizer)) {
      return Optional.empty();
    }
    try (InputStream file = WordList.class.getResourceAsStream(tokenizer.name() + ".words")) {
      return Optional.ofNullable(file == null ? null : read(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the words of " + tokenizer.name() + " cannot be read", e);
    }
  }

  /** Reads lines of a word, its id at the start of a text, and its id after a space. */
  private static WordList read(InputStream file) throws IOException {
    return new WordList(
        new String(file.readAllBytes(), StandardCharsets.US_ASCII)
            .lines()
            .map(line -> line.split(" "))
            .map(line -> new Word(line[0], Integer.parseInt(line[1]), Integer.parseInt(line[2])))
            .toList());
  }

  static WordList verify(Tokenizer tokenizer) {
    Vocabulary vocabulary = Vocabulary.of(tokenizer);
    List<Word> words = verify(tokenizer, vocabulary.independent(vocabulary.plainWords()));
    if (words.size() < MINIMUM) {
      words = verify(tokenizer, vocabulary.independent(vocabulary.anyWords()));
    }
    requireEnough(words.size(), tokenizer);
    return new WordList(words);
  }

  static void requireEnough(int words, Tokenizer tokenizer) {
    if (words < MINIMUM) {
      throw new IllegalArgumentException(
          "the tokenizer "
              + tokenizer.name()
              + " has "
              + words
              + " usable words of one token; at least "
              + MINIMUM
              + " are needed to write text of an exact length: use a tokenizer with a larger"
              + " vocabulary");
    }
  }

  private static List<Word> verify(Tokenizer tokenizer, Collection<String> candidates) {
    Set<Word> words = new LinkedHashSet<>();
    Set<Integer> taken = new HashSet<>();
    for (String candidate : candidates) {
      int[] ids = tokenizer.encode(candidate + " " + candidate);
      if (ids.length == 2
          && tokenizer.count(candidate) == 1
          && Vocabulary.spaced(tokenizer.decode(ids[1])).strip().equals(candidate)
          && taken.add(ids[1])) {
        words.add(new Word(candidate, ids[0], ids[1]));
        if (words.size() == MAXIMUM) {
          break;
        }
      }
    }
    for (int i = 0; i < ORDERS; i++) {
      List<Word> order = new ArrayList<>(words);
      if (i > 0) {
        Collections.shuffle(order, new Random(i - 1));
      }
      for (int start = 0; start < order.size(); start += RUN) {
        List<Word> run = order.subList(start, Math.min(start + RUN, order.size()));
        words.removeAll(unstable(run, some -> isStable(tokenizer, some)));
      }
    }
    return List.copyOf(words);
  }

  private static boolean isStable(Tokenizer tokenizer, List<Word> run) {
    int[] expected = run.stream().mapToInt(Word::followingId).toArray();
    expected[0] = run.get(0).openingId();
    String text = String.join(" ", run.stream().map(Word::text).toList());
    return Arrays.equals(tokenizer.encode(text), expected);
  }

  /**
   * Returns the words that change their tokens in a run of words: both words of each unstable pair,
   * or all words where every pair is stable but the run is not.
   *
   * @param isStable whether words, put side by side, keep their tokens
   */
  static <W> Set<W> unstable(List<W> run, Predicate<List<W>> isStable) {
    if (isStable.test(run)) {
      return Set.of();
    }
    Set<W> unstable = new LinkedHashSet<>();
    for (int i = 1; i < run.size(); i++) {
      List<W> pair = run.subList(i - 1, i + 1);
      if (!isStable.test(pair)) {
        unstable.addAll(pair);
      }
    }
    return unstable.isEmpty() ? Set.copyOf(run) : unstable;
  }
}
