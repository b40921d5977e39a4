package dev.gatlingllm.stream;

import java.nio.charset.StandardCharsets;

/** The beginning of an unreadable text, on one line of at most 200 characters. */
final class Excerpt {

  private static final int LONGEST = 200;

  /** More bytes than {@link #LONGEST} characters need, with room for indentation. */
  static final int BYTES = 1_024;

  private Excerpt() {}

  static String of(byte[] bytes, int offset, int length) {
    return of(new String(bytes, offset, Math.min(length, BYTES), StandardCharsets.UTF_8));
  }

  static String of(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.length() <= LONGEST) {
      return line;
    }
    int cut = Character.isHighSurrogate(line.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
    return line.substring(0, cut) + '…';
  }
}
