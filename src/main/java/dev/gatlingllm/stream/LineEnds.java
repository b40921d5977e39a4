package dev.gatlingllm.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line ends eight bytes at a time, because most chunks are one long line. */
final class LineEnds {

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHEST_BITS = ONES << 7;
  private static final long LINE_FEEDS = ONES * '\n';
  private static final long CARRIAGE_RETURNS = ONES * '\r';

  private LineEnds() {}

  /** Returns the index of the first LF or CR in a range, or the end of the range. */
  static int next(byte[] bytes, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) WORDS.get(bytes, i);
      long ends = zeros(word ^ LINE_FEEDS) | zeros(word ^ CARRIAGE_RETURNS);
      if (ends != 0) {
        return i + Long.numberOfTrailingZeros(ends) / Byte.SIZE;
      }
    }
    while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }

  /**
   * Returns the highest bit of each zero byte, found by a subtraction that borrows from it. The
   * borrow may mark higher bytes too, so only the lowest mark is reliable.
   */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGHEST_BITS;
  }
}
