package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.metrics.Failure;
import dev.gatlingllm.metrics.TurnMeasurement;
import dev.gatlingllm.metrics.TurnMeasurement.OutputTokensSource;
import dev.gatlingllm.stream.TokenTimeline;
import io.gatling.core.session.Session;
import java.util.function.Consumer;

/**
 * A request that is under way, with what is known of it beside its timeline: the turn of the
 * conversation that it is, and when it was due. A redirect takes it along to the next request.
 *
 * @param turn the turn, or null for a request outside of a conversation
 * @param reusableTokens tokens of the prompt that an earlier one sent, or −1 where not known
 * @param dueNanos {@link System#nanoTime()} at which the request was due
 * @param again tries the turn once more with the session given; null for a request outside of a
 *     conversation
 */
record PendingReply(Turn turn, int reusableTokens, long dueNanos, Consumer<Session> again) {

  /** A turn whose request is made and goes out now. */
  static PendingReply ofTurn(Turn turn, long dueNanos, Consumer<Session> again) {
    return new PendingReply(turn, turn.markSent(), dueNanos, again);
  }

  static PendingReply ofRequest(long dueNanos) {
    return new PendingReply(null, -1, dueNanos, null);
  }

  TurnMeasurement measured(
      Session session,
      String request,
      TokenTimeline timeline,
      TimedListener listener,
      Failure failure,
      OutputTokens output) {
    return new TurnMeasurement(
        session.scenario(),
        request,
        session.userId(),
        turn == null ? null : turn.conversation().id(),
        turn == null ? -1 : turn.conversation().group(),
        turn == null ? 0 : turn.number(),
        turn == null ? 1 : turn.attempt(),
        listener.writtenEpochMillis(),
        timeline.writtenNanos(),
        timeline.endNanos(),
        timeline.chunkNanosCopy(),
        timeline.firstOutputNanos(),
        timeline.hasFirstOutput(),
        failure,
        failure != null && turn != null && turn.failed().isBroken(),
        timeline.inputTokens(),
        turn == null ? -1 : turn.promptTokens(),
        reusableTokens,
        turn == null ? -1 : turn.droppedTokens(),
        timeline.cachedTokens(),
        output.tokens(),
        output.source(),
        Math.max(0, timeline.writtenNanos() - dueNanos),
        listener.newConnection(),
        timeline.responseId());
  }

  /** A turn that was never sent. */
  static TurnMeasurement unsent(Turn turn, Session session, String request, Failure failure) {
    long now = System.nanoTime();
    return new TurnMeasurement(
        session.scenario(),
        request,
        session.userId(),
        turn.conversation().id(),
        turn.conversation().group(),
        turn.number(),
        turn.attempt(),
        System.currentTimeMillis(),
        now,
        now,
        new long[0],
        0,
        false,
        failure,
        turn.unsent().isBroken(),
        -1,
        turn.promptTokens(),
        -1,
        turn.droppedTokens(),
        -1,
        0,
        OutputTokensSource.CHUNKS,
        -1,
        false,
        null);
  }
}
