package dev.gatlingllm.metrics;

import java.util.BitSet;
import java.util.function.LongUnaryOperator;

/**
 * A response and the part of it that lies in the measured window, computed once for all scopes that
 * it enters. Immutable but for the conversation's scopes.
 *
 * @param response the response
 * @param clock converts its times
 * @param counted whether it ended in the window and so enters totals and histograms
 * @param arrivals when its tokens arrived, as {@link System#nanoTime()}: with its chunks, or at its
 *     end if the server counted tokens that no chunk showed
 * @param tokensPerArrival tokens of each arrival, the same for all, because the number of tokens
 *     per chunk is unknown
 * @param tokensInWindow tokens that arrived in the window, also of a response that failed or ended
 *     after the window
 * @param conversations gives scopes their numbers
 * @param conversation the scopes that have counted its conversation; null if there is none to count
 * @param objectivesMet which objectives of goodput it meets, in their order
 */
record WindowedResponse(
    Response response,
    RunClock clock,
    boolean counted,
    long[] arrivals,
    double tokensPerArrival,
    double tokensInWindow,
    CountedConversations conversations,
    BitSet conversation,
    boolean[] objectivesMet) {

  static WindowedResponse of(
      Response response,
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
    boolean counted = clock.inWindow(response.timing().endNanos());
    int arrived = 0;
    for (long arrival : arrivals) {
      arrived += clock.inWindow(arrival) ? 1 : 0;
    }
    return new WindowedResponse(
        response,
        clock,
        counted,
        arrivals,
        (double) tokens / arrivals.length,
        (double) tokens * arrived / arrivals.length,
        conversations,
        counted && response.who().conversation() != null ? conversations.scopesOf(response) : null,
        objectives.metBy(response));
  }

  /**
   * Returns the same response for the scope of one iteration.
   *
   * @param endsThere whether it ended in that iteration
   * @param tokensThere tokens that arrived in that iteration
   */
  WindowedResponse inIteration(boolean endsThere, double tokensThere) {
    return new WindowedResponse(
        response,
        clock,
        endsThere,
        arrivals,
        tokensPerArrival,
        tokensThere,
        conversations,
        endsThere ? conversation : null,
        objectivesMet);
  }

  /** Returns whether its end or any of its tokens lies in the window. */
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
      to.accept(span, (end - from) * tokensPerArrival);
    }
  }
}
