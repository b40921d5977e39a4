package dev.gatlingllm.server;

import java.util.Locale;

/**
 * What really happened to one request for a reply, written down by the server as it happened, so
 * that a client's measurements can be compared with it. Times in nanoseconds are {@link
 * System#nanoTime()}: on Linux, comparable between the processes of one machine; 0 for what did not
 * happen. Any thread may call any method.
 *
 * @param id the response's id, such as {@code chatcmpl-1}, unique within one server; null where the
 *     request was refused
 * @param requestId what the client sent as {@code X-Request-Id}, or null
 * @param path what was asked, such as {@code /v1/chat/completions}
 * @param protocol how it came: {@code HTTP/2}, {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param streamed whether the reply was streamed
 * @param status the response's HTTP status; 0 where there was no response
 * @param outcome how it ended
 * @param fault the fault that it met, as in {@code stall;after=3;for=2s}, or null
 * @param inputTokens tokens of the prompt; −1 where it was refused before they were counted
 * @param cachedTokens tokens of the prompt that the prefix cache held, whether reported or not
 * @param outputTokens tokens written: what was asked for, or fewer where it ended early
 * @param receivedEpochMillis when the request's last byte had been read, by the wall clock, in
 *     milliseconds since 1970
 * @param receivedNanos the same moment
 * @param admittedNanos when it came into the engine's queue, by the engine's clock
 * @param prefillStartNanos when it left the queue, by the engine's clock
 * @param prefillEndNanos when its prompt was read and the first token was due, by the engine's
 *     clock
 * @param firstWriteNanos when the response's first byte was written: headers, and a chat stream's
 *     role-only chunk
 * @param tokenNanos when each token was written to a stream: one time per output token, in order;
 *     empty for a reply that was not streamed
 * @param tokenDueNanos when each of them was due by the engine's clock: how late the server wrote
 *     it is the difference; where several were written at once, when the first of them was due
 * @param endNanos when the response's last bytes were written, or the client was found gone
 */
public record RequestTruth(
    String id,
    String requestId,
    String path,
    String protocol,
    boolean streamed,
    int status,
    Outcome outcome,
    String fault,
    int inputTokens,
    int cachedTokens,
    int outputTokens,
    long receivedEpochMillis,
    long receivedNanos,
    long admittedNanos,
    long prefillStartNanos,
    long prefillEndNanos,
    long firstWriteNanos,
    long[] tokenNanos,
    long[] tokenDueNanos,
    long endNanos) {

  /** How a request ended. */
  public enum Outcome {
    /** The reply was written to its end. */
    COMPLETE,
    /** It was answered with an error's status, on its merits or by a fault. */
    REFUSED,
    /** A fault ended it in another way. */
    FAULT,
    /** The client disconnected before the end, or the server was closed. */
    GONE
  }

  /** The caller's own copy. */
  @Override
  public long[] tokenNanos() {
    return tokenNanos.clone();
  }

  /** The caller's own copy. */
  @Override
  public long[] tokenDueNanos() {
    return tokenDueNanos.clone();
  }

  /** Whether the reply was written to its end. */
  public boolean complete() {
    return outcome == Outcome.COMPLETE;
  }

  /** How many token times this truth keeps in memory. */
  int weight() {
    return tokenNanos.length;
  }

  @Override
  public String toString() {
    return (id == null ? path : id)
        + (complete() ? "" : " (" + outcome.name().toLowerCase(Locale.ROOT) + ")")
        + (fault == null ? "" : " (" + fault + ")")
        + ": "
        + inputTokens
        + " tokens in, "
        + cachedTokens
        + " cached, "
        + outputTokens
        + " out";
  }
}
