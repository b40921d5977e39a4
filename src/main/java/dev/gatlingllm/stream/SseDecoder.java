package dev.gatlingllm.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts bytes into server-sent events, however the network split them; used by one thread.
 *
 * <p>Follows the <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">
 * WHATWG's rules</a>: lines end with LF, CRLF or CR, one space after the colon is not data, several
 * {@code data} lines are joined by LF, comments and a byte order mark at the start are passed over.
 * It is more lenient than they are in two ways, because servers are: an event that the stream's end
 * cuts off is handed on by {@link #end()}, and a bare line of JSON counts as data.
 *
 * <p>Data that lies in one piece in the incoming bytes is handed on where it lies. Only what is
 * unfinished at the end of a piece, a line or an event, is kept.
 */
final class SseDecoder {

  /** Takes the events. */
  interface Handler {
    /**
     * Takes one event; the bytes are only lent for the call.
     *
     * @param name value of the event's {@code event} field, or null
     * @param bytes holds the event's data in UTF-8
     * @param offset where the data begins
     * @param length of the data, in bytes
     */
    void onEvent(String name, byte[] bytes, int offset, int length);
  }

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

  private final Handler handler;

  private final ByteStore unfinishedLine = new ByteStore();
  private final ByteStore data = new ByteStore();

  /** The event's only data line so far, where it still lies in the incoming bytes; else null. */
  private byte[] lent;

  private int lentOffset;
  private int lentLength;

  private boolean hasData;
  private String name;
  private String lastName = "";
  private boolean firstLine = true;
  private boolean afterCarriageReturn;

  SseDecoder(Handler handler) {
    this.handler = handler;
  }

  /** Takes the next bytes of the stream, and hands on each event that they complete. */
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
    keepLentData();
  }

  /** Hands on what the stream's end left unfinished. */
  void end() {
    if (!unfinishedLine.isEmpty()) {
      endLine(unfinishedLine.bytes(), 0, 0);
    }
    dispatch();
  }

  /** How many bytes are kept for an unfinished line and event. */
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
    if (from == to) {
      dispatch();
    } else if (bytes[from] == '{') {
      addData(bytes, from, to, incoming);
    } else if (isField(bytes, from, to, DATA)) {
      addData(bytes, valueStart(bytes, from + DATA.length, to), to, incoming);
    } else if (isField(bytes, from, to, EVENT)) {
      nameEvent(bytes, valueStart(bytes, from + EVENT.length, to), to);
    }
    // comments, id and retry mean nothing to a client that never reconnects
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
    }
    hasData = false;
    lent = null;
    data.clear();
    name = null;
  }

  /** Servers that name their events give most of them the same name: one string does for all. */
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
