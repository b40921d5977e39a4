package dev.gatlingllm.server;

import java.util.Arrays;

/** Writes one request's truth down while it happens. Used on one event loop alone. */
final class Trace {

  private final TruthLog log;
  private final String id;
  private final int inputTokens;
  private final long receivedNanos;
  private final long[] tokenNanos;
  private int cachedTokens;
  private long firstWriteNanos;
  private int tokens;

  /**
   * @param streamedTokens how many tokens will be written one by one; 0 for a reply in one piece
   */
  Trace(TruthLog log, String id, int inputTokens, int streamedTokens, long receivedNanos) {
    this.log = log;
    this.id = id;
    this.inputTokens = inputTokens;
    this.receivedNanos = receivedNanos;
    this.tokenNanos = new long[streamedTokens];
  }

  void admitted(int cachedTokens) {
    this.cachedTokens = cachedTokens;
  }

  /** To be called right before the response's first byte is written. */
  void firstWrite() {
    firstWriteNanos = System.nanoTime();
  }

  /** To be called right before a token is written to a stream, or as it joins a whole reply. */
  void token() {
    if (tokens < tokenNanos.length) {
      tokenNanos[tokens] = System.nanoTime();
    }
    tokens++;
  }

  Usage usage(boolean reportCachedTokens) {
    return new Usage(inputTokens, tokens, reportCachedTokens ? cachedTokens : null);
  }

  /**
   * Logs the truth. To be called right before the end of the reply is written, so that a client
   * that has read it finds it logged; or once the client is gone.
   */
  void end(boolean complete) {
    log.add(
        new RequestTruth(
            id,
            inputTokens,
            cachedTokens,
            receivedNanos,
            firstWriteNanos,
            System.nanoTime(),
            tokens,
            Arrays.copyOf(tokenNanos, Math.min(tokens, tokenNanos.length)),
            complete));
  }
}
