package dev.gatlingllm.prompt;

import java.util.List;

/**
 * Writes text of exactly as many tokens as asked for, at the cost of copying it: words of one token
 * each, parted by single spaces. Put together with a space between them, such texts keep their
 * lengths. Immutable; any thread may call.
 */
public final class ExactText {

  private final List<String> words;

  private ExactText(List<String> words) {
    this.words = words;
  }

  /**
   * Text for a tokenizer. The first call for each tokenizer reads its vocabulary, which takes up to
   * a second.
   *
   * @throws IllegalArgumentException if the vocabulary has too few words of one token
   */
  public static ExactText of(Tokenizer tokenizer) {
    return new ExactText(WordList.of(tokenizer));
  }

  /** The words that texts are made of, each one token alone and after a space. */
  public List<String> words() {
    return words;
  }

  /**
   * A text.
   *
   * @param tokens its length, from 0
   * @param random chooses the words
   */
  public Passage write(int tokens, SeededRandom random) {
    return tokens == 0 ? Passage.EMPTY : write(tokens, random.nextInt(words.size()), random);
  }

  /**
   * A text that begins with a given word, so that texts with different first words share no prefix.
   *
   * @param tokens its length, from 1
   * @param firstWord index of the first word, from 0 to {@code words().size() - 1}
   * @param random chooses the other words
   */
  Passage write(int tokens, int firstWord, SeededRandom random) {
    StringBuilder text = new StringBuilder(tokens * 7).append(words.get(firstWord));
    for (int i = 1; i < tokens; i++) {
      text.append(' ').append(words.get(random.nextInt(words.size())));
    }
    return Passage.of(text.toString(), tokens);
  }
}
