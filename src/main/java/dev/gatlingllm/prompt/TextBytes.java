package dev.gatlingllm.prompt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text under construction, as UTF-8: words are copied as bytes, and the one string is made at the
 * end, which costs less than growing a string does. Not thread-safe.
 */
final class TextBytes {

  private byte[] bytes;
  private int length;

  /**
   * @param capacity about how many bytes there will be
   */
  TextBytes(int capacity) {
    bytes = new byte[capacity];
  }

  /**
   * Adds a word.
   *
   * @param spaced the word's bytes with a space before them
   */
  void add(byte[] spaced) {
    if (length + spaced.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (length + spaced.length));
    }
    System.arraycopy(spaced, 0, bytes, length, spaced.length);
    length += spaced.length;
  }

  static byte[] spaced(String word) {
    return (" " + word).getBytes(StandardCharsets.UTF_8);
  }

  /** The text, without the first word's space. */
  String text() {
    return length == 0 ? "" : new String(bytes, 1, length - 1, StandardCharsets.UTF_8);
  }
}
