package dev.gatlingllm.server;

/**
 * What really happened to one request that was accepted, written down by the server as it happened,
 * so that a client's measurements can be compared with it. Times are {@link System#nanoTime()}:
 * comparable within one virtual machine. Immutable; any thread may call any method.
 */
public final class RequestTruth {

  private final String id;
  private final int inputTokens;
  private final int cachedTokens;
  private final long receivedNanos;
  private final long firstWriteNanos;
  private final long endNanos;
  private final int outputTokens;
  private final long[] tokenNanos;
  private final boolean complete;

  RequestTruth(
      String id,
      int inputTokens,
      int cachedTokens,
      long receivedNanos,
      long firstWriteNanos,
      long endNanos,
      int outputTokens,
      long[] tokenNanos,
      boolean complete) {
    this.id = id;
    this.inputTokens = inputTokens;
    this.cachedTokens = cachedTokens;
    this.receivedNanos = receivedNanos;
    this.firstWriteNanos = firstWriteNanos;
    this.endNanos = endNanos;
    this.outputTokens = outputTokens;
    this.tokenNanos = tokenNanos;
    this.complete = complete;
  }

  /** The response's id, such as {@code chatcmpl-1}; unique within one server. */
  public String id() {
    return id;
  }

  /** Tokens of the prompt. */
  public int inputTokens() {
    return inputTokens;
  }

  /** Tokens of the prompt that the prefix cache held, whether reported or not. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** When the request's last byte had been read. */
  public long receivedNanos() {
    return receivedNanos;
  }

  /** When the response's first byte was written: headers, and a chat stream's role-only chunk. */
  public long firstWriteNanos() {
    return firstWriteNanos;
  }

  /** When the response's last bytes were written, or the client was found gone. */
  public long endNanos() {
    return endNanos;
  }

  /** Tokens generated: what was asked for, or fewer when the client left. */
  public int outputTokens() {
    return outputTokens;
  }

  /**
   * When each token was written to a stream: one time per output token, in order. Empty for a reply
   * that was not streamed. The caller's own copy.
   */
  public long[] tokenNanos() {
    return tokenNanos.clone();
  }

  /** Whether the reply was written to its end; false when the client disconnected before. */
  public boolean complete() {
    return complete;
  }

  /** How many token times this truth keeps in memory. */
  int weight() {
    return tokenNanos.length;
  }

  @Override
  public String toString() {
    return id
        + (complete ? "" : " (cut short)")
        + ": "
        + inputTokens
        + " tokens in, "
        + cachedTokens
        + " cached, "
        + outputTokens
        + " out";
  }
}
