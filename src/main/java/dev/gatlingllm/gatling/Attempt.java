package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.gatling.Leavers.Departure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.metrics.Response.Who;
import dev.gatlingllm.text.Choice;
import io.gatling.core.session.Session;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to get a response, with what is known about it before the response arrives. A
 * redirect passes it on to the next request.
 *
 * @param turn the turn of the conversation, or null for a request outside of one
 * @param model the model that the request asks, or null if it is unknown
 * @param reusableTokens tokens of the prompt that an earlier one sent, or {@link Response#UNKNOWN}
 * @param dueNanos {@link System#nanoTime()} at which the request was due
 * @param departure when the user abandons the response, or null
 * @param wantsJson whether the response is to be checked for being JSON
 * @param isStored whether the request asks the server to hold the response, for the next turn
 * @param retry retries the turn with the given session; null for a request outside of a
 *     conversation
 */
record Attempt(
    @Nullable Turn turn,
    @Nullable String model,
    int reusableTokens,
    long dueNanos,
    @Nullable Departure departure,
    boolean wantsJson,
    boolean isStored,
    @Nullable Consumer<Session> retry) {

  /** Returns an attempt at a turn whose request is built and goes out now. */
  static Attempt ofTurn(
      Turn turn,
      @Nullable String model,
      long dueNanos,
      @Nullable Departure departure,
      boolean wantsJson,
      boolean isStored,
      Consumer<Session> retry) {
    Turn asked = turn.of(model);
    int reusable = asked.markSent();
    return new Attempt(
        asked,
        model,
        turn.hasUnknownTokens() ? Response.UNKNOWN : reusable,
        dueNanos,
        departure,
        wantsJson,
        isStored,
        retry);
  }

  /** Returns the only attempt at a request outside of a conversation. */
  static Attempt ofRequest(long dueNanos, @Nullable Departure departure) {
    return new Attempt(null, null, Response.UNKNOWN, dueNanos, departure, false, false, null);
  }

  /** Returns an attempt at a turn that is never sent. */
  static Attempt unsent(Turn turn) {
    return new Attempt(turn, null, Response.UNKNOWN, System.nanoTime(), null, false, false, null);
  }

  /** Returns whether the text of the response becomes part of the conversation. */
  boolean keepsResponse() {
    return turn != null && turn.keepsResponse();
  }

  /**
   * Returns the record of the response: who sent the request, at which turn, and what came.
   *
   * @param api the API of the request, or null if it is unknown
   */
  Response response(
      Session session,
      String request,
      @Nullable Api api,
      Timing timing,
      Usage usage,
      Outcome outcome,
      Set<Oddity> oddities) {
    String scenario = session.scenario();
    long user = session.userId();
    String apiKey = api == null ? null : Choice.key(api);
    if (turn == null) {
      Who who = new Who(scenario, request, user, null, Response.UNKNOWN, null, apiKey);
      return new Response(who, Response.Turn.NONE, timing, usage, outcome, oddities);
    }
    return new Response(
        new Who(
            scenario,
            request,
            user,
            turn.conversation().id(),
            turn.conversation().group(),
            model,
            apiKey),
        new Response.Turn(
            turn.number(),
            turn.attempt(),
            turn.hasUnknownTokens() ? Response.UNKNOWN : turn.promptTokens(),
            reusableTokens,
            turn.droppedTokens(),
            turn.messages(),
            turn.outputTokens(),
            false,
            turn.hasResultsOfTools()),
        timing,
        usage,
        outcome,
        oddities);
  }
}
