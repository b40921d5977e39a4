package dev.gatlingllm.metrics;

import java.util.stream.LongStream;

/**
 * One reply, measured: made once when the reply has ended, immutable, handed from the event loop to
 * the recorder. A count of −1 means "not known" or "not reported", which is never the same as 0.
 *
 * @param scenario Gatling's name of the scenario
 * @param request Gatling's name of the request, groups left out
 * @param user Gatling's number of the virtual user, from 1
 * @param conversation id of the conversation, or null for a request outside of one
 * @param group prefix group from 0, or −1
 * @param turn turn of the conversation from 1, or 0 for a request outside of one
 * @param attempt number of the try at this turn, from 1: retries count up
 * @param writtenEpochMillis wall clock at the moment the request was written
 * @param writtenNanos {@link System#nanoTime()} when the request was written
 * @param endNanos {@link System#nanoTime()} at the last byte of the body, or at the failure
 * @param chunkNanos {@link System#nanoTime()} at each output-bearing chunk, in order; not to be
 *     modified
 * @param firstOutputNanos {@link System#nanoTime()} at the first output that is not reasoning; only
 *     read where {@code hasFirstOutput}
 * @param hasFirstOutput whether any output but reasoning came
 * @param failure why the reply failed, or null where it is good
 * @param conversationBroken whether the failure ended the conversation before its time
 * @param inputTokens prompt tokens that the server counted
 * @param inputTokensExpected prompt tokens by our own arithmetic
 * @param reusableTokens of those, the ones that an earlier prompt already sent
 * @param droppedTokens tokens of earlier turns that were left out so that the prompt fits; −1 for a
 *     request outside of a conversation
 * @param cachedTokens prompt tokens that the server took from its prefix cache
 * @param outputTokens tokens of the reply
 * @param outputTokensSource where that count comes from
 * @param scheduleDelayNanos request written − moment at which it was due; −1 where no moment was
 *     set
 * @param newConnection whether a connection was opened for this request
 * @param responseId the {@code id} that the server gave its reply, or null
 */
public record TurnMeasurement(
    String scenario,
    String request,
    long user,
    String conversation,
    int group,
    int turn,
    int attempt,
    long writtenEpochMillis,
    long writtenNanos,
    long endNanos,
    long[] chunkNanos,
    long firstOutputNanos,
    boolean hasFirstOutput,
    Failure failure,
    boolean conversationBroken,
    int inputTokens,
    int inputTokensExpected,
    int reusableTokens,
    int droppedTokens,
    int cachedTokens,
    int outputTokens,
    OutputTokensSource outputTokensSource,
    long scheduleDelayNanos,
    boolean newConnection,
    String responseId) {

  /** Who counted the tokens of a reply, best first. */
  public enum OutputTokensSource {
    /** The server, in {@code usage.completion_tokens}. */
    USAGE,
    /** Our tokenizer, over the reply's text. */
    TOKENIZER,
    /** Nobody: the number of output-bearing chunks stands in. */
    CHUNKS
  }

  /** Whether the reply is good. */
  public boolean ok() {
    return failure == null;
  }

  /** Whether any output arrived. */
  public boolean hasOutput() {
    return chunkNanos.length > 0;
  }

  /** Prompt tokens as the server counted them, else as expected; −1 where neither is known. */
  public int inputTokensOrExpected() {
    return inputTokens >= 0 ? inputTokens : inputTokensExpected;
  }

  /** Time to first token in nanoseconds, or −1 where no output came. */
  public long ttftNanos() {
    return hasOutput() ? chunkNanos[0] - writtenNanos : -1;
  }

  /** Time to first output token in nanoseconds, or −1 where none came. */
  public long ttfoNanos() {
    return hasFirstOutput ? firstOutputNanos - writtenNanos : -1;
  }

  /** End-to-end latency in nanoseconds. */
  public long e2eNanos() {
    return endNanos - writtenNanos;
  }

  /** Time per output token in nanoseconds, or −1 for replies of fewer than 2 tokens. */
  public double tpotNanos() {
    return hasOutput() && outputTokens >= 2
        ? (double) (chunkNanos[chunkNanos.length - 1] - chunkNanos[0]) / (outputTokens - 1)
        : -1;
  }

  /** The same reply at another time. */
  TurnMeasurement movedBy(long nanos) {
    return nanos == 0
        ? this
        : new TurnMeasurement(
            scenario,
            request,
            user,
            conversation,
            group,
            turn,
            attempt,
            writtenEpochMillis,
            writtenNanos + nanos,
            endNanos + nanos,
            LongStream.of(chunkNanos).map(chunk -> chunk + nanos).toArray(),
            firstOutputNanos + nanos,
            hasFirstOutput,
            failure,
            conversationBroken,
            inputTokens,
            inputTokensExpected,
            reusableTokens,
            droppedTokens,
            cachedTokens,
            outputTokens,
            outputTokensSource,
            scheduleDelayNanos,
            newConnection,
            responseId);
  }
}
