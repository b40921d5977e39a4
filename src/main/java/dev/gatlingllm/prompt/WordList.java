package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Words that are one token each, alone and after a space, and stay so when they are put side by
 * side: text made of n of them is n tokens without being encoded. No two words are the same token.
 *
 * <p>Most pre-tokenizers part words at spaces before any merge is tried, so that words do not
 * depend on their neighbours; where there is none, {@linkplain Unjoined no piece of the vocabulary
 * may go over the space}. Neither is taken on trust: the words are encoded in several orders when
 * the list is made, and what does not hold is thrown out.
 *
 * @param words the words; with fewer than {@link #TOO_FEW}, texts would repeat each other
 * @param openingIds the words' tokens at the start of a text
 * @param followingIds the words' tokens after a space
 */
record WordList(List<String> words, List<Integer> openingIds, List<Integer> followingIds) {

  /** With fewer, texts would begin to repeat each other. */
  static final int TOO_FEW = 64;

  /** As many words as give two texts nothing in common; more would only cost time to verify. */
  private static final int ENOUGH = 4096;

  private static final int RUN = 64;
  private static final int ORDERS = 4;
  private static final Map<Tokenizer, WordList> VERIFIED = new ConcurrentHashMap<>();

  private record Word(String text, int openingId, int followingId) {}

  /**
   * The words of a tokenizer: lower-case ASCII ones, or words of any letters where those are too
   * few, or what there is, where those are too few as well.
   */
  static WordList of(Tokenizer tokenizer) {
    return VERIFIED.computeIfAbsent(tokenizer, WordList::verify);
  }

  boolean areTooFew() {
    return words.size() < TOO_FEW;
  }

  private static WordList verify(Tokenizer tokenizer) {
    Vocabulary vocabulary = Vocabulary.of(tokenizer);
    WordList plain = verify(tokenizer, vocabulary.plainWords(), vocabulary.joints());
    return plain.areTooFew()
        ? verify(tokenizer, vocabulary.anyWords(), vocabulary.joints())
        : plain;
  }

  private static WordList verify(
      Tokenizer tokenizer, Collection<String> candidates, Collection<Joint> joints) {
    List<Word> words = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    for (String candidate : Unjoined.of(candidates, joints)) {
      int[] ids = tokenizer.encode(candidate + " " + candidate);
      if (ids.length == 2
          && tokenizer.count(candidate) == 1
          && spells(tokenizer, ids[1], candidate)
          && taken.add(ids[1])) {
        words.add(new Word(candidate, ids[0], ids[1]));
        if (words.size() == ENOUGH) {
          break;
        }
      }
    }
    List<Word> holding = holding(tokenizer, words);
    return new WordList(
        holding.stream().map(Word::text).toList(),
        holding.stream().map(Word::openingId).toList(),
        holding.stream().map(Word::followingId).toList());
  }

  /** Not so for the token that stands for all that is unknown, or for the word without accents. */
  private static boolean spells(Tokenizer tokenizer, int id, String word) {
    return tokenizer.decode(id).replace('\u2581', ' ').replace('\u0120', ' ').strip().equals(word);
  }

  private static List<Word> holding(Tokenizer tokenizer, List<Word> words) {
    Set<Word> holding = new LinkedHashSet<>(words);
    List<Word> order = new ArrayList<>(words);
    for (int i = 0; i < ORDERS; i++) {
      for (int start = 0; start < order.size(); start += RUN) {
        List<Word> run = order.subList(start, Math.min(start + RUN, order.size()));
        if (!holds(tokenizer, run)) {
          holding.removeAll(culprits(tokenizer, run));
        }
      }
      order = new ArrayList<>(holding);
      Collections.shuffle(order, new Random(i));
    }
    return List.copyOf(holding);
  }

  /** Both words of each pair that does not hold, or all words where every pair does. */
  private static Collection<Word> culprits(Tokenizer tokenizer, List<Word> run) {
    Set<Word> culprits = new HashSet<>();
    for (int i = 1; i < run.size(); i++) {
      if (!holds(tokenizer, run.subList(i - 1, i + 1))) {
        culprits.addAll(run.subList(i - 1, i + 1));
      }
    }
    return culprits.isEmpty() ? Set.copyOf(run) : culprits;
  }

  private static boolean holds(Tokenizer tokenizer, List<Word> run) {
    int[] expected = run.stream().mapToInt(Word::followingId).toArray();
    expected[0] = run.get(0).openingId();
    String text = String.join(" ", run.stream().map(Word::text).toList());
    return Arrays.equals(tokenizer.encode(text), expected);
  }
}
