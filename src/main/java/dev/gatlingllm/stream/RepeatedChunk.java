package dev.gatlingllm.stream;

import java.util.Arrays;

/**
 * Recognises a chunk that differs from an earlier one only in its text, as nearly all chunks of a
 * stream do, without parsing the JSON around the text again. Used by one thread.
 *
 * <p>It learns from a chunk that was parsed as JSON and held nothing but output in one string. The
 * same bytes before and after another string then mean the same. The position of that string is
 * certain if the chunk has no backslash, because every quote is then the border of a string, and if
 * the string occurs in it only once. Every chunk that is not certain is left to the parser.
 */
final class RepeatedChunk {

  /** Stops learning after this many chunks in a row that no other chunk repeats. */
  private static final int MAX_FRUITLESS = 16;

  private final ByteStore before = new ByteStore();
  private final ByteStore after = new ByteStore();
  private final StringBuilder text = new StringBuilder();
  private Chunk.Kind kind = Chunk.Kind.CONTENT;
  private boolean learnt;
  private int fruitless;

  /** Returns the kind of output in the string. */
  Chunk.Kind kind() {
    return kind;
  }

  /** Returns the text of the last recognised chunk. */
  CharSequence text() {
    return text;
  }

  /** Learns from a chunk that held only output of this kind in a string, if it is certain. */
  void learn(byte[] bytes, int offset, int length, Chunk.Kind output, CharSequence said) {
    if (fruitless++ == MAX_FRUITLESS) {
      fruitless--;
      return;
    }
    int end = offset + length;
    int string = onlyIndexOf(said, bytes, offset, end);
    if (string >= 0) {
      kind = output;
      learnt = true;
      before.clear();
      before.add(bytes, offset, string - offset);
      after.clear();
      int rest = string + said.length();
      after.add(bytes, rest, end - rest);
    }
  }

  /** Returns whether this is the learnt chunk, with another text that is not empty. */
  boolean recognises(byte[] bytes, int offset, int length) {
    int from = offset + before.length();
    int to = offset + length - after.length();
    boolean recognised =
        learnt
            && from < to
            && same(bytes, offset, before)
            && same(bytes, to, after)
            && readText(bytes, from, to);
    if (recognised) {
      fruitless = 0;
    }
    return recognised;
  }

  private static boolean same(byte[] bytes, int offset, ByteStore part) {
    return Arrays.equals(bytes, offset, offset + part.length(), part.bytes(), 0, part.length());
  }

  /** Reads the inside of a JSON string, if it is all ASCII and short escapes. */
  private boolean readText(byte[] bytes, int from, int to) {
    text.setLength(0);
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '\\') {
        int escaped = ++i < to ? escaped(bytes[i]) : -1;
        if (escaped < 0) {
          return false;
        }
        text.append((char) escaped);
      } else if (b < ' ' || b == '"') {
        return false;
      } else {
        text.append((char) b);
      }
    }
    return true;
  }

  /** Returns the character of a short escape, or −1. */
  private static int escaped(byte b) {
    return switch (b) {
      case '"', '\\', '/' -> b;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> -1;
    };
  }

  /** Returns the index of the string between quotes, if it is ASCII and occurs once; else −1. */
  private static int onlyIndexOf(CharSequence string, byte[] bytes, int offset, int end) {
    int index = -1;
    int length = string.length();
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\\') {
        return -1;
      }
      if (bytes[i] == '"' && closes(bytes, i + 1 + length, end) && stands(string, bytes, i + 1)) {
        if (index >= 0) {
          return -1;
        }
        index = i + 1;
      }
    }
    return index;
  }

  private static boolean closes(byte[] bytes, int at, int end) {
    return at < end && bytes[at] == '"';
  }

  private static boolean stands(CharSequence string, byte[] bytes, int at) {
    for (int i = 0; i < string.length(); i++) {
      if (bytes[at + i] != string.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
