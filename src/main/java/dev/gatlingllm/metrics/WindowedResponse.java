package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Status;
import org.jspecify.annotations.Nullable;

/**
 * A response and what of it lies in a span of time: the measured window, or one iteration. Computed
 * once for all scopes that it enters. Used by one thread.
 *
 * <p>Each thing belongs to the span in which it happens: the outcome to that in which the response
 * ends, a sample to that of its own moment, a token to that in which it arrives.
 */
final class WindowedResponse {

  private final Response response;

  /** In which it ended. */
  private final int iteration;

  /** In which its request was written. */
  private final int writtenIn;

  private final RunClock clock;

  /** The first iteration of the span. */
  private final int first;

  /** The iteration after the span. */
  private final int end;

  private final CountedConversations conversations;
  private final Objectives objectives;

  /** Which objectives of goodput it meets, in their order. */
  private final boolean[] objectivesMet;

  /** Whether it has no token and was to have some. */
  private final boolean awaitsToken;

  private final @Nullable ConversationSums ended;

  /** Computed when they are first needed. */
  private @Nullable AddedAmounts amounts;

  private @Nullable AddedSamples samples;

  private WindowedResponse(
      Response response,
      int iteration,
      RunClock clock,
      int first,
      int end,
      CountedConversations conversations,
      Objectives objectives,
      boolean[] objectivesMet,
      boolean awaitsToken,
      @Nullable ConversationSums ended) {
    this.response = response;
    this.iteration = iteration;
    this.writtenIn = clock.iterationAt(response.timing().writtenNanos());
    this.clock = clock;
    this.first = first;
    this.end = end;
    this.conversations = conversations;
    this.objectives = objectives;
    this.objectivesMet = objectivesMet;
    this.awaitsToken = awaitsToken;
    this.ended = ended;
  }

  /**
   * Returns what of a response lies in the measured window.
   *
   * @param iteration in which it ended
   * @param clock converts its times
   * @param conversations remembers which scopes have counted which conversation
   * @param objectives of goodput
   * @param awaitsToken whether it has no token and was to have some, as no embeddings are
   * @param ended the conversation that ended with it; null for none
   */
  static WindowedResponse of(
      Response response,
      int iteration,
      RunClock clock,
      CountedConversations conversations,
      Objectives objectives,
      boolean awaitsToken,
      @Nullable ConversationSums ended) {
    return new WindowedResponse(
        response,
        iteration,
        clock,
        Window.WARM_UP + 1,
        Window.DRAIN,
        conversations,
        objectives,
        objectives.metBy(response),
        awaitsToken,
        ended);
  }

  /**
   * Returns what of the response lies in some iterations.
   *
   * @param first the first of them
   * @param end the one after the last of them
   */
  WindowedResponse within(int first, int end) {
    return new WindowedResponse(
        response,
        iteration,
        clock,
        first,
        end,
        conversations,
        objectives,
        objectivesMet,
        awaitsToken,
        ended);
  }

  Response response() {
    return response;
  }

  /** Returns the iteration in which it ended. */
  int iteration() {
    return iteration;
  }

  RunClock clock() {
    return clock;
  }

  CountedConversations conversations() {
    return conversations;
  }

  /** Returns which objectives of goodput it meets, in their order. */
  boolean[] objectivesMet() {
    return objectivesMet;
  }

  /** Returns what it adds to the totals of each scope. */
  AddedAmounts amounts() {
    if (amounts == null) {
      amounts = AddedAmounts.of(this);
    }
    return amounts;
  }

  /** Returns the samples that it adds to each scope. */
  AddedSamples samples() {
    if (samples == null) {
      samples = AddedSamples.of(this);
    }
    return samples;
  }

  /** Returns the tokens that arrived in the span, whatever became of the response. */
  double tokensThere() {
    if (isWhole()) {
      return tokens();
    }
    long[] arrivals = arrivals();
    long arrived = 0;
    for (long arrival : arrivals) {
      arrived += contains(arrival) ? 1 : 0;
    }
    return (double) tokens() * arrived / arrivals.length;
  }

  /**
   * Returns when the tokens arrived, as {@link System#nanoTime()}: with the chunks, or at the end
   * of the response if the server counted tokens that no chunk showed.
   */
  private long[] arrivals() {
    return response.timing().hasOutput()
        ? response.timing().chunkNanos()
        : new long[] {response.timing().endNanos()};
  }

  /** Returns the tokens of the response; how many each chunk has is not known. */
  private int tokens() {
    int counted = response.usage().outputTokens();
    return counted >= 0 ? counted : response.timing().chunks();
  }

  private int iterationAt(long nanos) {
    return nanos == response.timing().endNanos() ? iteration : clock.iterationAt(nanos);
  }

