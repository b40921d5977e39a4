package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.ResponseJson.Usage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records what happens to one request and adds it to the {@link TruthLog} when the request ends.
 * The thread that parses the request hands it over to the request's event loop, which alone uses it
 * from then on.
 */
final class TruthRecorder {

  private static final int OK = 200;
  private static final long[] NO_TOKENS = {};

  private final TruthLog log;
  private final HttpExchange exchange;
  private final long receivedEpochMillis;

  private @Nullable String id;
  private @Nullable Fault fault;
  private boolean streamed;
  private int status;
  private int inputTokens = -1;
  private int cachedTokens;
  private int outputTokens;
  private long admittedNanos;
  private long prefillStartNanos;
  private long prefillEndNanos;
  private long firstWriteNanos;
  private long[] tokenNanos = NO_TOKENS;
  private long[] tokenDueNanos = NO_TOKENS;
  private boolean ended;
  private long leftNanos;
  private int generatedTokens;
  private int releasedChoices;
  private long releasedNanos;

  TruthRecorder(TruthLog log, HttpExchange exchange) {
    this.log = log;
    this.exchange = exchange;
    long age = System.nanoTime() - exchange.request().receivedNanos();
    fault = exchange.connectionFault();
    receivedEpochMillis = System.currentTimeMillis() - Math.round(age / 1e6);
  }

  /**
   * Records that the request is valid.
   *
   * @param streamedTokens how many tokens will be streamed; 0 if the response is not streamed
   */
  void accepted(String id, int inputTokens, int streamedTokens) {
    this.id = id;
    this.inputTokens = inputTokens;
    streamed = streamedTokens > 0;
    tokenNanos = new long[streamedTokens];
    tokenDueNanos = new long[streamedTokens];
  }

  void setFault(Fault fault) {
    this.fault = fault;
  }

  /** Records the admission of a choice. Here and below, the first choice counts. */
  void admitted(long nanos) {
    admittedNanos = first(admittedNanos, nanos);
  }

  /**
   * Records the start of a prefill.
   *
   * @param cachedTokens cached tokens of a prompt; 0 for further choices of the same prompt
   */
  void prefillStarted(int cachedTokens, long nanos) {
    this.cachedTokens += cachedTokens;
    prefillStartNanos = first(prefillStartNanos, nanos);
  }

  void prefillEnded(long nanos) {
    prefillEndNanos = first(prefillEndNanos, nanos);
  }

  private static long first(long known, long next) {
    return known == 0 ? next : known;
  }

  /** Must be called directly before the first byte of the response is written. */
  void recordFirstWrite() {
    status = OK;
    firstWriteNanos = System.nanoTime();
  }

  /** Must be called directly before tokens are written, or added to a whole response. */
  void tokens(int count, long dueNanos) {
    int end = Math.min(outputTokens + count, tokenNanos.length);
    if (outputTokens < end) {
      Arrays.fill(tokenDueNanos, outputTokens, end, dueNanos);
      Arrays.fill(tokenNanos, outputTokens, end, System.nanoTime());
    }
    outputTokens += count;
  }

  Usage usage(int reasoningTokens) {
    return new Usage(inputTokens, outputTokens, cachedTokens, reasoningTokens);
  }

  /** Must be called directly before an error is sent instead of a response. */
  void recordError(OpenAiError error) {
    firstWriteNanos = System.nanoTime();
    status = exchange.status(error).code();
    end(RequestOutcome.REFUSED);
  }

  /** Records that the client was found disconnected. */
  void clientLeft() {
    leftNanos = System.nanoTime();
  }

  /**
   * Records that the engine has ended a choice whose client has disconnected, and adds the request
   * to the log with the last one.
   *
   * @param tokens how many tokens it generated
   * @param choices of the request
   */
  void released(int tokens, long nanos, int choices) {
    generatedTokens += tokens;
    releasedNanos = Math.max(releasedNanos, nanos);
    if (++releasedChoices == choices) {
      end(RequestOutcome.GONE);
    }
  }

  /**
   * Adds the request to the log; only the first call counts. Must be called directly before the end
   * of the response is written, so that a client that has read it finds the request in the log, or
   * when the client has disconnected.
   */
  void end(RequestOutcome outcome) {
    if (!ended) {
      ended = true;
      log.add(truth(outcome));
    }
  }

  private RequestTruth truth(RequestOutcome outcome) {
    return new RequestTruth(
        id,
        exchange.request().header("X-Request-Id"),
        exchange.request().path(),
        exchange.request().protocol(),
        streamed,
        status,
        outcome,
        fault == null ? null : fault.toString(),
        new RequestTruth.Tokens(inputTokens, cachedTokens, outputTokens, generatedTokens(outcome)),
        new RequestTruth.Times(
            receivedEpochMillis,
            exchange.request().receivedNanos(),
            admittedNanos,
            prefillStartNanos,
            prefillEndNanos,
            firstWriteNanos,
            Arrays.copyOf(tokenNanos, Math.min(outputTokens, tokenNanos.length)),
            Arrays.copyOf(tokenDueNanos, Math.min(outputTokens, tokenDueNanos.length)),
            leftNanos == 0 ? System.nanoTime() : leftNanos,
            releasedNanos));
  }

  private int generatedTokens(RequestOutcome outcome) {
    return switch (outcome) {
      case GONE -> releasedNanos == 0 ? -1 : generatedTokens;
      case FAULT -> -1;
      case COMPLETE, REFUSED -> outputTokens;
    };
  }
}
