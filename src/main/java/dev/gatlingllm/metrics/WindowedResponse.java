package dev.gatlingllm.metrics;

import java.util.function.LongUnaryOperator;

/**
 * A response and the part of it that lies in the measured window or in one iteration, computed once
 * for all scopes that it enters. Immutable.
 *
 * @param response the response
 * @param iteration in which it ended
 * @param clock converts its times
 * @param counted whether it ended there and so enters totals and histograms
 * @param arrivals when its tokens arrived, as {@link System#nanoTime()}: with its chunks, or at its
 *     end if the server counted tokens that no chunk showed
 * @param tokens of the response; spread evenly over the arrivals, because the number of tokens per
 *     chunk is unknown
 * @param tokensInWindow tokens that arrived there, also of a response that failed or ended later
 * @param conversations remembers which scopes have counted which conversation
 * @param objectivesMet which objectives of goodput it meets, in their order
 */
record WindowedResponse(
    Response response,
    int iteration,
    RunClock clock,
    boolean counted,
    long[] arrivals,
    int tokens,
    double tokensInWindow,
    CountedConversations conversations,
    boolean[] objectivesMet) {

  /** Returns the part of a response that lies in the measured window. */
  static WindowedResponse of(
      Response response,
      int iteration,
      RunClock clock,
      CountedConversations conversations,
      Objectives objectives) {
    long[] arrivals =
        response.timing().hasOutput()
            ? response.timing().chunkNanos()
            : new long[] {response.timing().endNanos()};
    int tokens =
        response.usage().outputTokens() >= 0
            ? response.usage().outputTokens()
            : response.timing().chunks();
    boolean[] met = objectives.metBy(response);
    return new WindowedResponse(
            response, iteration, clock, false, arrivals, tokens, 0, conversations, met)
        .within(Window.WARM_UP + 1, Window.DRAIN);
  }

  /**
   * Returns the part of the response that lies in some iterations.
   *
   * @param first the first of them
   * @param end the one after the last of them
   */
  WindowedResponse within(int first, int end) {
    int arrived = arrivalsBefore(end) - arrivalsBefore(first);
    return new WindowedResponse(
        response,
        iteration,
        clock,
        first <= iteration && iteration < end,
        arrivals,
        tokens,
        (double) tokens * arrived / arrivals.length,
        conversations,
        objectivesMet);
  }

  private int arrivalsBefore(int iteration) {
    int arrived = 0;
    while (arrived < arrivals.length && clock.iterationAt(arrivals[arrived]) < iteration) {
      arrived++;
    }
    return arrived;
  }

  /** Returns whether its end or any of its tokens lies there. */
  boolean touchesWindow() {
    return counted || tokensInWindow > 0;
  }

  /** Receives the tokens that arrived in one span of time. */
  @FunctionalInterface
  interface TokenConsumer {
    void accept(long span, double tokens);
  }

  /** Hands over the tokens by the number of the span in which they arrived, many at a time. */
  void splitTokens(LongUnaryOperator spanAt, TokenConsumer to) {
    for (int from = 0, end; from < arrivals.length; from = end) {
      long span = spanAt.applyAsLong(arrivals[from]);
      end = from + 1;
      while (end < arrivals.length && spanAt.applyAsLong(arrivals[end]) == span) {
        end++;
      }
      to.accept(span, (double) tokens * (end - from) / arrivals.length);
    }
  }
}
