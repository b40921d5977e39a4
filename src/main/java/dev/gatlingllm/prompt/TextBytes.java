package dev.gatlingllm.prompt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A string builder that copies words as UTF-8 bytes, which is faster than {@link StringBuilder}.
 * Not thread-safe.
 */
final class TextBytes {

  private byte[] bytes;
  private int length;

  /**
   * @param capacity expected length in bytes
   */
  TextBytes(int capacity) {
    bytes = new byte[capacity];
  }

  /**
   * Appends a word.
   *
   * @param spaced the word's bytes after a space
   */
  void add(byte[] spaced) {
    if (length + spaced.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (length + spaced.length));
    }
    System.arraycopy(spaced, 0, bytes, length, spaced.length);
    length += spaced.length;
  }

  /** Returns a word for {@link #add}. */
  static byte[] spaced(String word) {
    return (" " + word).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the text, without the space before its first word. */
  String text() {
    return length == 0 ? "" : new String(bytes, 1, length - 1, StandardCharsets.UTF_8);
  }
}
