package dev.gatlingllm.conversation;

import java.util.Arrays;

/**
 * Bytes of a body that lie in memory already, in their order. They are copied once, into an array
 * of their exact length. Used by one thread for one body.
 */
final class JsonParts {

  private byte[][] parts;
  private int count;
  private int length;

  /**
   * Creates an empty list of parts.
   *
   * @param expected expected number of parts
   */
  JsonParts(int expected) {
    parts = new byte[expected][];
  }

  JsonParts add(byte[] part) {
    if (count == parts.length) {
      parts = Arrays.copyOf(parts, 2 * count + 8);
    }
    parts[count++] = part;
    length = Math.addExact(length, part.length);
    return this;
  }

  byte[] toBytes() {
    byte[] bytes = new byte[length];
    int at = 0;
    for (int i = 0; i < count; i++) {
      System.arraycopy(parts[i], 0, bytes, at, parts[i].length);
      at += parts[i].length;
    }
    return bytes;
  }
}
