package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one generation request, recorded by the server, for comparison with a client's
 * measurements. Thread-safe.
 *
 * @param id the response's id, such as {@code chatcmpl-1}, unique within one server; null if the
 *     request was refused
 * @param requestId the client's {@code X-Request-Id}, or null
 * @param path the requested path, such as {@code /v1/chat/completions}
 * @param protocol {@code HTTP/2}, {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param streamed whether the response was streamed
 * @param status the response's HTTP status; 0 if there was no response
 * @param outcome how the request ended
 * @param fault the injected fault, such as {@code stall;after=3;for=2s}, or null
 */
public record RequestTruth(
    @Nullable String id,
    @Nullable String requestId,
    String path,
    String protocol,
    boolean streamed,
    int status,
    RequestOutcome outcome,
    @Nullable String fault,
    Tokens tokens,
    Times times) {

  /** How a request ended. */
  public enum RequestOutcome {
    /** The whole response was written. */
    COMPLETE,
    /** The response was an error status, because of the request or a fault. */
    REFUSED,
    /** A fault ended it in another way. */
    FAULT,
    /**
     * The client disconnected before the end, or the server was closed. Listed when the engine has
     * ended the generation.
     */
    GONE
  }

  /**
   * The numbers of tokens of a request.
   *
   * @param input prompt tokens; −1 if the request was refused before they were counted
   * @param cached prompt tokens that the prefix cache held, whether reported or not
   * @param output tokens written before the end or the disconnection
   * @param generated tokens that the engine generated, also those that were not written any more;
   *     −1 where a fault or the end of the server leaves that unknown
   */
  public record Tokens(int input, int cached, int output, int generated) {}

  /**
   * When things happened. Nanoseconds are {@link System#nanoTime()}: on Linux, they can be compared
   * between processes of one machine. A time is 0 if the event did not happen.
   *
   * @param receivedEpochMillis when the last byte of the request was read, in milliseconds since
   *     1970
   * @param receivedNanos the same moment
   * @param admittedNanos when the request entered the engine's queue, by the engine's clock
   * @param prefillStartNanos when it left the queue, by the engine's clock
   * @param prefillEndNanos when the prefill ended and the first token was due, by the engine's
   *     clock
   * @param firstWriteNanos when the first byte of the response was written
   * @param tokenNanos when each token was written to the stream, one time per output token; empty
   *     if the response was not streamed
   * @param tokenDueNanos when each token was due by the engine's clock; tokens that were written
   *     together have the due time of the first
   * @param endNanos when the last bytes were written, or the client was found disconnected
   * @param releasedNanos when the engine had ended a response whose client had disconnected, by the
   *     engine's clock
   */
  public record Times(
      long receivedEpochMillis,
      long receivedNanos,
      long admittedNanos,
      long prefillStartNanos,
      long prefillEndNanos,
      long firstWriteNanos,
      long[] tokenNanos,
      long[] tokenDueNanos,
      long endNanos,
      long releasedNanos) {

    /** Returns a copy. */
    @Override
    public long[] tokenNanos() {
      return tokenNanos.clone();
    }

    /** Returns a copy. */
    @Override
    public long[] tokenDueNanos() {
      return tokenDueNanos.clone();
    }
  }

  /**
   * Returns how many tokens the engine generated after the last one that was written: for a client
   * that had disconnected. 0 where that is not known.
   */
  public int generatedAfterLeaving() {
    return Math.max(0, tokens.generated() - tokens.output());
  }

  /** Returns whether the whole response was written. */
  public boolean complete() {
    return outcome == RequestOutcome.COMPLETE;
  }

  /** Returns how many token times this record keeps in memory. */
  int weight() {
    return times.tokenNanos.length;
  }

  /**
   * Returns this record as one line of JSON. What did not happen or is unknown is {@code null}.
   *
   * @param sequence completion order, from 1
   */
  byte[] jsonLine(long sequence) {
    ObjectNode json =
        Json.object()
            .put("sequence", sequence)
            .put("id", id)
            .put("requestId", requestId)
            .put("path", path)
            .put("protocol", protocol)
            .put("streamed", streamed)
            .put("status", status == 0 ? null : status)
            .put("outcome", outcome.name().toLowerCase(Locale.ROOT))
            .put("fault", fault)
            .put("inputTokens", tokens.input() < 0 ? null : tokens.input())
            .put("cachedTokens", tokens.cached())
            .put("outputTokens", tokens.output())
            .put("generatedTokens", tokens.generated() < 0 ? null : tokens.generated())
            .put("receivedEpochMillis", times.receivedEpochMillis())
            .put("receivedNanos", times.receivedNanos());
    putTime(json, "admittedNanos", times.admittedNanos());
    putTime(json, "prefillStartNanos", times.prefillStartNanos());
    putTime(json, "prefillEndNanos", times.prefillEndNanos());
    putTime(json, "firstWriteNanos", times.firstWriteNanos());
    putTime(json, "endNanos", times.endNanos());
    putTime(json, "releasedNanos", times.releasedNanos());
    Arrays.stream(times.tokenNanos).forEach(json.putArray("tokenNanos")::add);
    Arrays.stream(times.tokenDueNanos).forEach(json.putArray("tokenDueNanos")::add);
    byte[] object = Json.bytes(json);
    byte[] line = Arrays.copyOf(object, object.length + 1);
    line[object.length] = '\n';
    return line;
  }

  private static void putTime(ObjectNode json, String field, long nanos) {
    json.put(field, nanos == 0 ? null : nanos);
  }

  @Override
  public String toString() {
    return "%s%s%s: %d input tokens, %d cached, %d output"
        .formatted(
            id == null ? path : id,
            complete() ? "" : " (" + outcome.name().toLowerCase(Locale.ROOT) + ")",
            fault == null ? "" : " (" + fault + ")",
            tokens.input(),
            tokens.cached(),
            tokens.output());
  }
}
