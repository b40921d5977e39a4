package dev.gatlingllm.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a chunk that differs from an earlier one only in its text, as nearly all chunks of a
 * stream do, without parsing the JSON around the text again. Used by one thread.
 *
 * <p>It learns from a chunk that was parsed as JSON and held nothing but output in one string. The
 * same bytes before and after another string then mean the same. The position of that string is
 * certain if the chunk has no backslash, because every quote is then the border of a string, and if
 * the string occurs in it only once. Every chunk that is not certain is left to the parser.
 *
 * <p>It also learns the lines around the chunk, if they came with it, and then recognises the whole
 * event, without looking for the ends of its lines.
 */
final class RepeatedChunk {

  /** Stops learning after this many chunks in a row that no other chunk repeats. */
  private static final int MAX_FRUITLESS = 16;

  private static final int NOT_RECOGNISED = -1;

  /** Fields whose number is another one in each chunk, or each second, and means nothing here. */
  private static final byte[][] COUNTERS = {
    "\"sequence_number\":".getBytes(StandardCharsets.US_ASCII),
    "\"created\":".getBytes(StandardCharsets.US_ASCII)
  };

  /** Bytes that are the same in each chunk, but for one number. */
  private static final class Part {

    private final byte[] bytes;

    /** Where a number may stand, or the end of the bytes. */
    private final int gap;

    /**
     * @param from start of the bytes
     * @param json start of the JSON in them, where the number is looked for
     * @param to end of the bytes
     */
    Part(byte[] bytes, int from, int json, int to) {
      int number = counterIn(bytes, json, to);
      int rest = afterDigits(bytes, number, to);
      this.gap = number - from;
      this.bytes = new byte[to - from - (rest - number)];
      System.arraycopy(bytes, from, this.bytes, 0, gap);
      System.arraycopy(bytes, rest, this.bytes, gap, to - rest);
    }

    /** Returns the index of the number of a counter, or the end. */
    private static int counterIn(byte[] bytes, int from, int to) {
      for (byte[] counter : COUNTERS) {
        for (int i = from; i + counter.length < to; i++) {
          int value = i + counter.length;
          if (Arrays.equals(bytes, i, value, counter, 0, counter.length)) {
            int number = bytes[value] == ' ' ? value + 1 : value;
            int end = afterDigits(bytes, number, to);
            return end > number && end < to && isAfterNumber(bytes[end]) ? number : to;
          }
        }
      }
      return to;
    }

    private static boolean isAfterNumber(byte b) {
      return b == ',' || b == '}';
    }

    private static int afterDigits(byte[] bytes, int from, int to) {
      int i = from;
      while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
        i++;
      }
      return i;
    }

