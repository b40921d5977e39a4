package dev.gatlingllm.metrics;

import dev.gatlingllm.stream.Failure;
import java.util.stream.LongStream;

/**
 * A measured response to one request: built once when the response has ended, immutable, handed
 * from the event loop to the recorder and from there to every sink.
 *
 * <p>Inside a response, a number that is not known is {@link #UNKNOWN}, which is never the same as
 * 0, and a text that is not known is null.
 *
 * @param who who sent the request
 * @param turn the request's place in its conversation
 * @param timing when things happened
 * @param usage how many tokens were counted
 * @param outcome how the response ended
 */
public record Response(Who who, Turn turn, Timing timing, Usage usage, Outcome outcome) {

  /** A count or duration that is not known. */
  public static final int UNKNOWN = -1;

  /**
   * Who sent the request.
   *
   * @param scenario Gatling's name of the scenario
   * @param request Gatling's name of the request, without its groups
   * @param user Gatling's number of the virtual user, from 1
   * @param conversation id of the conversation, or null for a request outside of one
   * @param group prefix group from 0, or {@link #UNKNOWN}
   */
  public record Who(String scenario, String request, long user, String conversation, int group) {}

  /**
   * The request's place in its conversation, and what the client knows about its prompt.
   *
   * @param number turn of the conversation from 1, or 0 for a request outside of one
   * @param attempt number of the attempt at this turn, from 1
   * @param expectedInputTokens prompt tokens by the client's own count
   * @param reusableTokens how many of these an earlier prompt already sent
   * @param droppedTokens tokens of earlier turns that were left out to fit the context window
   */
  public record Turn(
      int number, int attempt, int expectedInputTokens, int reusableTokens, int droppedTokens) {}

  /**
   * When things happened. Moments are {@link System#nanoTime()}.
   *
   * @param writtenEpochMillis wall clock when the request was written
   * @param writtenNanos when the request was written
   * @param endNanos when the last byte of the body arrived, or the failure
   * @param chunkNanos when each output-bearing chunk arrived, in order; must not be modified
   * @param ttfoNanos time to first output token, which is not reasoning, or {@link #UNKNOWN}
   * @param scheduleDelayNanos time from the moment the request was due until it was written, or
   *     {@link #UNKNOWN} where no moment was set
   * @param newConnection whether a connection was opened for this request
   */
  public record Timing(
      long writtenEpochMillis,
      long writtenNanos,
      long endNanos,
      long[] chunkNanos,
      long ttfoNanos,
      long scheduleDelayNanos,
      boolean newConnection) {

    /** Returns the number of output-bearing chunks. */
    public int chunks() {
      return chunkNanos.length;
    }

    /** Returns whether any output arrived. */
    public boolean hasOutput() {
      return chunkNanos.length > 0;
    }

    /** Returns the time to first token in nanoseconds, or {@link #UNKNOWN} without output. */
    public long ttftNanos() {
      return hasOutput() ? chunkNanos[0] - writtenNanos : UNKNOWN;
    }

    /** Returns the end-to-end latency in nanoseconds. */
    public long e2eNanos() {
      return endNanos - writtenNanos;
    }
  }

  /**
   * How many tokens were counted.
   *
   * @param inputTokens prompt tokens that the server counted
   * @param cachedTokens prompt tokens that the server took from its prefix cache
   * @param outputTokens tokens of the response
   * @param outputTokensSource who counted these
   */
  public record Usage(
      int inputTokens, int cachedTokens, int outputTokens, OutputTokensSource outputTokensSource) {

    /** Returns whether the server or a tokenizer counted the output tokens. */
    public boolean isOutputCounted() {
      return outputTokens >= 0 && outputTokensSource != OutputTokensSource.CHUNKS;
    }
  }

  /** Who counted the tokens of a response, best first. */
  public enum OutputTokensSource {
    /** The server, in {@code usage.completion_tokens}. */
    USAGE,
    /** The client's tokenizer, from the text of the response. */
    TOKENIZER,
    /** Nobody: the number of output-bearing chunks is used instead. */
    CHUNKS
  }

  /**
   * How the response ended.
   *
   * @param failure why the response failed, or null for a good one
   * @param conversationBroken whether the failure ended the conversation early
   * @param finishReason why the model stopped, in the server's words, or null
   * @param responseId the {@code id} that the server gave the response, or null
   */
  public record Outcome(
      Failure failure, boolean conversationBroken, String finishReason, String responseId) {

    /** Returns the label under which the failure is counted, or null for a good response. */
    public String failureKind() {
      return failure == null ? null : failure.kind();
    }

    /** Returns what happened, in untrusted words; null for a good response or where not kept. */
    public String failureMessage() {
      return failure == null ? null : failure.message();
    }
  }

