package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Events that are sent together as one HTTP/1.1 chunk. The buffer reserves space for the chunk size
 * in front of the events, so that a chunk is one buffer and one write; Netty's encoder would need
 * three. The caller of {@link #content} or {@link #framed} must release the buffer.
 */
final class EventChunk {

  /** Space for any size in hexadecimal digits, and a line end. */
  private static final byte[] SIZE_PLACEHOLDER = "00000000\r\n".getBytes(US_ASCII);

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);
  private static final int SIZE_DIGITS = 8;
  private static final byte[] END = "\r\n".getBytes(US_ASCII);

  private final ByteBuf buffer;

  EventChunk(ByteBufAllocator allocator) {
    buffer = allocator.ioBuffer().writeBytes(SIZE_PLACEHOLDER);
  }

  /** Returns the buffer to write events to. */
  ByteBuf events() {
    return buffer;
  }

  boolean isEmpty() {
    return buffer.readableBytes() == SIZE_PLACEHOLDER.length;
  }

  void release() {
    buffer.release();
  }

  /** Returns the events without framing. */
  ByteBuf content() {
    return buffer.skipBytes(SIZE_PLACEHOLDER.length);
  }

  /** Returns the events framed as a chunk. */
  ByteBuf framed() {
    int digit = SIZE_DIGITS;
    for (int size = buffer.readableBytes() - SIZE_PLACEHOLDER.length; size > 0; size >>>= 4) {
      buffer.setByte(--digit, DIGITS[size & 0xF]);
    }
    return buffer.readerIndex(digit).writeBytes(END);
  }
}
