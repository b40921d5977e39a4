package dev.gatlingllm.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits bytes into server-sent events, however the network cut them. Used by one thread.
 *
 * <p>Follows the <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">
 * WHATWG's rules</a>: lines end with LF, CRLF or CR, one space after the colon is not data, several
 * {@code data} lines are joined by LF, comments and a byte order mark at the start are skipped. It
 * is more lenient, because servers need it: {@link #end()} passes on an event that the end of the
 * stream cut off; a bare line of JSON, blanks before it or not, counts as data; data that is a
 * whole JSON object is passed on without the blank line, when another line or nothing follows; a
 * field {@code error} is an event of this name; the comment of an event {@code error} without data
 * is its data.
 *
 * <p>Data that arrives in one piece is passed on without a copy. Only an incomplete line or event
 * at the end of a piece is kept.
 */
final class SseDecoder {

  /** Receives the events. */
  interface Handler {
    /**
     * Handles one event. The bytes are valid only during the call.
     *
     * @param name value of the event's {@code event} field, or null
     * @param bytes holds the event's data in UTF-8
     * @param offset start of the data
     * @param length of the data, in bytes
     */
    void onEvent(@Nullable String name, byte[] bytes, int offset, int length);
  }

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
  private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r'};

  private final Handler handler;

  private final ByteStore unfinishedLine = new ByteStore();
  private final ByteStore data = new ByteStore();

  /** The incoming bytes, as long as the event's only data line lies in them; else null. */
  private byte @Nullable [] lent;

  private int lentOffset;
  private int lentLength;

  private boolean hasData;

  /** How much of the data is looked at for its end, and where in a JSON object that is. */
  private int scanned;

  private int open;
  private boolean inString;
  private boolean closed;
  private boolean noObject;

  private @Nullable String name;
  private String lastName = "";

  /** The first comment of an event named error. */
  private byte @Nullable [] comment;

  private boolean firstLine = true;
  private boolean afterCarriageReturn;
  private boolean cutOff;

  SseDecoder(Handler handler) {
    this.handler = handler;
  }

  /** Decodes the next bytes of the stream, and passes on each event that they complete. */
  void decode(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return;
    }
    int end = offset + length;
    int lineStart = afterCarriageReturn && bytes[offset] == '\n' ? offset + 1 : offset;
    for (int i; (i = LineEnds.next(bytes, lineStart, end)) < end; ) {
      endLine(bytes, lineStart, i);
      boolean both = bytes[i] == '\r' && i + 1 < end && bytes[i + 1] == '\n';
      lineStart = both ? i + 2 : i + 1;
    }
    afterCarriageReturn = bytes[end - 1] == '\r';
    unfinishedLine.add(bytes, lineStart, end - lineStart);
    if (unfinishedLine.isEmpty() && isWholeObject()) {
      dispatch();
    }
    keepLentData();
  }

  /** Passes on the event that the end of the stream cut off, if there is one. */
  void end() {
    if (!unfinishedLine.isEmpty()) {
      endLine(unfinishedLine.bytes(), 0, 0);
    }
    cutOff = !isWholeObject();
    dispatch();
  }

  /** Returns whether the end of the stream cut off the event that is passed on. */
  boolean isCutOff() {
    return cutOff;
  }

  /** Returns whether the next byte begins an event, and no event before it is incomplete. */
  boolean isBetweenEvents() {
    return unfinishedLine.isEmpty()
        && !hasData
        && name == null
        && !afterCarriageReturn
        && !firstLine;
  }

  /** Returns the number of bytes kept of an incomplete line and event. */
  int pendingBytes() {
    return unfinishedLine.length() + data.length();
  }

  private void endLine(byte[] bytes, int from, int to) {
    if (unfinishedLine.isEmpty()) {
      line(bytes, from, to, true);
    } else {
      unfinishedLine.add(bytes, from, to - from);
      line(unfinishedLine.bytes(), 0, unfinishedLine.length(), false);
      unfinishedLine.clear();
    }
  }

  private void line(byte[] bytes, int start, int to, boolean incoming) {
    int from = start;
    if (firstLine) {
      firstLine = false;
      if (startsWith(bytes, from, to, BYTE_ORDER_MARK)) {
        from += BYTE_ORDER_MARK.length;
      }
    }
    if (from == to || isWholeObject()) {
      dispatch();
    }
    if (from == to) {
      return;
    }
    if (bytes[firstNonBlank(bytes, from, to)] == '{') {
      addData(bytes, from, to, incoming);
    } else if (isField(bytes, from, to, DATA)) {
      addData(bytes, valueStart(bytes, from + DATA.length, to), to, incoming);
    } else if (isField(bytes, from, to, EVENT)) {
      nameEvent(bytes, valueStart(bytes, from + EVENT.length, to), to);
    } else if (isField(bytes, from, to, ERROR)) {
      int value = valueStart(bytes, from + ERROR.length, to);
      handler.onEvent("error", bytes, value, to - value);
    } else if (bytes[from] == ':' && comment == null && "error".equals(name)) {
      comment = Arrays.copyOfRange(bytes, valueStart(bytes, from, to), to);
    }
    // other comments, id and retry do not matter to a client that never reconnects
  }

  private static int firstNonBlank(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to - 1 && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i++;
    }
    return i;
  }

  /** Returns whether the event's data so far is a JSON object from its first to its last byte. */
  private boolean isWholeObject() {
    if (!hasData) {
      return false;
    }
    byte[] bytes = lent != null ? lent : data.bytes();
    int from = lent != null ? lentOffset : 0;
    int to = from + (lent != null ? lentLength : data.length());
    // continues where the lines before ended, so that each byte is looked at once
    int i = from + scanned;
    for (; i < to; i++) {
      byte b = bytes[i];
      if (inString) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          inString = false;
        }
      } else if (open > 0) {
        inString = b == '"';
        open += b == '{' ? 1 : b == '}' ? -1 : 0;
        closed = open == 0;
      } else if (b == '{' && !closed) {
        open = 1;
      } else if (b > ' ' || (closed && b < 0)) {
        noObject = true;
      }
    }
    scanned = i - from;
    return closed && !noObject;
  }

  private void addData(byte[] bytes, int from, int to, boolean incoming) {
    if (hasData) {
      keepLentData();
      data.add('\n');
      data.add(bytes, from, to - from);
    } else if (incoming) {
      lent = bytes;
      lentOffset = from;
      lentLength = to - from;
    } else {
      data.add(bytes, from, to - from);
    }
    hasData = true;
  }

  private void keepLentData() {
    if (lent != null) {
      data.add(lent, lentOffset, lentLength);
      lent = null;
    }
  }

  private void dispatch() {
    if (hasData) {
      if (lent != null) {
        handler.onEvent(name, lent, lentOffset, lentLength);
      } else {
        handler.onEvent(name, data.bytes(), 0, data.length());
      }
    } else if (comment != null) {
      // Dynamo sends its errors as such an event without data
      handler.onEvent(name, comment, 0, comment.length);
    }
    hasData = false;
    scanned = 0;
    open = 0;
    inString = false;
    closed = false;
    noObject = false;
    lent = null;
    data.clear();
    name = null;
    comment = null;
  }

  /** Keeps the last name, because servers give most events the same one. */
  private void nameEvent(byte[] bytes, int from, int to) {
    if (lastName.length() != to - from || !startsWith(bytes, from, to, lastName)) {
      lastName = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
    name = lastName;
  }

  private static boolean isField(byte[] bytes, int from, int to, byte[] field) {
    int colon = from + field.length;
    return startsWith(bytes, from, to, field) && (colon == to || bytes[colon] == ':');
  }

  /** Where a field's value starts, given where its name ends. */
  private static int valueStart(byte[] bytes, int colon, int to) {
    int start = Math.min(colon + 1, to);
    return start < to && bytes[start] == ' ' ? start + 1 : start;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    return to - from >= prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }

  private static boolean startsWith(byte[] bytes, int from, int to, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      if (from + i >= to || bytes[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