  /** Returns whether the response is good. */
  public boolean ok() {
    return outcome.failure == null;
  }

  /** Returns the prompt tokens as the server counted them, else as the client expected them. */
  public int inputTokensOrExpected() {
    return usage.inputTokens >= 0 ? usage.inputTokens : turn.expectedInputTokens;
  }

  /**
   * Returns the time per output token in nanoseconds, or {@link #UNKNOWN} for fewer than 2 tokens.
   */
  public double tpotNanos() {
    long[] chunks = timing.chunkNanos;
    return timing.hasOutput() && usage.outputTokens >= 2
        ? (double) (chunks[chunks.length - 1] - chunks[0]) / (usage.outputTokens - 1)
        : UNKNOWN;
  }

  /** Returns the same response at another time. */
  Response movedBy(long nanos) {
    if (nanos == 0) {
      return this;
    }
    Timing moved =
        new Timing(
            timing.writtenEpochMillis,
            timing.writtenNanos + nanos,
            timing.endNanos + nanos,
            LongStream.of(timing.chunkNanos).map(chunk -> chunk + nanos).toArray(),
            timing.ttfoNanos,
            timing.scheduleDelayNanos,
            timing.newConnection);
    return new Response(who, turn, moved, usage, outcome);
  }

  /**
   * Starts a response.
   *
   * @param scenario Gatling's name of the scenario
   * @param request Gatling's name of the request
   * @param user Gatling's number of the virtual user, from 1
   */
  public static Builder to(String scenario, String request, long user) {
    return new Builder(scenario, request, user);
  }

  /**
   * Collects the components of a response, under the names and in the units of the records. What is
   * not set is unknown. Used by one thread.
   */
  public static final class Builder {

    private Who who;
    private Turn turn = new Turn(0, 1, UNKNOWN, UNKNOWN, UNKNOWN);
    private long writtenEpochMillis;
    private long writtenNanos;
    private long endNanos;
    private long[] chunkNanos = {};
    private long ttfoNanos = UNKNOWN;
    private long scheduleDelayNanos = UNKNOWN;
    private boolean newConnection;
    private int inputTokens = UNKNOWN;
    private int cachedTokens = UNKNOWN;
    private int outputTokens = UNKNOWN;
    private OutputTokensSource outputTokensSource;
    private Failure failure;
    private boolean conversationBroken;
    private String finishReason;
    private String responseId;

    private Builder(String scenario, String request, long user) {
      who = new Who(scenario, request, user, null, UNKNOWN);
    }

    public Builder conversation(String id, int group) {
      who = new Who(who.scenario, who.request, who.user, id, group);
      return this;
    }

    public Builder turn(Turn turn) {
      this.turn = turn;
      return this;
    }

    /** Sets when the request was written and when the response ended. */
    public Builder times(long writtenEpochMillis, long writtenNanos, long endNanos) {
      this.writtenEpochMillis = writtenEpochMillis;
      this.writtenNanos = writtenNanos;
      this.endNanos = endNanos;
      return this;
    }

    /** Sets the {@link System#nanoTime()} of each output-bearing chunk; the array is kept. */
    public Builder chunks(long... nanos) {
      chunkNanos = nanos;
      return this;
    }

    public Builder ttfo(long nanos) {
      ttfoNanos = nanos;
      return this;
    }

    public Builder scheduleDelay(long nanos) {
      scheduleDelayNanos = nanos;
      return this;
    }

    public Builder newConnection(boolean opened) {
      newConnection = opened;
      return this;
    }

    public Builder promptTokens(int input, int cached) {
      inputTokens = input;
      cachedTokens = cached;
      return this;
    }

    public Builder output(int tokens, OutputTokensSource source) {
      outputTokens = tokens;
      outputTokensSource = source;
      return this;
    }

    public Builder failure(Failure reason) {
      failure = reason;
      return this;
    }

    /** Sets why the response failed: the label, and what happened, which may be null. */
    public Builder failure(String kind, String message) {
      return failure(new Failure(kind, message));
    }

    public Builder conversationBroken(boolean broken) {
      conversationBroken = broken;
      return this;
    }

    public Builder finishReason(String reason) {
      finishReason = reason;
      return this;
    }

    public Builder responseId(String id) {
      responseId = id;
      return this;
    }

    public Response build() {
      return new Response(
          who,
          turn,
          new Timing(
              writtenEpochMillis,
              writtenNanos,
              endNanos,
              chunkNanos,
              ttfoNanos,
              scheduleDelayNanos,
              newConnection),
          new Usage(inputTokens, cachedTokens, outputTokens, outputTokensSource),
          new Outcome(failure, conversationBroken, finishReason, responseId));
    }
  }
}
