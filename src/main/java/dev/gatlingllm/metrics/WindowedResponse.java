package dev.gatlingllm.metrics;

import java.util.BitSet;

/**
 * A reply and what of it lies in the window, worked out once for all scopes that it enters.
 *
 * @param reply the reply
 * @param counted whether it ended in the window, and so enters totals and distributions
 * @param arrivals when its tokens arrived, as {@link System#nanoTime()}: with its chunks, or at its
 *     end where the server counted tokens that no chunk showed
 * @param tokensPerArrival the share of each arrival; even, for which chunk carried how many tokens
 *     is not known
 * @param tokensInWindow the tokens that arrived in the window, also of a reply that failed, or that
 *     ended after the window: the server did deliver them
 * @param conversationCountedIn the scopes that have counted its conversation, or null where there
 *     is no conversation to count
 * @param objectives what a reply must keep for goodput
 * @param objectivesMet which of them it does, in their order
 */
record WindowedResponse(
    TurnMeasurement reply,
    boolean counted,
    long[] arrivals,
    double tokensPerArrival,
    double tokensInWindow,
    BitSet conversationCountedIn,
    Objectives objectives,
    boolean[] objectivesMet) {

  static WindowedResponse of(
      TurnMeasurement reply,
      RunClock clock,
      ConversationsSeen conversations,
      Objectives objectives) {
    long[] arrivals = reply.hasOutput() ? reply.chunkNanos() : new long[] {reply.endNanos()};
    int tokens = reply.outputTokens() >= 0 ? reply.outputTokens() : reply.chunkNanos().length;
    boolean counted = clock.inWindow(reply.endNanos());
    int arrived = 0;
    for (long arrival : arrivals) {
      arrived += clock.inWindow(arrival) ? 1 : 0;
    }
    return new WindowedResponse(
        reply,
        counted,
        arrivals,
        (double) tokens / arrivals.length,
        (double) tokens * arrived / arrivals.length,
        counted && reply.conversation() != null ? conversations.countedIn(reply) : null,
        objectives,
        objectives.metBy(reply));
  }

  /**
   * The same reply for the scope of one iteration.
   *
   * @param endsThere whether it ended in that iteration
   * @param tokensThere the tokens that arrived in it
   */
  WindowedResponse inIteration(boolean endsThere, double tokensThere) {
    return new WindowedResponse(
        reply,
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

  /** Whether this scope has not counted the reply's conversation yet; it has from now on. */
  boolean bringsConversationTo(int scope) {
    if (conversationCountedIn == null || conversationCountedIn.get(scope)) {
      return false;
    }
    conversationCountedIn.set(scope);
    return true;
  }
}
