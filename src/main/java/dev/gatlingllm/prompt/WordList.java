package dev.gatlingllm.prompt;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Words that are one token each, alone and after a space, and stay so when they are put side by
 * side: text made of n of them is n tokens without being encoded.
 *
 * <p>Pre-tokenizers part words at spaces before any merge is tried, so that words do not depend on
 * their neighbours. That is not taken on trust: the list is encoded whole when it is made, and what
 * does not hold is thrown out.
 */
final class WordList {

  /** As many words as give two texts nothing in common; more would only cost time to verify. */
  private static final int ENOUGH = 4096;

  /** With fewer, texts would begin to repeat each other. */
  private static final int TOO_FEW = 64;

  private static final int BATCH = 64;
  private static final Pattern WORD = Pattern.compile("[a-z]{3,10}");
  private static final Map<Tokenizer, List<String>> VERIFIED = new ConcurrentHashMap<>();

  private WordList() {}

  /**
   * The words of a tokenizer, the vocabulary's first ones first: for byte-pair encodings these are
   * the commonest.
   *
   * @throws IllegalArgumentException if the vocabulary has too few
   */
  static List<String> of(Tokenizer tokenizer) {
    return VERIFIED.computeIfAbsent(tokenizer, WordList::verify);
  }

  private static List<String> verify(Tokenizer tokenizer) {
    List<String> words = new ArrayList<>();
    List<String> batch = new ArrayList<>();
    for (String candidate : candidates(tokenizer)) {
      batch.add(candidate);
      if (batch.size() == BATCH) {
        words.addAll(holding(tokenizer, batch));
        batch.clear();
        if (words.size() >= ENOUGH) {
          break;
        }
      }
    }
    words.addAll(holding(tokenizer, batch));
    if (words.size() < TOO_FEW) {
      throw new IllegalArgumentException(
          "the tokenizer "
              + tokenizer.name()
              + " has "
              + words.size()
              + " words of one token, and "
              + TOO_FEW
              + " are needed to write prompts of an exact length; give a tokenizer with a larger"
              + " vocabulary");
    }
    return List.copyOf(words);
  }

  private static Set<String> candidates(Tokenizer tokenizer) {
    Set<String> candidates = new LinkedHashSet<>();
    for (int token = 0; token < tokenizer.vocabularySize(); token++) {
      String text = tokenizer.decode(token).strip();
      if (WORD.matcher(text).matches()) {
        candidates.add(text);
      }
    }
    return candidates;
  }

  private static List<String> holding(Tokenizer tokenizer, List<String> batch) {
    List<String> alone = batch.stream().filter(word -> tokenizer.count(word) == 1).toList();
    if (tokenizer.count(String.join(" ", alone)) == alone.size()) {
      return alone;
    }
    return alone.stream().filter(word -> tokenizer.count(word + " " + word) == 2).toList();
  }
}
