package dev.gatlingllm.prompt;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text as a sequence of words. A word is everything between two white spaces, including
 * punctuation.
 *
 * @param words each distinct word once
 * @param order the text, as indices into {@code words}
 */
record Corpus(List<String> words, int[] order) {

  /** With fewer words, texts would repeat each other. */
  static final int MIN_WORDS = 100;

  /** About six megabytes of English. */
  private static final int MAX_WORDS = 1 << 20;

  private static final Logger LOGGER = LoggerFactory.getLogger(Corpus.class);
  private static final String SPACES = " \t\n\r\f\u000b\u00a0\u2028\u2029\u3000\ufeff";

  /**
   * Reads a corpus from a file.
   *
   * @throws IllegalArgumentException if it is missing, too small or not text in UTF-8
   */
  static Corpus read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "corpus not found: " + file + "; give the path of a plain text file in UTF-8");
    }
    Map<String, Integer> indices = new HashMap<>();
    int[] order = new int[1024];
    int length = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        StringTokenizer words = new StringTokenizer(line, SPACES);
        while (words.hasMoreTokens() && length < MAX_WORDS) {
          if (length == order.length) {
            order = Arrays.copyOf(order, 2 * length);
          }
          order[length++] = indices.computeIfAbsent(words.nextToken(), word -> indices.size());
        }
        if (length == MAX_WORDS) {
          LOGGER.info("Using the first {} words of the corpus {}.", MAX_WORDS, file);
          break;
        }
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the corpus " + file + " is not valid UTF-8: convert it, for example with iconv", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the corpus " + file + " cannot be read: " + e, e);
    }
    if (length < MIN_WORDS) {
      throw new IllegalArgumentException(
          "the corpus " + file + " must have at least " + MIN_WORDS + " words, got " + length);
    }
    String[] words = new String[indices.size()];
    indices.forEach((word, index) -> words[index] = word);
    return new Corpus(List.of(words), Arrays.copyOf(order, length));
  }

  /** Returns the text without some of its words. */
  Corpus without(BitSet dropped) {
    return new Corpus(words, Arrays.stream(order).filter(word -> !dropped.get(word)).toArray());
  }
}
