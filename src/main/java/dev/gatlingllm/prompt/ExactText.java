package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes text of an exact number of tokens. Texts joined with a space keep their lengths. Writing
 * does not tokenize: it costs no more than copying the text, so event loops may call. Immutable;
 * any thread may call.
 *
 * <p>There are two kinds: {@linkplain #of random words} of one token each, and {@linkplain
 * #fromCorpus consecutive words of a file}.
 */
public sealed class ExactText permits CorpusText {

  private final List<String> words;
  private final byte[][] spaced;
  private final Function<String, int[]> ids;

  /**
   * @param words words of one token each
   * @param ids the ids of every word that texts consist of, after a space
   */
  ExactText(List<String> words, Map<String, int[]> ids) {
    this.words = words;
    this.spaced = words.stream().map(ExactText::spaced).toArray(byte[][]::new);
    Map<String, int[]> known = Map.copyOf(ids);
    this.ids = text -> lookUp(known, text);
  }

  /**
   * Returns text of random words for a tokenizer. The first call for each tokenizer but the usual
   * built-in ones reads its vocabulary, which takes up to two seconds.
   *
   * @throws IllegalArgumentException if the tokenizer has too few words of one token
   */
  public static ExactText of(Tokenizer tokenizer) {
    WordList list = WordList.of(tokenizer);
    return new ExactText(list.texts(), list.ids());
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
  public final List<String> words() {
    return words;
  }

  /**
   * Writes a text.
   *
   * @param tokens its length, from 0
   * @param random chooses the words
   */
  public Passage write(int tokens, SeededRandom random) {
    return tokens == 0 ? Passage.EMPTY : write(tokens, random.nextInt(words.size()), random);
  }

  /**
   * Writes a text that begins with a given word, so that texts with different first words share no
   * prefix.
   *
   * @param tokens its length, from 1
   * @param firstWord index of the first word, from 0 to {@code words().size() - 1}
   * @param random chooses the other words
   */
  public Passage write(int tokens, int firstWord, SeededRandom random) {
    return new Text(tokens).add(spaced[firstWord]).fill(tokens - 1, random);
  }

  /** Returns a word as {@link Text#add} takes it. */
  static byte[] spaced(String word) {
    return (" " + word).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Looks up the ids of a text, so that it needs no memory for them. All ids, including the first
   * word's, are those after a space: prompts of ids are concatenated, and each text but the first
   * follows another.
   */
  private static int[] lookUp(Map<String, int[]> known, String text) {
    return Arrays.stream(text.split(" ")).map(known::get).flatMapToInt(Arrays::stream).toArray();
  }

  /** A text that grows by words; bytes are copied faster than chars. Not thread-safe. */
  final class Text {

    private final int tokens;
    private byte[] bytes;
    private int length;

    /**
     * @param tokens the length that the text will have
     */
    Text(int tokens) {
      this.tokens = tokens;
      this.bytes = new byte[tokens * 8];
    }

    /** Appends a word, given by its bytes after a space. */
    Text add(byte[] word) {
      if (length + word.length > bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * (length + word.length));
      }
      System.arraycopy(word, 0, bytes, length, word.length);
      length += word.length;
      return this;
    }

    /** Appends random words of one token and returns the text, without its first space. */
    Passage fill(int missing, SeededRandom random) {
      for (int left = missing; left > 0; left--) {
        add(spaced[random.nextInt(spaced.length)]);
      }
      return Passage.of(new String(bytes, 1, length - 1, StandardCharsets.UTF_8), tokens, ids);
    }
  }
}