    /** Returns the index after these bytes, or {@link #NOT_RECOGNISED}. */
    int match(byte[] in, int from, int to) {
      int number = from + gap;
      if (number > to || !Arrays.equals(in, from, number, bytes, 0, gap)) {
        return NOT_RECOGNISED;
      }
      int after = bytes.length - gap;
      if (after == 0) {
        return number;
      }
      int rest = afterDigits(in, number, to);
      boolean isNumber = rest == number + 1 || (rest > number && in[number] != '0');
      return isNumber
              && rest + after <= to
              && Arrays.equals(in, rest, rest + after, bytes, gap, bytes.length)
          ? rest + after
          : NOT_RECOGNISED;
    }
  }

  /** The text of the last chunk, and where it lies. */
  private final StringBuilder text = new StringBuilder();

  private int textStart;
  private int textEnd;

  private Chunk.Kind kind = Chunk.Kind.CONTENT;
  private int fruitless;

  /** The chunk around its text; null before one is learnt. */
  private @Nullable Part before;

  private @Nullable Part after;

  /** The event around its text; null before one is learnt. */
  private @Nullable Part eventBefore;

  private @Nullable Part eventAfter;

  // where the chunk lies that was learnt or recognised last

  private byte @Nullable [] lastIn;
  private int lastFrom;
  private int lastText;
  private int lastRest;

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
    if (fruitless == MAX_FRUITLESS) {
      return;
    }
    byte[] string = said.toString().getBytes(StandardCharsets.UTF_8);
    int end = offset + length;
    int start = onlyIndexOf(string, bytes, offset, end);
    if (start >= 0) {
      fruitless++;
      kind = output;
      noteLast(bytes, offset, start, start + string.length);
      before = new Part(bytes, offset, offset, start);
      after = new Part(bytes, lastRest, lastRest, end);
      eventBefore = null;
      eventAfter = null;
    }
  }

  private void noteLast(byte[] bytes, int from, int string, int rest) {
    lastIn = bytes;
    lastFrom = from;
    lastText = string;
    lastRest = rest;
  }

  /** Forgets where the last chunk lies: its bytes are about to change. */
  void forgetBytes() {
    lastIn = null;
  }

  /** Learns the one event in these bytes, if its chunk is the one that was recognised last. */
  void learnEvent(byte[] bytes, int from, int to) {
    if (lastIn == bytes && eventBefore == null) {
      eventBefore = new Part(bytes, from, lastFrom, lastText);
      eventAfter = new Part(bytes, lastRest, lastRest, to);
    }
  }

  /** Returns whether this is the learnt chunk, with another text that is not empty. */
  boolean recognises(byte[] bytes, int offset, int length) {
    int to = offset + length;
    boolean recognised = after(before, after, bytes, offset, to) == to;
    if (recognised) {
      noteLast(bytes, offset, textStart, textEnd);
    }
    return recognised;
  }

  /**
   * Returns the index after the learnt event, with another text that is not empty, or −1 if
   * something else begins there.
   */
  int recognisesEvent(byte[] bytes, int from, int to) {
    return after(eventBefore, eventAfter, bytes, from, to);
  }

  private int after(@Nullable Part first, @Nullable Part last, byte[] bytes, int from, int to) {
    if (first == null || last == null) {
      return NOT_RECOGNISED;
    }
    textStart = first.match(bytes, from, to);
    textEnd = textStart < 0 ? NOT_RECOGNISED : readText(bytes, textStart, to);
    int next = textEnd <= textStart ? NOT_RECOGNISED : last.match(bytes, textEnd, to);
    if (next >= 0) {
      fruitless = 0;
    }
    return next;
  }

  /** Reads the inside of a JSON string, and returns the index of its end, or −1. */
  private int readText(byte[] bytes, int from, int to) {
    text.setLength(0);
    int i = from;
    while (i >= 0 && i < to && bytes[i] != '"') {
      byte b = bytes[i];
      if (b >= ' ' && b != '\\') {
        text.append((char) b);
        i++;
      } else if (b == '\\') {
        i = readEscape(bytes, i + 1, to);
      } else {
        i = b < 0 ? readCharacter(bytes, i, to) : NOT_RECOGNISED;
      }
    }
    return i < to ? i : NOT_RECOGNISED;
  }

  private int readEscape(byte[] bytes, int at, int to) {
    int escaped = at < to ? escaped(bytes[at]) : NOT_RECOGNISED;
    if (escaped >= 0) {
      text.append((char) escaped);
      return at + 1;
    }
    if (at + 4 >= to || bytes[at] != 'u') {
      return NOT_RECOGNISED;
    }
    int unit = 0;
    for (int i = at + 1; i <= at + 4; i++) {
      unit = (unit << 4) | Character.digit(bytes[i], 16);
    }
    text.append((char) unit);
    return unit < 0 ? NOT_RECOGNISED : at + 5;
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
      default -> NOT_RECOGNISED;
    };
  }

  /** Reads a character of two to four bytes (RFC 3629, section 4); returns the index after it. */
  private int readCharacter(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || at + length > to) {
      return NOT_RECOGNISED;
    }
    int character = first & (0x7F >> length);
    for (int i = at + 1; i < at + length; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return NOT_RECOGNISED;
      }
      character = (character << 6) | (bytes[i] & 0x3F);
    }
    boolean overlong = character < (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
    boolean surrogate =
        character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    if (overlong || surrogate || character > Character.MAX_CODE_POINT) {
      return NOT_RECOGNISED;
    }
    text.appendCodePoint(character);
    return at + length;
  }

  /** Returns the index of the string between quotes, if it occurs once; else −1. */
  private static int onlyIndexOf(byte[] string, byte[] bytes, int offset, int end) {
    int index = NOT_RECOGNISED;
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\\') {
        return NOT_RECOGNISED;
      }
      int rest = i + 1 + string.length;
      if (bytes[i] == '"'
          && rest < end
          && bytes[rest] == '"'
          && Arrays.equals(bytes, i + 1, rest, string, 0, string.length)) {
        if (index >= 0) {
          return NOT_RECOGNISED;
        }
        index = i + 1;
      }
    }
    return index;
  }
}
