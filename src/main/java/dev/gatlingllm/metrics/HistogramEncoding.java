package dev.gatlingllm.metrics;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;

/**
 * The encoding of histograms that HdrHistogram calls V2, not compressed: a header, then the counts
 * of all buckets as zigzag LEB128 numbers, of which a negative one stands for so many empty
 * buckets. HdrHistogram's own methods need an array of all buckets, which takes many times as long
 * for the few values that most histograms have.
 */
final class HistogramEncoding {

  private static final int COOKIE = 0x1c849303 | 0x10;
  private static final int HEADER_BYTES = 40;
  private static final int COMPRESSED_COOKIE = 0x1c849304 | 0x10;
  private static final int COMPRESSED_HEADER_BYTES = 8;

  /** The ninth byte of a number has 8 of its bits, the others 7. */
  private static final int MAX_NUMBER_BYTES = 9;

  private static final int BITS_PER_BYTE = 7;
  private static final int MORE = 1 << BITS_PER_BYTE;

  /** What HdrHistogram writes as the highest value if all buckets are as narrow as possible. */
  private static final long HIGHEST_OF_NARROW = 2;

  private final ByteBuffer buffer;
  private int next;

  private HistogramEncoding(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** Returns the bytes that HdrHistogram writes for a histogram that resizes itself. */
  static byte[] encoded(BucketCounts counts) {
    int most = HEADER_BYTES + 2 * MAX_NUMBER_BYTES * Math.max(1, counts.size());
    return new HistogramEncoding(ByteBuffer.allocate(most)).write(counts);
  }

  /** Returns the bytes that HdrHistogram writes for the histogram, compressed. */
  static byte[] compressed(BucketCounts counts, Deflater deflater) {
    byte[] encoded = encoded(counts);
    deflater.reset();
    deflater.setInput(encoded);
    deflater.finish();
    // zlib adds 11 bytes, and 5 to each 16 KB, to what it cannot compress
    byte[] compressed =
        new byte[COMPRESSED_HEADER_BYTES + encoded.length + encoded.length / 1_000 + 64];
    int length =
        deflater.deflate(
            compressed, COMPRESSED_HEADER_BYTES, compressed.length - COMPRESSED_HEADER_BYTES);
    ByteBuffer.wrap(compressed).putInt(COMPRESSED_COOKIE).putInt(length);
    return Arrays.copyOf(compressed, COMPRESSED_HEADER_BYTES + length);
  }

  private byte[] write(BucketCounts counts) {
    buffer.position(HEADER_BYTES);
    counts.forEach(
        (bucket, count) -> {
          writeEmpty(bucket - next);
          write(count);
          next = bucket + 1;
        });
    if (next == 0) {
      writeEmpty(1);
    }
    byte[] encoded = new byte[buffer.position()];
    int last = counts.lastBucket();
    buffer
        .position(0)
        .putInt(COOKIE)
        .putInt(encoded.length - HEADER_BYTES)
        .putInt(0)
        .putInt(counts.significantDigits())
        .putLong(1)
        .putLong(counts.isNarrow(last) ? HIGHEST_OF_NARROW : counts.highestOfOctave(last))
        .putDouble(1);
    buffer.position(0).get(encoded);
    return encoded;
  }

  /** A single empty bucket is written as a count of 0. */
  private void writeEmpty(int buckets) {
    if (buckets > 0) {
      write(buckets == 1 ? 0 : -(long) buckets);
    }
  }

  private void write(long number) {
    long rest = (number << 1) ^ (number >> (Long.SIZE - 1));
    for (int i = 1; i < MAX_NUMBER_BYTES && rest >>> BITS_PER_BYTE != 0; i++) {
      buffer.put((byte) (rest | MORE));
      rest >>>= BITS_PER_BYTE;
    }
    buffer.put((byte) rest);
  }

  /**
   * Reads a histogram of integers from 0.
   *
   * @param significantDigits the precision that it must have
   * @throws IllegalArgumentException if the bytes are not the encoding of one
   */
  static BucketCounts decoded(byte[] encoded, int significantDigits) {
    try {
      return new HistogramEncoding(ByteBuffer.wrap(encoded)).read(significantDigits);
    } catch (BufferUnderflowException tooShort) {
      throw new IllegalArgumentException("a histogram ends early", tooShort);
    }
  }

  /**
   * Reads a histogram of integers from 0 that HdrHistogram has compressed.
   *
   * @param significantDigits the precision that it must have
   * @throws IllegalArgumentException if the bytes are not the encoding of one
   */
  static BucketCounts decompressed(byte[] encoded, int significantDigits) {
    ByteBuffer head = ByteBuffer.wrap(encoded);
    if (encoded.length < COMPRESSED_HEADER_BYTES || head.getInt() != COMPRESSED_COOKIE) {
      throw new IllegalArgumentException("not a compressed histogram");
    }
    try (InputStream inflated =
        new InflaterInputStream(
            new ByteArrayInputStream(
                encoded, COMPRESSED_HEADER_BYTES, encoded.length - COMPRESSED_HEADER_BYTES))) {
      return decoded(inflated.readAllBytes(), significantDigits);
    } catch (IOException damaged) {
      throw new IllegalArgumentException("not a compressed histogram", damaged);
    }
  }

  private BucketCounts read(int significantDigits) {
    BucketCounts counts = new BucketCounts(significantDigits);
    boolean isSame =
        buffer.getInt() == COOKIE && buffer.getInt() == buffer.capacity() - HEADER_BYTES;
    isSame &= buffer.getInt() == 0 && buffer.getInt() == significantDigits && buffer.getLong() == 1;
    buffer.getLong();
    if (!isSame || buffer.getDouble() != 1) {
      throw new IllegalArgumentException(
          "not a histogram of integers with %d digits".formatted(significantDigits));
    }
    long last = counts.bucketOf(Long.MAX_VALUE);
    for (long bucket = 0; buffer.hasRemaining(); ) {
      long number = readNumber();
      if (number < -last || bucket > last) {
        throw new IllegalArgumentException("a histogram has more buckets than there are");
      }
      if (number > 0) {
        counts.addTo((int) bucket, number);
      }
      bucket += number < 0 ? -number : 1;
    }
    return counts;
  }

  private long readNumber() {
    long zigzag = 0;
    for (int i = 0; i < MAX_NUMBER_BYTES; i++) {
      byte read = buffer.get();
      boolean isLast = read >= 0 || i == MAX_NUMBER_BYTES - 1;
      zigzag |= (isLast ? read & 0xffL : read & (MORE - 1L)) << (i * BITS_PER_BYTE);
      if (isLast) {
        break;
      }
    }
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }
}
