package dev.gatlingllm.stream;

import java.util.Arrays;

/** A growing array of bytes that must outlive the buffer in which they came; reused. */
final class ByteStore {

  private byte[] bytes = {};
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  void add(byte[] from, int offset, int count) {
    makeRoom(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  void add(char ascii) {
    makeRoom(1);
    bytes[length++] = (byte) ascii;
  }

  void clear() {
    length = 0;
  }

  private void makeRoom(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, Math.max(256, bytes.length * 2)));
    }
  }
}
