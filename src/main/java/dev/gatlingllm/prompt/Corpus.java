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
 * A text as a sequence of words: whatever stands between white space, punctuation included.
 *
 * @param words each word once
 * @param order the text, as indices of words; four bytes a word
 */
record Corpus(List<String> words, int[] order) {

  /** With fewer words, texts would be the same ones over and over. */
  static final int FEWEST = 100;

  /** About six megabytes of English, more than a run says. */
  private static final int MOST = 1 << 20;

  private static final Logger LOGGER = LoggerFactory.getLogger(Corpus.class);
  private static final String SPACES = " \t\n\r\f\u000b\u00a0\u2028\u2029\u3000\ufeff";

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is missing, too small or not text in UTF-8
   */
  static Corpus read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no corpus " + file + ": give the path of a plain text file in UTF-8");
    }
    Map<String, Integer> indices = new HashMap<>();
    int[] order = new int[1024];
    int length = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        StringTokenizer words = new StringTokenizer(line, SPACES);
        while (words.hasMoreTokens() && length < MOST) {
          if (length == order.length) {
            order = Arrays.copyOf(order, 2 * length);
          }
          order[length++] = indices.computeIfAbsent(words.nextToken(), word -> indices.size());
        }
        if (length == MOST) {
          LOGGER.info("The first {} words of the corpus {} are used.", MOST, file);
          break;
        }
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the corpus " + file + " is not text in UTF-8: convert it, for instance with iconv", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the corpus " + file + " cannot be read: " + e, e);
    }
    if (length < FEWEST) {
      throw new IllegalArgumentException(
          "the corpus "
              + file
              + " has "
              + length
              + " words, and at least "
              + FEWEST
              + " are needed: give a longer text");
    }
    String[] words = new String[indices.size()];
    indices.forEach((word, index) -> words[index] = word);
    return new Corpus(List.of(words), Arrays.copyOf(order, length));
  }

  /** The text with some words left out. */
  Corpus without(BitSet dropped) {
    return new Corpus(words, Arrays.stream(order).filter(word -> !dropped.get(word)).toArray());
  }
}
