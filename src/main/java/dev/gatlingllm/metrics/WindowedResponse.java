package dev.gatlingllm.metrics;

import java.util.BitSet;

/**
 * A response and what of it lies in the window, worked out once for all scopes that it enters.
 *
 * @param response the response
 * @param counted whether it ended in the window, and so enters totals and distributions
 * @param arrivals when its tokens arrived, as {@link System#nanoTime()}: with its chunks, or at its
 *     end where the server counted tokens that no chunk showed
 * @param tokensPerArrival the share of each arrival; even, for which chunk carried how many tokens
 *     is not known
 * @param tokensInWindow the tokens that arrived in the window, also of a response that failed, or
 *     that ended after the window: the server did deliver them
 * @param conversationCountedIn the scopes that have counted its conversation, or null where there
 *     is no conversation to count
 * @param objectives what a response must keep for goodput
 * @param objectivesMet which of them it does, in their order
 */
record WindowedResponse(
    Response response,
    boolean counted,
    long[] arrivals,
    double tokensPerArrival,
    double tokensInWindow,
    BitSet conversationCountedIn,
    Objectives objectives,
    boolean[] objectivesMet) {

  static WindowedResponse of(
      Response response, RunClock clock, ConversationsSeen conversations, Objectives objectives) {
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
        counted,
        arrivals,
        (double) tokens / arrivals.length,
        (double) tokens * arrived / arrivals.length,
        counted && response.who().conversation() != null ? conversations.countedIn(response) : null,
        objectives,
        objectives.metBy(response));
  }

  /**
   * The same response for the scope of one iteration.
   *
   * @param endsThere whether it ended in that iteration
   * @param tokensThere the tokens that arrived in it
   */
  WindowedResponse inIteration(boolean endsThere, double tokensThere) {
    return new WindowedResponse(
        response,
        endsThere,
        arrivals,
        tokensPerArrival,
        tokensThere,
        endsThere ? conversationCountedIn : null,
        objectives,
        objectivesMet);
  }

  /** Whether any of it, be it only a token, lies in the window. */
  boolean touchesWindow() {
    return counted || tokensInWindow > 0;
  }

  /** Whether this scope has not counted the response's conversation yet; it has from now on. */
  boolean bringsConversationTo(int scope) {
    if (conversationCountedIn == null || conversationCountedIn.get(scope)) {
      return false;
    }
    conversationCountedIn.set(scope);
    return true;
  }
}
