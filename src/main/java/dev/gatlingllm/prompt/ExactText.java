package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes text of exactly as many tokens as asked for. Put together with a space between them, such
 * texts keep their lengths. Immutable; any thread may call.
 *
 * <p>Two kinds cost no more than copying the text: {@linkplain #of random words} of one token each
 * and {@linkplain #fromCorpus runs of words of a text of the user's own}. Where a tokenizer has too
 * few words of one token, text is made by encoding it again and again until the length is right; a
 * warning says so.
 */
public abstract sealed class ExactText permits OneTokenText, CorpusText, EncodedText {

  ExactText() {}

  /**
   * Text of random words for a tokenizer. The first call for each tokenizer reads its vocabulary,
   * which takes up to a second or two.
   *
   * @throws IllegalArgumentException if text of an exact length cannot be made for this tokenizer
   *     even by encoding it
   */
  public static ExactText of(Tokenizer tokenizer) {
    WordList words = WordList.of(tokenizer);
    return words.areTooFew() ? EncodedText.of(tokenizer, words) : new OneTokenText(words);
  }

  /**
   * Text made of runs of consecutive words of a file, from random places; where whole words do not
   * come out at the length, words of one token fill the rest. White space of any kind and length is
   * one space. The file is read and counted here, once: a megabyte takes about a second.
   *
   * @param file plain text in UTF-8, of at least some hundred words
   * @throws IllegalArgumentException if the file is missing, empty, too small or not in UTF-8, or
   *     if the tokenizer has too few words of one token
   */
  public static ExactText fromCorpus(Path file, Tokenizer tokenizer) {
    return CorpusText.of(file, tokenizer);
  }

  /**
   * The words that may begin a text so that it differs from others from its first token on. Each is
   * one token alone and after a space, unless {@linkplain #encodes() text is made by encoding}.
   */
  public abstract List<String> words();

  /** Whether each text is encoded as it is made, which takes milliseconds and no event loop. */
  public boolean encodes() {
    return false;
  }

  /**
   * A text.
   *
   * @param tokens its length, from 0
   * @param random chooses the words
   */
  public abstract Passage write(int tokens, SeededRandom random);

  /**
   * A text that begins with a given word, so that texts with different first words share no prefix.
   *
   * @param tokens its length, from 1
   * @param firstWord index of the first word, from 0 to {@code words().size() - 1}
   * @param random chooses the other words
   */
  public abstract Passage write(int tokens, int firstWord, SeededRandom random);
}
