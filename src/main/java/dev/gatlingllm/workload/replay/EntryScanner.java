package dev.gatlingllm.workload.replay;

import dev.gatlingllm.workload.replay.EntryFile.Location;
import java.io.IOException;
import java.io.InputStream;

/**
 * Finds the entries of a file in one pass with constant memory: lines, or the elements of one JSON
 * array. It looks at brackets and quotes only, so that it finds the next entry after a broken one.
 * Not thread-safe.
 */
final class EntryScanner {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

  private final boolean inLines;
  private final Found found;
  private Layout layout = Layout.UNKNOWN;
  private int number;
  private long start = -1;
  private long end;
  private int depth;
  private boolean inString;
  private boolean escaped;

  private EntryScanner(boolean inLines, Found found) {
    this.inLines = inLines;
    this.found = found;
  }

  /**
   * Scans a file.
   *
   * @param inLines whether every line is an entry, even if the file begins with a bracket
   * @param found called with each entry in order, without blank lines
   * @return false if the file is an array that is not closed, so that it may be truncated
   */
  static boolean scan(InputStream in, boolean inLines, Found found) throws IOException {
    EntryScanner scanner = new EntryScanner(inLines, found);
    byte[] buffer = new byte[BUFFER_BYTES];
    long offset = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      int i = 0;
      while (i < read) {
        i = scanner.withinLine(buffer, i, read, offset);
        if (i < read) {
          scanner.next(offset + i, buffer[i]);
          i++;
        }
      }
      offset += read;
    }
    return scanner.finish();
  }

  /**
   * Skips to the end of a line that has begun.
   *
   * @return index of the next byte to look at
   */
  private int withinLine(byte[] buffer, int from, int to, long offset) {
    if (layout != Layout.LINES || start < 0) {
      return from;
    }
    int lineEnd = from;
    while (lineEnd < to && buffer[lineEnd] != '\n') {
      lineEnd++;
    }
    int last = lineEnd - 1;
    while (last >= from && isSpace(buffer[last])) {
      last--;
    }
    end = last >= from ? offset + last + 1 : end;
    return lineEnd;
  }

  private void next(long position, byte b) throws IOException {
    switch (layout) {
      case LINES -> nextOfLine(position, b);
      case ARRAY, CLOSED_ARRAY -> nextOfArray(position, b);
      case UNKNOWN -> first(position, b);
    }
  }

  private void first(long position, byte b) throws IOException {
    if (position < BYTE_ORDER_MARK.length && (b & 0xFF) == BYTE_ORDER_MARK[(int) position]) {
      return;
    }
    if (b == '[' && !inLines) {
      layout = Layout.ARRAY;
    } else if (b == '\n') {
      number++;
    } else if (!isSpace(b)) {
      layout = Layout.LINES;
      nextOfLine(position, b);
    }
  }

  private void nextOfLine(long position, byte b) throws IOException {
    if (b == '\n') {
      number++;
      emit();
    } else if (!isSpace(b)) {
      include(position);
    }
  }

  private void nextOfArray(long position, byte b) throws IOException {
    if (inString) {
      nextOfString(position, b);
    } else if (b == ',' && depth == 0) {
      endOfElement();
    } else if (b == ']' && depth == 0) {
      endOfElement();
      layout = Layout.CLOSED_ARRAY;
    } else if (!isSpace(b)) {
      include(position);
      switch (b) {
        case '"' -> inString = true;
        case '{', '[' -> depth++;
        case '}', ']' -> depth = Math.max(0, depth - 1);
        default -> {
          // a number, a word or a colon
        }
      }
    }
  }

  private void nextOfString(long position, byte b) {
    end = position + 1;
    if (escaped) {
      escaped = false;
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      inString = false;
    }
  }

  private void include(long position) {
    if (start < 0) {
      start = position;
    }
    end = position + 1;
  }

  private void endOfElement() throws IOException {
    if (start >= 0) {
      number++;
      emit();
    }
  }

  private void emit() throws IOException {
    if (start >= 0) {
      found.at(new Location(layout == Layout.LINES, number, start, end - start));
      start = -1;
    }
  }

  private boolean finish() throws IOException {
    if (layout == Layout.LINES) {
      number++;
      emit();
    } else {
      endOfElement();
    }
    return layout != Layout.ARRAY;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private enum Layout {
    UNKNOWN,
    LINES,
    ARRAY,
    CLOSED_ARRAY
  }

  /** Called with the location of an entry. */
  @FunctionalInterface
  interface Found {

    void at(Location location) throws IOException;
  }
}
