package dev.gatlingllm.stream;

import java.util.Arrays;

/**
 * When a request was written, when each chunk with output arrived, what the response said and how
 * it ended. All times are {@link System#nanoTime()}. A count of −1 means "not reported", which is
 * never the same as 0.
 *
 * <p>Mutable and without locks: one thread, the event loop of the response, writes and reads it.
 */
public final class TokenTimeline {

  private static final int FIRST_CHUNKS = 64;

  private long writtenNanos;
  private long endNanos;

  private int chunks;
  private long[] chunkNanos = {};
  private long ttfoNanos = -1;
  private boolean reasoning;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder toolArguments = new StringBuilder();

  private int status;
  private boolean streamed;
  private String responseId;
  private String finishReason;
  private int inputTokens = -1;
  private int outputTokens = -1;
  private int cachedTokens = -1;

  private ServerError error;
  private String unreadable;
  private boolean done;
  private boolean ended;
  private Failure failure;

  /**
   * Notes that the request is written, at the given {@link System#nanoTime()}. Called again when it
   * is written a second time on a new connection, before any response.
   */
  public void written(long nanos) {
    writtenNanos = nanos;
  }

  /** Returns when the request was last written. */
  public long writtenNanos() {
    return writtenNanos;
  }

  /** Returns when the last byte of the body or the failure came; 0 before. */
  public long endNanos() {
    return endNanos;
  }

  /** Returns whether the response has ended, well or not. */
  public boolean hasEnded() {
    return ended;
  }

  /** Returns why the response failed; null for a good one, and as long as it has not ended. */
  public Failure failure() {
    return failure;
  }

  /** Returns the HTTP status, or 0 as long as there is none. */
  public int status() {
    return status;
  }

  /** Returns whether the response is a stream of chunks rather than one body of JSON. */
  public boolean streamed() {
    return streamed;
  }

  /** Returns the number of chunks with output, without those of only a role or the usage. */
  public int chunks() {
    return chunks;
  }

  /** Returns a copy of the times at which chunks with output arrived, in order. */
  public long[] chunkNanosCopy() {
    return Arrays.copyOf(chunkNanos, chunks);
  }

  /** Returns the time to first output token, which is not reasoning, in nanoseconds, or −1. */
  public long ttfoNanos() {
    return ttfoNanos;
  }

  /** Returns whether reasoning came. */
  public boolean hasReasoning() {
    return reasoning;
  }

  /** Returns a copy of the content or completion text, without reasoning and tool calls. */
  public String text() {
    return text.toString();
  }

  /** Returns the arguments of the tool calls, one after the other as they came. */
  public String toolCallArguments() {
    return toolArguments.toString();
  }

  /** Returns why the model stopped, in the server's words, or null. */
  public String finishReason() {
    return finishReason;
  }

  /** Returns the {@code id} that the server gave the response, or null. */
  public String responseId() {
    return responseId;
  }

  /** Returns the prompt tokens as the server counted them, or −1. */
  public int inputTokens() {
    return inputTokens;
  }

  /** Returns the output tokens as the server counted them, or −1. */
  public int outputTokens() {
    return outputTokens;
  }

  /** Returns the prompt tokens that the server took from its prefix cache, or −1. */
  public int cachedTokens() {
    return cachedTokens;
  }

  void head(int status) {
    this.status = status;
  }

  void streams() {
    streamed = true;
  }

  /** Adds a chunk with output, which is either nothing but reasoning or more. */
  void output(boolean onlyReasoning, long nanos) {
    if (chunks == chunkNanos.length) {
      chunkNanos = Arrays.copyOf(chunkNanos, Math.max(FIRST_CHUNKS, chunks * 2));
    }
    chunkNanos[chunks++] = nanos;
    if (ttfoNanos < 0 && !onlyReasoning) {
      ttfoNanos = nanos - writtenNanos;
    }
  }

  void append(CharSequence moreText, CharSequence moreToolArguments) {
    text.append(moreText);
    toolArguments.append(moreToolArguments);
  }

  void reasoned() {
    reasoning = true;
  }

  /** Sets the id; the first one counts. */
  void identified(String id) {
    responseId = responseId == null ? id : responseId;
  }

  /** Sets the reason; the last one counts. */
  void finished(String reason) {
    finishReason = reason == null ? finishReason : reason;
  }

  /** Sets the counts, of which the last count; −1 changes nothing. */
  void counted(int input, int output, int cached) {
    inputTokens = input < 0 ? inputTokens : input;
    outputTokens = output < 0 ? outputTokens : output;
    cachedTokens = cached < 0 ? cachedTokens : cached;
  }

  /** Sets the error; the first one counts, because the next ones often only repeat it. */
  void failed(ServerError serverError) {
    error = error == null ? serverError : error;
  }

  ServerError error() {
    return error;
  }

  /** Notes an unreadable text; the first one counts. */
  void unreadable(String what) {
    unreadable = unreadable == null ? what : unreadable;
  }

  String unreadable() {
    return unreadable;
  }

  void done() {
    done = true;
  }

  /** Returns whether the server ended the response, by [DONE] or a finish_reason. */
  boolean isComplete() {
    return done || finishReason != null;
  }

  /** Notes the end of the response, and why it failed, or null. */
  void ended(Failure reason, long nanos) {
    ended = true;
    failure = reason;
    endNanos = nanos;
  }
}
