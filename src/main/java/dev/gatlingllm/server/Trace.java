package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;
import java.util.Arrays;

/**
 * Writes one request's truth down while it happens. Handed over from the thread that reads the
 * request to its event loop, and used there alone from then on.
 */
final class Trace {

  private static final int OK = 200;
  private static final long[] NO_TOKENS = {};

  private final TruthLog log;
  private final Exchange exchange;
  private final long receivedEpochMillis;
  private String id;
  private Fault fault;
  private boolean streamed;
  private int status;
  private int inputTokens = -1;
  private int cachedTokens;
  private int tokens;
  private long admittedNanos;
  private long prefillStartNanos;
  private long prefillEndNanos;
  private long firstWriteNanos;
  private long[] tokenNanos = NO_TOKENS;
  private long[] tokenDueNanos = NO_TOKENS;
  private boolean ended;

  Trace(TruthLog log, Exchange exchange) {
    this.log = log;
    this.exchange = exchange;
    long since = System.nanoTime() - exchange.receivedNanos();
    fault = exchange.metOnConnecting();
    receivedEpochMillis = System.currentTimeMillis() - Math.round(since / 1e6);
  }

  /**
   * The request is understood and will have a reply.
   *
   * @param streamedTokens how many tokens will be written one by one; 0 for a reply in one piece
   */
  void accepted(String id, int inputTokens, int streamedTokens) {
    this.id = id;
    this.inputTokens = inputTokens;
    streamed = streamedTokens > 0;
    tokenNanos = new long[streamedTokens];
    tokenDueNanos = new long[streamedTokens];
  }

  /** The request meets a fault. */
  void meets(Fault fault) {
    this.fault = fault;
  }

  /** One of the request's choices is admitted; the first is what counts, here and below. */
  void admitted(long nanos) {
    admittedNanos = first(admittedNanos, nanos);
  }

  /**
   * @param cachedTokens of a prompt; 0 for a further reply to the same prompt
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

  /** To be called right before the response's first byte is written. */
  void firstWrite() {
    status = OK;
    firstWriteNanos = System.nanoTime();
  }

  /** To be called right before tokens are written to a stream, or as they join a whole reply. */
  void tokens(int count, long dueNanos) {
    int streamed = Math.min(tokens + count, tokenNanos.length);
    if (tokens < streamed) {
      Arrays.fill(tokenDueNanos, tokens, streamed, dueNanos);
      Arrays.fill(tokenNanos, tokens, streamed, System.nanoTime());
    }
    tokens += count;
  }

  Usage usage(boolean reportCachedTokens, int reasoningTokens) {
    return new Usage(
        inputTokens,
        tokens,
        reportCachedTokens ? cachedTokens : null,
        reasoningTokens > 0 ? reasoningTokens : null);
  }

  /** To be called right before the request is answered with an error. */
  void refused(int status) {
    firstWriteNanos = System.nanoTime();
    this.status = status;
    end(Outcome.REFUSED);
  }

  /**
   * Logs the truth; what ends a request first is what did. To be called right before the end of the
   * reply is written, so that a client that has read it finds it logged; or once the client is
   * gone.
   */
  void end(Outcome outcome) {
    if (!ended) {
      ended = true;
      log.add(truth(outcome));
    }
  }

  private RequestTruth truth(Outcome outcome) {
    return new RequestTruth(
        id,
        exchange.header("X-Request-Id"),
        exchange.path(),
        exchange.protocol(),
        streamed,
        status,
        outcome,
        fault == null ? null : fault.toString(),
        inputTokens,
        cachedTokens,
        tokens,
        receivedEpochMillis,
        exchange.receivedNanos(),
        admittedNanos,
        prefillStartNanos,
        prefillEndNanos,
        firstWriteNanos,
        Arrays.copyOf(tokenNanos, Math.min(tokens, tokenNanos.length)),
        Arrays.copyOf(tokenDueNanos, Math.min(tokens, tokenDueNanos.length)),
        System.nanoTime());
  }
}
