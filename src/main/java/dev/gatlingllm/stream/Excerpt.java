package dev.gatlingllm.stream;

import dev.gatlingllm.text.Redactor;
import java.nio.charset.StandardCharsets;

/** The beginning of an unreadable text, on one line of at most 200 characters, without secrets. */
final class Excerpt {

  private static final int LONGEST = 200;

  /** More bytes than {@link #LONGEST} characters need, with room for indentation. */
  static final int BYTES = 1_024;

  private Excerpt() {}

  static String of(byte[] bytes, int offset, int length) {
    return of(new String(bytes, offset, Math.min(length, BYTES), StandardCharsets.UTF_8));
  }

  static String of(String text) {
    return Redactor.ofProcess().line(text, LONGEST);
  }
}
