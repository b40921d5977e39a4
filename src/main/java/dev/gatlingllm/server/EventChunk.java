package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Events that leave together as one chunk of HTTP/1.1. There is room before them for the chunk's
 * size, so that all of it is one buffer and one write: an encoder would make three of it. Whoever
 * takes one out takes the buffer over.
 */
final class EventChunk {

  /** Room for any size in hexadecimal digits, and a line end. */
  private static final byte[] NO_SIZE = "00000000\r\n".getBytes(US_ASCII);

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);
  private static final int SIZE_DIGITS = 8;
  private static final byte[] END = "\r\n".getBytes(US_ASCII);

  private final ByteBuf buffer;

  EventChunk(ByteBufAllocator allocator) {
    buffer = allocator.ioBuffer().writeBytes(NO_SIZE);
  }

  /** Where events are written to. */
  ByteBuf events() {
    return buffer;
  }

  boolean isEmpty() {
    return buffer.readableBytes() == NO_SIZE.length;
  }

  void release() {
    buffer.release();
  }

  /** The events alone. */
  ByteBuf content() {
    return buffer.skipBytes(NO_SIZE.length);
  }

  /** The events as a chunk. */
  ByteBuf framed() {
    int digit = SIZE_DIGITS;
    for (int size = buffer.readableBytes() - NO_SIZE.length; size > 0; size >>>= 4) {
      buffer.setByte(--digit, DIGITS[size & 0xF]);
    }
    return buffer.readerIndex(digit).writeBytes(END);
  }
}
