package dev.gatlingllm.metrics;

import dev.gatlingllm.stream.Failure;
import dev.gatlingllm.text.Redactor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
 * @param oddities what is odd about the response without making it a failure; most often empty
 * @param content what the response and its prompt have besides plain text; most often nothing
 */
public record Response(
    Who who,
    Turn turn,
    Timing timing,
    Usage usage,
    Outcome outcome,
    Set<Oddity> oddities,
    Content content) {

  /** A count or duration that is not known. */
  public static final int UNKNOWN = -1;

  /** Fewer tokens may come at once by chance. */
  private static final int MIN_TOKENS_OF_STREAM = 4;

  /** No server generates 5,000 tokens per second for one response. */
  static final long MIN_STEP_NANOS = 200_000;

  /** Creates a response of plain text that was not checked. */
  public Response(
      Who who, Turn turn, Timing timing, Usage usage, Outcome outcome, Set<Oddity> oddities) {
    this(who, turn, timing, usage, outcome, oddities, Content.TEXT);
  }

  /**
   * What a good response and its prompt have besides plain text.
   *
   * @param images images of the prompt
   * @param textTokens tokens of the prompt without its images, by the client's own count; {@link
   *     #UNKNOWN} where there is no image
   * @param repetition how the response compares with others to the same prompt; null if it was not
   *     compared
   * @param isJson whether the text is valid JSON; null if the request did not ask for JSON
   */
  public record Content(
      int images, int textTokens, @Nullable Repetition repetition, @Nullable Boolean isJson) {

    /** Nothing but text, which was not checked. */
    public static final Content TEXT = new Content(0, UNKNOWN, null, null);
  }

  /**
   * A response to a prompt that is sent again and again at temperature 0, so that all responses to
   * it must be equal.
   *
   * @param textHash hash of its text
   * @param isFirst whether it is the one that the others are compared with
   * @param differsAt number of characters before the first one that differs from the first
   *     response; {@link #UNKNOWN} if all are equal
   */
  public record Repetition(int textHash, boolean isFirst, int differsAt) {

    /** Returns whether the text differs from that of the first response. */
    public boolean differs() {
      return differsAt >= 0;
    }
  }

  /**
   * Who sent the request.
   *
   * @param scenario Gatling's name of the scenario
   * @param request Gatling's name of the request, without its groups
   * @param user Gatling's number of the virtual user, from 1
   * @param conversation id of the conversation, or null for a request outside of one
   * @param group prefix group from 0, or {@link #UNKNOWN}
   * @param model the model that the request asked, or null if it is unknown or has no name
   * @param api the API of the request by its key in settings, such as {@code chat}, or null if it
   *     is unknown
   */
  public record Who(
      String scenario,
      String request,
      long user,
      @Nullable String conversation,
      int group,
      @Nullable String model,
      @Nullable String api) {

    /** Makes the names of model and API one line without secrets, as all output shows them. */
    public Who {
      model = model == null || model.isBlank() ? null : Outcome.line(model);
      api = Outcome.line(api);
    }
  }

  /**
   * The request's place in its conversation, and what the client knows about its prompt.
   *
   * @param number turn of the conversation from 1, or 0 for a request outside of one
   * @param attempt number of the attempt at this turn, from 1
   * @param expectedInputTokens prompt tokens by the client's own count
   * @param reusableTokens how many of these an earlier prompt already sent
   * @param droppedTokens tokens of all earlier turns that the prompt lacks to fit the context
   *     window
   * @param messages messages of the prompt, the system prompt included
   * @param maxTokens tokens that the response was asked to have at most
   * @param isLast whether the conversation ended with this response: it has no turn after this one,
   *     and no other attempt at this one follows
   * @param afterTools whether the turn carries results of tools: the time before it is theirs
   */
  public record Turn(
      int number,
      int attempt,
      int expectedInputTokens,
      int reusableTokens,
      int droppedTokens,
      int messages,
      int maxTokens,
      boolean isLast,
      boolean afterTools) {

    /** Creates a turn of unknown length of response, that another one may follow. */
    public Turn(int number, int attempt, int expected, int reusable, int dropped, int messages) {
      this(number, attempt, expected, reusable, dropped, messages, UNKNOWN, false, false);
    }

    /** Creates the same turn, with which the conversation ended. */
    private Turn(Turn last) {
      this(
          last.number,
          last.attempt,
          last.expectedInputTokens,
          last.reusableTokens,
          last.droppedTokens,
          last.messages,
          last.maxTokens,
          true,
          last.afterTools);
    }

    /** The place of a request outside of a conversation. */
    public static final Turn NONE = new Turn(0, 1, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
  }

  /**
   * When things happened. Moments are {@link System#nanoTime()}.
   *
   * @param writtenEpochMillis wall clock when the request was written
   * @param writtenNanos when the request was written
   * @param endNanos when the last byte of the body arrived, or the failure
   * @param chunkNanos when each output-bearing chunk arrived, in order; must not be modified
   * @param chunkChoices the choice of each chunk, from 0; empty where all are of the first one;
   *     must not be modified
   * @param finishNanos when the chunk with the finish reason arrived, or 0 without one
   * @param ttfoNanos time to first output token, which is not reasoning, or {@link #UNKNOWN}
   * @param scheduleDelayNanos time from the moment the request was due until it was written, or
   *     {@link #UNKNOWN} where no moment was set
   * @param newConnection whether a connection was opened for this request
   * @param connectNanos time from the moment Gatling began to open that connection until the
   *     request was written: DNS, TCP and TLS; {@link #UNKNOWN} where it was first written on a
   *     kept one
   * @param resent whether the request was written a second time, because a reused connection closed
   *     before any response; {@code writtenNanos} is the first time
   */
  public record Timing(
      long writtenEpochMillis,
      long writtenNanos,
      long endNanos,
      long[] chunkNanos,
      int[] chunkChoices,
      long finishNanos,
      long ttfoNanos,
      long scheduleDelayNanos,
      boolean newConnection,
      long connectNanos,
      boolean resent) {

    /** Stands for the gap before the first chunk of a choice. */
    static final long NO_GAP = Long.MIN_VALUE;

    /** Returns the times of a turn that was never sent: one moment, and no more. */
    public static Timing unsent(long epochMillis, long nanos) {
      return new Timing(
          epochMillis,
          nanos,
          nanos,
          new long[0],
          new int[0],
          0,
          UNKNOWN,
          UNKNOWN,
          false,
          UNKNOWN,
          false);
    }

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

    /** Returns the schedule delay without connecting, or {@link #UNKNOWN}. */
    public long sendDelayNanos() {
      return scheduleDelayNanos < 0
          ? UNKNOWN
          : Math.max(0, scheduleDelayNanos - Math.max(0, connectNanos));
    }

    /** Returns the number of choices that had output. */
    public int choices() {
      return chunkChoices.length == 0 ? 1 : (int) Arrays.stream(chunkChoices).distinct().count();
    }

    /**
     * Returns for each chunk its distance in nanoseconds from the one before it of the same choice,
     * or {@link #NO_GAP} where there is none before it.
     */
    long[] gaps() {
      long[] gaps = new long[chunkNanos.length];
      if (chunkChoices.length > 0) {
        Map<Integer, Long> last = new HashMap<>();
        for (int i = 0; i < gaps.length; i++) {
          Long before = last.put(chunkChoices[i], chunkNanos[i]);
          gaps[i] = before == null ? NO_GAP : chunkNanos[i] - before;
        }
      } else if (hasOutput()) {
        gaps[0] = NO_GAP;
        for (int i = 1; i < gaps.length; i++) {
          gaps[i] = chunkNanos[i] - chunkNanos[i - 1];
        }
      }
      return gaps;
    }

    /** Returns the longest gap that ends with one of the first chunks, or {@link #NO_GAP}. */
    long longestGapNanos(int chunks) {
      return Arrays.stream(gaps(), 0, chunks).max().orElse(NO_GAP);
    }

    /** Returns the longest gap that ends with another chunk than the first ones, or less than 0. */
    long longestLaterGapNanos(int chunks) {
      long[] gaps = gaps();
      return Arrays.stream(gaps, Math.min(chunks, gaps.length), gaps.length).max().orElse(NO_GAP);
    }

    /** Returns the sum of the gaps between successive chunks, over all choices. */
    long gapsNanos() {
      if (chunkChoices.length == 0) {
        return hasOutput() ? chunkNanos[chunkNanos.length - 1] - chunkNanos[0] : 0;
      }
      long sum = 0;
      for (long gap : gaps()) {
        sum += gap == NO_GAP ? 0 : gap;
      }
      return sum;
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
   * @param outputTokens tokens of the response, reasoning included
   * @param reasoningTokens how many of these were reasoning, as the server counted them
   * @param hiddenTokens how many of these no chunk shows, because the server keeps its reasoning to
   *     itself; from 0
   * @param outputTokensSource who counted the tokens of the response
   */
  public record Usage(
      int inputTokens,
      int cachedTokens,
      int outputTokens,
      int reasoningTokens,
      int hiddenTokens,
      OutputTokensSource outputTokensSource) {

    /** Nothing was counted. */
    public static final Usage NONE =
        new Usage(UNKNOWN, UNKNOWN, 0, UNKNOWN, 0, OutputTokensSource.CHUNKS);

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
    /** Unknown: the number of output-bearing chunks is used instead. */
    CHUNKS
  }

  /** How a turn ended. */
  public enum Status {
    /** The response is good. */
    OK,
    /** The request or the response failed. */
    KO,
    /**
     * The request was under way when the load was stopped: neither good nor failed. Its end is the
     * moment at which it was cut.
     */
    CUT,
    /**
     * The user left before the response had ended: neither good nor failed. Its end is the moment
     * at which the client disconnected.
     */
    ABANDONED,
    /** The turn was never sent, because it did not fit the context window: it is not a request. */
    UNSENT
  }

  /**
   * How the response ended.
   *
   * @param status in one word
   * @param failure why the response failed or the turn was not sent; null for the other two
   * @param conversationBroken whether the failure ended the conversation early
   * @param finishReason why the model stopped, in the server's words, or null
   * @param responseId the {@code id} that the server gave the response, or null
   * @param replica the replica that answered, or null if it is unknown
   */
  public record Outcome(
      Status status,
      @Nullable Failure failure,
      boolean conversationBroken,
      @Nullable String finishReason,
      @Nullable String responseId,
      @Nullable String replica) {

    /** Finish reasons of a model that ended the response itself, with a token of its own. */
    public static final Set<String> AT_THE_END = Set.of("stop", "eos", "eos_token", "end_turn");

    /** Finish reasons of a response that has as many tokens as it may have. */
    public static final Set<String> AT_A_LIMIT = Set.of("length", "model_length", "max_tokens");

    /** Finish reasons of a response that calls tools. */
    public static final Set<String> AT_A_CALL = Set.of("tool_calls", "function_call");

    private static final int MAX_WORDS = 200;
    private static final String NOT_BUILT = "not built";

    /**
     * Makes each text one line without secrets, as all output shows them.
     *
     * @throws IllegalArgumentException for a failed response or a turn not sent, without a reason
     */
    public Outcome {
      if (failure == null && (status == Status.KO || status == Status.UNSENT)) {
        throw new IllegalArgumentException("a failure without a reason");
      }
      finishReason = line(finishReason);
      responseId = line(responseId);
      replica = line(replica);
    }

    /**
     * Returns how many ends of sequences a server counted without sending them: one for each choice
     * that the model ended. Of several choices, the reason is known of one alone; others may have
     * ended in another way.
     *
     * @param beyond tokens that the server counted beyond one for each chunk
     */
    public static int endsCounted(@Nullable String reason, int choices, int beyond) {
      boolean isEnd =
          reason != null
              && (AT_THE_END.contains(reason)
                  || (choices > 1 && (AT_A_LIMIT.contains(reason) || AT_A_CALL.contains(reason))));
      return isEnd && beyond > 0 && beyond <= choices ? beyond : 0;
    }

    /** Creates the outcome of a response from an unknown replica. */
    public Outcome(
        Status status,
        @Nullable Failure failure,
        boolean conversationBroken,
        @Nullable String finishReason,
        @Nullable String responseId) {
      this(status, failure, conversationBroken, finishReason, responseId, null);
    }

    /** Returns the same outcome with the replica that answered, or null if it is unknown. */
    public Outcome from(@Nullable String name) {
      return name == null
          ? this
          : new Outcome(status, failure, conversationBroken, finishReason, responseId, name);
    }

    private static @Nullable String line(@Nullable String text) {
      return text == null ? null : Redactor.ofProcess().line(text, MAX_WORDS);
    }

    /**
     * Returns whether the model was stopped at a limit of tokens, the server's or the request's.
     */
    boolean isAtLimit() {
      return finishReason != null && AT_A_LIMIT.contains(finishReason);
    }

    /** Returns whether the model stopped to have tools called. */
    boolean isAtACall() {
      return finishReason != null && AT_A_CALL.contains(finishReason);
    }

    /** Makes the outcome of a response that ended: a good one without a failure. */
    public Outcome(
        @Nullable Failure failure,
        boolean conversationBroken,
        @Nullable String finishReason,
        @Nullable String responseId) {
      this(
          failure == null ? Status.OK : Status.KO,
          failure,
          conversationBroken,
          finishReason,
          responseId);
    }

    /** Returns the outcome of a request that was under way when the load was stopped. */
    public static Outcome cut(@Nullable String responseId) {
      return new Outcome(Status.CUT, null, false, null, responseId);
    }

    /** Returns the outcome of a response that its user has abandoned. */
    public static Outcome abandoned(@Nullable String responseId) {
      return new Outcome(Status.ABANDONED, null, false, null, responseId);
    }

    /** Returns the outcome of a request that was never sent, because it could not be built. */
    public static Outcome notBuilt(String message, boolean conversationBroken) {
      return unsent(new Failure(NOT_BUILT, message), conversationBroken);
    }

    /** Returns whether the request was never sent because it could not be built. */
    public boolean isNotBuilt() {
      return status == Status.UNSENT && NOT_BUILT.equals(failureKind());
    }

    /** Returns the outcome of a turn that was never sent. */
    public static Outcome unsent(Failure reason, boolean conversationBroken) {
      return new Outcome(Status.UNSENT, reason, conversationBroken, null, null);
    }

    /** Returns an outcome as a run's files keep it: without messages and words of the model. */
    public static Outcome kept(
        Status status,
        @Nullable String failureKind,
        @Nullable String finishReason,
        @Nullable String responseId) {
      Failure failure = failureKind == null ? null : new Failure(failureKind, null);
      return new Outcome(status, failure, false, finishReason, responseId);
    }

    /**
     * Returns why the response failed or the turn was not sent; the outcome must be one of these.
     */
    public Failure reason() {
      return Objects.requireNonNull(failure, "neither failed nor unsent");
    }

    /** Returns the label under which the failure is counted, or null for a good response. */
    public @Nullable String failureKind() {
      return failure == null ? null : failure.kind();
    }

    /** Returns what happened, in untrusted words; null for a good response or where not kept. */
    public @Nullable String failureMessage() {
      return failure == null ? null : failure.message();
    }
  }

  /** Returns how it ended. */
  public Status status() {
    return outcome.status;
  }

  /** Returns whether the response came to its own end, well or not. */
  public boolean ended() {
    return outcome.status == Status.OK || outcome.status == Status.KO;
  }

  /** Returns whether the response is good. */
  public boolean ok() {
    return outcome.status == Status.OK;
  }

  /** Returns the prompt tokens as the server counted them, else as the client expected them. */
  public int inputTokensOrExpected() {
    return usage.inputTokens >= 0 ? usage.inputTokens : turn.expectedInputTokens;
  }

  /**
   * Returns the tokens that the chunks show: without hidden reasoning, and without the
   * end-of-sequence token where the server counted it. {@link #UNKNOWN} where nobody counted.
   */
  public int shownTokens() {
    return usage.isOutputCounted()
        ? usage.outputTokens - usage.hiddenTokens - endsCounted()
        : UNKNOWN;
  }

  /** Returns whether it was no stream, so that its first token came with several others. */
  boolean isOneBody() {
    return oddities.contains(Oddity.ONE_BODY) && cameAtOnce();
  }

  /** Returns whether all tokens came so fast one after the other that they have no pace. */
  boolean cameAtOnce() {
    int tokens = usage.isOutputCounted() ? shownTokens() : timing.chunks();
    return timing.hasOutput()
        && tokens >= MIN_TOKENS_OF_STREAM
        && shownNanos() < MIN_STEP_NANOS * (tokens - 1);
  }

  /** Returns whether each chunk is known to be one token. */
  public boolean hasOneTokenPerChunk() {
    return usage.isOutputCounted() && shownTokens() == timing.chunks();
  }

  private int endsCounted() {
    return Outcome.endsCounted(outcome.finishReason, timing.choices(), tokensBeyondChunks());
  }

  /** Returns how many tokens the server counted beyond one for each chunk, or 0 if it did not. */
  private int tokensBeyondChunks() {
    return usage.outputTokensSource == OutputTokensSource.USAGE
        ? usage.outputTokens - usage.hiddenTokens - shownChunks()
        : 0;
  }

  /** Returns the number of chunks with tokens: without a summary of reasoning before the output. */
  private int shownChunks() {
    long summary = summaryNanos();
    return summary == 0
        ? timing.chunks()
        : (int)
            Arrays.stream(timing.chunkNanos)
                .filter(nanos -> nanos - timing.chunkNanos[0] >= summary)
                .count();
  }

  /**
   * Returns for how long a summary of reasoning came, whose tokens no chunk shows, before output.
   */
  private long summaryNanos() {
    return usage.hiddenTokens == 0 || timing.ttfoNanos == UNKNOWN
        ? 0
        : timing.ttfoNanos - timing.ttftNanos();
  }

  /** Returns the time in which the shown tokens came, from the first to the last, per choice. */
  long shownNanos() {
    return timing.gapsNanos() - summaryNanos();
  }

  /**
   * Returns the time per output token in nanoseconds: (last decoding step − first chunk with
   * tokens) / decoding steps between them. The last step is the last chunk with output, or the
   * chunk with the finish reason where the server counted more tokens than it sent chunks: it may
   * have generated the last ones, such as the end of the sequence, after the last chunk with
   * output. Of several choices, the spans and the steps are added, without the ends of their
   * sequences.
   *
   * @return {@link #UNKNOWN} where all output came in one chunk or at once, or if there is no step
   */
  public double tpotNanos() {
    long[] nanos = timing.chunkNanos;
    int choices = timing.choices();
    int tokens = usage.outputTokens - usage.hiddenTokens;
    int steps = tokens - choices - (choices > 1 ? endsCounted() : 0);
    if (shownChunks() <= choices || steps < 1 || cameAtOnce()) {
      return UNKNOWN;
    }
    boolean isEndAStep = choices == 1 && tokensBeyondChunks() > 0 && timing.finishNanos != 0;
    long toTheEnd = isEndAStep ? Math.max(0, timing.finishNanos - nanos[nanos.length - 1]) : 0;
    return (double) (shownNanos() + toTheEnd) / steps;
  }

  /** Returns the same response, with which its conversation ended if that is so. */
  public Response ending(boolean conversation) {
    return conversation
        ? new Response(who, new Turn(turn), timing, usage, outcome, oddities, content)
        : this;
  }

  /** Returns the same response with another count of its output tokens. */
  public Response withOutputTokens(int tokens, OutputTokensSource source) {
    return new Response(
        who,
        turn,
        timing,
        new Usage(
            usage.inputTokens,
            usage.cachedTokens,
            tokens,
            usage.reasoningTokens,
            usage.hiddenTokens,
            source),
        outcome,
        oddities,
        content);
  }

  /** Returns the same response with what it and its prompt have besides plain text. */
  public Response with(Content known) {
    return new Response(who, turn, timing, usage, outcome, oddities, known);
  }
}
