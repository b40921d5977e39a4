package dev.gatlingllm.stream;

import java.util.Arrays;

/**
 * Mutable and without any lock: written and read by one thread, the event loop of its reply; what
 * others may see is copied out of it.
 *
 * <p>When a reply's request was written, when each chunk that bears output arrived, what the reply
 * said and how it ended. All times are {@link System#nanoTime()}. A count of −1 means "not
 * reported", which is never the same as 0.
 */
public final class TokenTimeline {

  private static final int FIRST_CHUNKS = 64;
  private static final OutputKind[] KINDS = OutputKind.values();

  private long writtenNanos;
  private long endNanos;

  private int chunks;
  private long[] chunkNanos = {};
  private byte[] chunkKinds = {};
  private boolean firstOutput;
  private long firstOutputNanos;
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
   * The request was written. Called again when it is written a second time, after a redirect or on
   * a new connection: the timeline then starts afresh.
   *
   * @param nanos {@link System#nanoTime()} of the write
   */
  public void written(long nanos) {
    writtenNanos = nanos;
    endNanos = 0;
    chunks = 0;
    firstOutput = false;
    firstOutputNanos = 0;
    reasoning = false;
    text.setLength(0);
    toolArguments.setLength(0);
    status = 0;
    streamed = false;
    responseId = null;
    finishReason = null;
    inputTokens = -1;
    outputTokens = -1;
    cachedTokens = -1;
    error = null;
    unreadable = null;
    done = false;
    ended = false;
    failure = null;
  }

  /** When the request was last written. */
  public long writtenNanos() {
    return writtenNanos;
  }

  /** When the last byte of the body arrived, or the failure; 0 before. */
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

  /** The HTTP status, or 0 as long as there is none. */
  public int status() {
    return status;
  }

  /** Whether the reply came as a stream of chunks rather than as one body of JSON. */
  public boolean streamed() {
    return streamed;
  }

  /** How many chunks bore output; never the opener with a role only, nor the one with the usage. */
  public int chunks() {
    return chunks;
  }

  /**
   * When a chunk that bears output arrived.
   *
   * @param chunk from 0 to {@link #chunks()} − 1
   * @throws IndexOutOfBoundsException for any other
   */
  public long chunkNanos(int chunk) {
    checkChunk(chunk);
    return chunkNanos[chunk];
  }

  /** What a chunk bore; the range is that of {@link #chunkNanos(int)}. */
  public OutputKind chunkKind(int chunk) {
    checkChunk(chunk);
    return KINDS[chunkKinds[chunk]];
  }

  /** When each chunk that bears output arrived, in order, in an array of the caller's own. */
  public long[] chunkNanosCopy() {
    return Arrays.copyOf(chunkNanos, chunks);
  }

  /** Whether any output but reasoning came. */
  public boolean hasFirstOutput() {
    return firstOutput;
  }

  /** When the first output came that is not reasoning; 0 where {@link #hasFirstOutput()} is not. */
  public long firstOutputNanos() {
    return firstOutputNanos;
  }

  /** Whether the model was seen thinking. */
  public boolean hasReasoning() {
    return reasoning;
  }

  /** What the reply says: content or completion text, without reasoning and tool calls. */
  public String text() {
    return text.toString();
  }

  /** The arguments of the reply's tool calls, one after the other as they came; "" without any. */
  public String toolCallArguments() {
    return toolArguments.toString();
  }

  /** Why the model stopped, in the server's words, or null where it did not say. */
  public String finishReason() {
    return finishReason;
  }

  /** The {@code id} that the server gave its reply, or null. */
  public String responseId() {
    return responseId;
  }

  /** Prompt tokens as the server counted them, or −1. */
  public int inputTokens() {
    return inputTokens;
  }

  /** Output tokens as the server counted them, or −1. */
  public int outputTokens() {
    return outputTokens;
  }

  /** Prompt tokens that the server took from its prefix cache, or −1. */
  public int cachedTokens() {
    return cachedTokens;
  }

  void head(int status) {
    this.status = status;
  }

  void streams() {
    streamed = true;
  }

  void output(OutputKind kind, long nanos) {
    if (chunks == chunkNanos.length) {
      int room = Math.max(FIRST_CHUNKS, chunks * 2);
      chunkNanos = Arrays.copyOf(chunkNanos, room);
      chunkKinds = Arrays.copyOf(chunkKinds, room);
    }
    chunkNanos[chunks] = nanos;
    chunkKinds[chunks] = (byte) kind.ordinal();
    chunks++;
    if (!firstOutput && kind != OutputKind.REASONING) {
      firstOutput = true;
      firstOutputNanos = nanos;
    }
  }

  void append(CharSequence moreText, CharSequence moreToolArguments) {
    text.append(moreText);
    toolArguments.append(moreToolArguments);
  }

  void reasoned() {
    reasoning = true;
  }

  /** The first id counts. */
  void identified(String id) {
    responseId = responseId == null ? id : responseId;
  }

  /** The latest reason counts. */
  void finished(String reason) {
    finishReason = reason == null ? finishReason : reason;
  }

  /** The latest counts count; −1 says nothing. */
  void counted(int input, int output, int cached) {
    inputTokens = input < 0 ? inputTokens : input;
    outputTokens = output < 0 ? outputTokens : output;
    cachedTokens = cached < 0 ? cachedTokens : cached;
  }

  /** The first error counts: what follows is often its echo. */
  void failed(ServerError serverError) {
    error = error == null ? serverError : error;
  }

  ServerError error() {
    return error;
  }

  /** Something came that cannot be read. */
  void unreadable(String what) {
    unreadable = unreadable == null ? what : unreadable;
  }

  String unreadable() {
    return unreadable;
  }

  void done() {
    done = true;
  }

  boolean isDone() {
    return done;
  }

  /** Whether the server said that the reply is complete, in either of the two ways. */
  boolean isComplete() {
    return done || finishReason != null;
  }

  /** Notes the end of the response, and why it failed, or null. */
  void ended(Failure reason, long nanos) {
    ended = true;
    failure = reason;
    endNanos = nanos;
  }

  private void checkChunk(int chunk) {
    if (chunk < 0 || chunk >= chunks) {
      throw new IndexOutOfBoundsException("chunk " + chunk + " of " + chunks);
    }
  }
}
