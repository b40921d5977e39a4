package dev.gatlingllm.stream;

/**
 * Finds the data in a response body in the chunked transfer coding of HTTP/1.1 (<a
 * href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section 7.1</a>), however the
 * network cut it. Reads only what all servers send: a size, CRLF, the data, CRLF. Where something
 * else follows, above all the last chunk, reading ends, and the rest is for an HTTP decoder that
 * expects a size. One object for each connection; used by one thread.
 */
public final class HttpChunks {

  /** Receives data. */
  public interface Data {
    /**
     * Takes data of one chunk. The bytes are valid only during the call.
     *
     * @return whether more is wanted
     */
    boolean onData(byte[] bytes, int offset, int length);
  }

  private enum State {
    SIZE,
    END_OF_SIZE,
    DATA,
    END_OF_DATA,
    LAST_BYTE,
    ENDED
  }

  /** Digits of a size: no server sends chunks of 256 MB. */
  private static final int MAX_DIGITS = 7;

  private State state = State.SIZE;

  /** The size as far as it was read, then the data that is still to come. */
  private int left;

  /** The bytes of the size as they came, for the decoder that reads the rest. */
  private final byte[] size = new byte[MAX_DIGITS + 1];

  private int sizeLength;

  private boolean malformed;

  /** Begins with the next body. */
  public void begin() {
    state = State.SIZE;
    left = 0;
    sizeLength = 0;
    malformed = false;
  }

  /**
   * Reads the next bytes of the body.
   *
   * @return the index of the first byte that was not read: {@code to}, or less once reading has
   *     ended
   */
  public int read(byte[] bytes, int from, int to, Data data) {
    int i = from;
    while (i < to && state != State.ENDED) {
      if (state == State.DATA) {
        int length = Math.min(left, to - i);
        i += length;
        left -= length;
        if (left == 0) {
          state = State.END_OF_DATA;
          sizeLength = 0;
        }
        if (!data.onData(bytes, i - length, length)) {
          state = State.ENDED;
        }
      } else if (accepts(bytes[i])) {
        i++;
      } else {
        malformed = state == State.END_OF_DATA || state == State.LAST_BYTE;
        state = State.ENDED;
      }
    }
    return i;
  }

  /** Returns whether reading has ended. */
  public boolean hasEnded() {
    return state == State.ENDED;
  }

  /** Returns whether reading has ended because no CRLF follows the data of a chunk. */
  public boolean isMalformed() {
    return malformed;
  }

  /** Returns the bytes that were read of a size which is not followed by data. */
  public byte[] unusedSize() {
    byte[] unused = new byte[sizeLength];
    System.arraycopy(size, 0, unused, 0, sizeLength);
    return unused;
  }

  /** Takes a byte between the data of two chunks, or returns false if it is not as expected. */
  private boolean accepts(byte b) {
    return switch (state) {
      case SIZE -> acceptsSize(b);
      case END_OF_SIZE -> b == '\n' && enter(State.DATA);
      case END_OF_DATA -> b == '\r' && enter(State.LAST_BYTE);
      case LAST_BYTE -> b == '\n' && enter(State.SIZE);
      case DATA, ENDED -> false;
    };
  }

  private boolean acceptsSize(byte b) {
    int digit = Character.digit(b, 16);
    boolean accepted =
        digit >= 0 ? sizeLength < MAX_DIGITS : b == '\r' && left > 0 && enter(State.END_OF_SIZE);
    if (accepted) {
      size[sizeLength++] = b;
      left = digit >= 0 ? (left << 4) | digit : left;
    }
    return accepted;
  }

  private boolean enter(State next) {
    state = next;
    return true;
  }
}
