package dev.gatlingllm.stream;

import java.util.Arrays;

/**
 * A chunk that differs from an earlier one in its text alone, as nearly all chunks of a stream do:
 * told from the bytes, without reading the JSON around the text again. Used by one thread.
 *
 * <p>It is learnt from a chunk that was read as JSON and did nothing but bear output in one string.
 * The same bytes before and after another string then mean the same: the place of that string is
 * certain where no backslash is in the chunk, for every quote is then the border of a string, and
 * where the string stands in it once. Whatever is not sure to be such a chunk is left to the
 * parser.
 */
final class RepeatedChunk {

  /**
   * So often is something learnt in a row that no chunk then repeats, before that is left alone.
   */
  private static final int MOST_FRUITLESS = 16;

  private final ByteStore before = new ByteStore();
  private final ByteStore after = new ByteStore();
  private final StringBuilder text = new StringBuilder();
  private OutputKind kind;
  private int fruitless;

  /** What the string is output of. */
  OutputKind kind() {
    return kind;
  }

  /** The text of the chunk that was recognised last. */
  CharSequence text() {
    return text;
  }

  /**
   * Learns from a chunk whose one effect was output of this kind, in a string that said this; or
   * learns nothing and knows what it knew.
   */
  void learn(byte[] bytes, int offset, int length, OutputKind output, CharSequence said) {
    if (fruitless++ == MOST_FRUITLESS) {
      fruitless--;
      return;
    }
    int end = offset + length;
    int string = onlyPlaceOf(said, bytes, offset, end);
    if (string >= 0) {
      kind = output;
      before.clear();
      before.add(bytes, offset, string - offset);
      after.clear();
      int rest = string + said.length();
      after.add(bytes, rest, end - rest);
    }
  }

  /** Whether this is the chunk that was learnt, with a text of its own, which is not empty. */
  boolean recognises(byte[] bytes, int offset, int length) {
    int from = offset + before.length();
    int to = offset + length - after.length();
    boolean recognised =
        kind != null
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

  /** Reads what stands inside of a JSON string, where that is ASCII and short escapes. */
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

  /** The character of a short escape, or −1. */
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

  /** Where the string between quotes stands, if it is plain ASCII and stands there once; or −1. */
  private static int onlyPlaceOf(CharSequence string, byte[] bytes, int offset, int end) {
    int place = -1;
    int length = string.length();
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\\') {
        return -1;
      }
      if (bytes[i] == '"' && closes(bytes, i + 1 + length, end) && stands(string, bytes, i + 1)) {
        if (place >= 0) {
          return -1;
        }
        place = i + 1;
      }
    }
    return place;
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