  /** Returns whether a moment of the response lies in the span. */
  boolean contains(long nanos) {
    int at = iterationAt(nanos);
    return first <= at && at < end;
  }

  /** Returns whether all of the response lies in the span, so that no moment need be looked at. */
  boolean isWhole() {
    return endedThere() && first <= writtenIn && writtenIn < end;
  }

  /** Returns whether it meets every objective; true if there are none. */
  boolean meetsObjectives() {
    for (boolean met : objectivesMet) {
      if (!met) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether it ended in the span, well or not, and so enters totals. */
  boolean isCounted() {
    return endedThere() && response.ended();
  }

  /** Returns whether this is a turn that was to be sent in the span and never was. */
  boolean isUnsent() {
    return endedThere() && response.status() == Status.UNSENT;
  }

  /** Returns the conversation that ended with this response in the span; null if none did. */
  @Nullable ConversationSums conversation() {
    return endedThere() ? ended : null;
  }

  private boolean endedThere() {
    return first <= iteration && iteration < end;
  }

  /**
   * Returns whether the request was under way in the span when the load was stopped, be it after
   * the window.
   */
  boolean isCut() {
    return response.status() == Status.CUT
        && (endedThere() || (end == Window.DRAIN && iteration == end && isWrittenBeforeTheEnd()));
  }

  /** Returns whether the user left in the span, before the response had ended. */
  boolean isAbandoned() {
    return endedThere() && response.status() == Status.ABANDONED;
  }

  /** Returns whether the request was under way at the end of the span, or cut in it. */
  boolean isUnfinished() {
    return response.status() != Status.UNSENT
        && isWrittenBeforeTheEnd()
        && (iteration >= end || response.status() == Status.CUT);
  }

  /** Returns whether nothing is known of the response after the span, or after the user left. */
  boolean isCensored() {
    return isUnfinished() || isAbandoned();
  }

  /**
   * Returns whether the request had no token at the end of the span, at which it was unfinished, or
   * when its user left.
   */
  boolean isWaiting() {
    Response.Timing timing = response.timing();
    return isCensored()
        && (timing.hasOutput() ? iterationAt(timing.chunkNanos()[0]) >= end : awaitsToken);
  }

  /** Returns whether the request had no output other than reasoning then. */
  boolean isWaitingForOutput() {
    Response.Timing timing = response.timing();
    return isWaiting()
        || (isCensored()
            && timing.hasOutput()
            && (timing.ttfoNanos() == Response.UNKNOWN
                || iterationAt(timing.writtenNanos() + timing.ttfoNanos()) >= end));
  }

  private boolean isWrittenBeforeTheEnd() {
    return writtenIn < end;
  }

  /** Returns how long the request had waited at the end of the span or its own, in nanoseconds. */
  long waitedNanos() {
    long endOfSpan = clock.window().endOf(Math.min(end - 1, clock.window().lastIteration()));
    long endOfResponse = clock.sinceStart(response.timing().endNanos());
    return Math.min(endOfSpan, endOfResponse) - clock.sinceStart(response.timing().writtenNanos());
  }

  /**
   * Returns whether the request had already missed an objective at the end of the span, or when its
   * user left, whatever was still to come.
   */
  boolean isMissed() {
    // one that goes on is counted where it ends, or at the end of the last iteration
    boolean isOver = isAbandoned() || (response.status() == Status.CUT && endedThere()) || isLast();
    return isOver && isCensored() && !objectives.all().stream().allMatch(this::mayMeet);
  }

  /** Returns whether no iteration follows the span. */
  private boolean isLast() {
    return end > clock.window().lastIteration();
  }

  /** Returns which objectives an unfinished request could still meet then, in their order. */
  boolean[] mayMeetEach() {
    boolean[] may = new boolean[objectives.all().size()];
    for (int i = 0; i < may.length; i++) {
      may[i] = mayMeet(objectives.all().get(i));
    }
    return may;
  }

  private boolean mayMeet(Condition objective) {
    return objective.isMetBy(leastAtEnd(objective.indicator().figure()));
  }

  /**
   * Returns which objectives a response that ended well in the window had missed before this
   * opened, and not by another gap after that, in their order: how the server was then is not
   * measured. One that failed did so in the window. Null if there are none, and for iterations:
   * each counts what ends in it.
   */
  boolean @Nullable [] missedInWarmUp() {
    if (end != Window.DRAIN || !isFromWarmUp() || !isCounted() || !response.ok()) {
      return null;
    }
    boolean[] missed = new boolean[objectivesMet.length];
    boolean any = false;
    for (int i = 0; i < missed.length; i++) {
      missed[i] = !objectivesMet[i] && isMissedInWarmUpOnly(objectives.all().get(i));
      any |= missed[i];
    }
    return any ? missed : null;
  }

  private boolean isMissedInWarmUpOnly(Condition objective) {
    Figure figure = objective.indicator().figure();
    if (figure == Figure.ICL) {
      Response.Timing timing = response.timing();
      return !objective.isMetBy(timing.longestGapNanos(timing.chunks()) / 1e6)
          && objective.isMetBy(iclInWindow());
    }
    return !objective.isMetBy(least(figure, ageAtOpen()));
  }

  /** Returns the longest gap that ended after the measured window opened, in milliseconds. */
  double iclInWindow() {
    return Math.max(0, response.timing().longestLaterGapNanos(arrived(ageAtOpen()))) / 1e6;
  }

  private long ageAtOpen() {
    return -clock.sinceOpen(response.timing().writtenNanos());
  }

  /** Returns how low a figure of an unfinished request can still be, in milliseconds. */
  double leastAtEnd(Figure figure) {
    return least(figure, waitedNanos());
  }

  /** Returns how low a figure can be, by what had come when the request was so old. */
  private double least(Figure figure, long waited) {
    Response.Timing timing = response.timing();
    int arrived = arrived(waited);
    long least =
        switch (figure) {
          case TTFT -> arrived > 0 ? timing.ttftNanos() : waited;
          case TTFO ->
              timing.ttfoNanos() == Response.UNKNOWN
                  ? waited
                  : Math.min(timing.ttfoNanos(), waited);
          case ICL -> Math.max(timing.longestGapNanos(arrived), openGapNanos(waited));
          case E2E -> waited;
          // its user saw the pace; that of one which goes on may become any other
          case TPOT -> isAbandoned() ? Math.round(seenTpotNanos()) : 0;
          default -> 0;
        };
    return least / 1e6;
  }

  /** Returns the time per token until the user left, who may have waited for the next one. */
  private double seenTpotNanos() {
    int tokens = response.usage().isOutputCounted() ? response.shownTokens() : tokens();
    return Math.max(
        Math.max(0, response.tpotNanos()),
        (double) (response.shownNanos() + openGapNanos()) / Math.max(1, tokens));
  }

  /**
   * Returns how long ago the last chunk of an unfinished response, of whatever choice, had come at
   * the end of the span or when its user left, in nanoseconds; 0 if none had come, or none was to
   * come.
   */
  long openGapNanos() {
    return openGapNanos(waitedNanos());
  }

  private long openGapNanos(long waited) {
    Response.Timing timing = response.timing();
    int arrived = arrived(waited);
    boolean isFinished =
        timing.finishNanos() != 0
            && timing.choices() == 1
            && timing.finishNanos() - timing.writtenNanos() <= waited;
    return arrived == 0 || isFinished
        ? 0
        : timing.writtenNanos() + waited - timing.chunkNanos()[arrived - 1];
  }

  /** Returns the number of chunks that had come when the request was so old. */
  private int arrived(long age) {
    Response.Timing timing = response.timing();
    int arrived = 0;
    while (arrived < timing.chunks()
        && timing.chunkNanos()[arrived] - timing.writtenNanos() <= age) {
      arrived++;
    }
    return arrived;
  }

  /** Returns whether the request was written in the warm-up and the span is measured. */
  boolean isFromWarmUp() {
    return first > Window.WARM_UP && writtenIn <= Window.WARM_UP;
  }

  /** Returns whether a moment lies in the warm-up and the span is measured. */
  boolean isFromWarmUp(long nanos) {
    return first > Window.WARM_UP && clock.iterationAt(nanos) <= Window.WARM_UP;
  }

  /** Returns whether the span has anything of it. */
  boolean touchesSpan() {
    return isCounted() || tokensThere() > 0 || isUnsent() || isCensored();
  }

  /** Receives the tokens that arrived in one step of time. */
  @FunctionalInterface
  interface TokenConsumer {
    void accept(long step, double tokens);
  }

  /**
   * Hands over all tokens by the number of the step in which they arrived, many at a time.
   *
   * @param stepNanos length of a step; step 0 begins when the window opens
   */
  void splitTokens(long stepNanos, TokenConsumer to) {
    long[] arrivals = arrivals();
    for (int from = 0, next; from < arrivals.length; from = next) {
      long step = Math.floorDiv(clock.sinceOpen(arrivals[from]), stepNanos);
      long leftNanos = (step + 1) * stepNanos - clock.sinceOpen(arrivals[from]);
      next = from + 1;
      while (next < arrivals.length && arrivals[next] - arrivals[from] < leftNanos) {
        next++;
      }
      to.accept(step, (double) tokens() * (next - from) / arrivals.length);
    }
  }
}
