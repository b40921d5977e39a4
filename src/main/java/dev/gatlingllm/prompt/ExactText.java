package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes text of an exact number of tokens. Texts joined with a space keep their lengths. Writing
 * does not tokenize: it costs no more than copying the text, so event loops may call. Immutable;
 * any thread may call.
 *
 * <p>There are two kinds: {@linkplain #of random words} of one token each, and {@linkplain
 * #fromCorpus consecutive words of a file}.
 */
public abstract sealed class ExactText permits OneTokenText, CorpusText {

  ExactText() {}

  /**
   * Returns text of random words for a tokenizer. The first call for each tokenizer reads its
   * vocabulary, which takes up to two seconds.
   *
   * @throws IllegalArgumentException if the tokenizer has too few words of one token
   */
  public static ExactText of(Tokenizer tokenizer) {
    return new OneTokenText(WordList.of(tokenizer));
  }

  /**
   * Returns text made of runs of consecutive words of a file, from random places; where whole words
   * do not reach the exact length, words of one token fill the rest. White space of any kind and
   * length becomes one space. The file is read and tokenized here, once: a megabyte takes about a
   * second.
   *
   * @param file plain text in UTF-8, of at least some hundred words
   * @throws IllegalArgumentException if the file is missing, empty, too small or not in UTF-8, or
   *     if the tokenizer has too few words of one token
   */
  public static ExactText fromCorpus(Path file, Tokenizer tokenizer) {
    return CorpusText.of(file, tokenizer);
  }

  /**
   * Returns the words that a text may begin with, so that it differs from others from its first
   * token on. Each is one token, at the start of a text and after a space.
   */
  public abstract List<String> words();

  /**
   * Writes a text.
   *
   * @param tokens its length, from 0
   * @param random chooses the words
   */
  public abstract Passage write(int tokens, SeededRandom random);

  /**
   * Writes a text that begins with a given word, so that texts with different first words share no
   * prefix.
   *
   * @param tokens its length, from 1
   * @param firstWord index of the first word, from 0 to {@code words().size() - 1}
   * @param random chooses the other words
   */
  public abstract Passage write(int tokens, int firstWord, SeededRandom random);
}
