package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.gatling.Leavers.Departure;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Content;
import dev.gatlingllm.metrics.Response.Repetition;
import dev.gatlingllm.stream.TokenTimeline;
import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.Status;
import io.gatling.core.session.Block;
import io.gatling.core.session.GroupBlock;
import io.gatling.core.session.Session;
import io.gatling.http.engine.response.NextExecutor;
import io.gatling.http.engine.response.RootNextExecutor;
import io.gatling.http.engine.tx.HttpTx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;

/**
 * Completes a request after Gatling's checks and statistics: records the response, updates the
 * session, then lets the scenario go on. Runs on the event loop of the user.
 */
final class ResponseCompletion implements NextExecutor {

  /** Estimates the length of a text that no one counted. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  private final TimedRequest requests;
  private final TokenRun run;
  private final PendingResponse pending;
  private final Attempt attempt;
  private final RootNextExecutor gatling;

  ResponseCompletion(
      TimedRequest requests, TokenRun run, PendingResponse pending, RootNextExecutor gatling) {
    this.requests = requests;
    this.run = run;
    this.pending = pending;
    this.attempt = pending.attempt;
    this.gatling = gatling;
  }

  /** A redirect or an authentication challenge: the response to the next request is the one. */
  @Override
  public void executeFollowUp(HttpTx followUp) {
    run.followUp(pending);
    requests.sendFollowUp(followUp, pending);
  }

  /** There is no response: the connection failed, the request timed out, or the user left. */
  @Override
  public void executeNextOnCrash(Session session) {
    if (pending.abandoned) {
      gatling.executeNextOnCrash(abandon(session));
    } else if (!retries(session)) {
      gatling.executeNextOnCrash(fail(session));
    }
  }

  @Override
  public void executeNext(
      Session session, Status status, io.gatling.http.response.Response gatlings) {
    if (status == KO$.MODULE$) {
      if (!retries(session)) {
        gatling.executeNext(fail(session), status, gatlings);
      }
      return;
    }
    Response response = withContent(pending.succeeded(session));
    String text = pending.timeline.text();
    int textTokens = attempt.turn() == null ? Response.UNKNOWN : pending.textTokens(response);
    boolean uncounted = run.hasTokenizer() && pending.wantsTokenizer();
    boolean unknownText = run.hasTokenizer() && textTokens < 0 && attempt.keepsResponse();
    if (!uncounted && !unknownText) {
      Conversation after = after(text, textTokens);
      run.record(pending, response.ending(ends(after)));
      gatling.executeNext(
          SessionVariables.withResponse(session, response, text, after), status, gatlings);
      return;
    }
    long endNanos = System.nanoTime();
    boolean isLast = attempt.turn() != null && attempt.turn().isLast();
    // counting takes longer than an event loop can spare; the user waits, no measurement does
    CompletableFuture<Counted> count =
        run.countTokens(text)
            .thenApply(
                tokens -> {
                  Conversation after = after(text, tokens);
                  Response counted = uncounted ? TokenRun.withTokens(response, tokens) : response;
                  return new Counted(counted.ending(ends(after)), after);
                });
    run.recordWhenCounted(pending, response.ending(isLast), count, Counted::response)
        .thenAccept(
            counted ->
                session
                    .eventLoop()
                    .execute(
                        () -> {
                          Session late =
                              SessionVariables.withDelay(session, System.nanoTime() - endNanos);
                          gatling.executeNext(
                              SessionVariables.withResponse(
                                  late, counted.response, text, counted.after),
                              status,
                              gatlings);
                        }));
  }

  /** A good response and the conversation after it, when the tokens of its text are counted. */
  private record Counted(Response response, @Nullable Conversation after) {}

  /** Returns a good response with what it and its prompt have besides plain text. */
  private Response withContent(Response response) {
    Turn turn = attempt.turn();
    if (turn == null || (turn.images() == 0 && !turn.isProbe() && !attempt.wantsJson())) {
      return response;
    }
    return response.with(
        new Content(
            turn.images(),
            turn.images() == 0 ? Response.UNKNOWN : turn.textTokens(),
            turn.isProbe() ? compared(response) : null,
            isJson()));
  }

  /** Returns whether the text is JSON; null where none was to come, or tools are called instead. */
  private @Nullable Boolean isJson() {
    TokenTimeline timeline = pending.timeline;
    boolean hasText = !timeline.isBlank() || !timeline.callsTools();
    return (attempt.wantsJson() && hasText) ? (Boolean) timeline.isJson() : null;
  }

  private @Nullable Repetition compared(Response response) {
    return run.firstResponses()
        .compare(
            response.who().request(), response.who().model(), pending.timeline.textAndArguments());
  }

  /** Retries a failed turn where its policy says so; false where it does not. */
  private boolean retries(Session failed) {
    Turn turn = attempt.turn();
    Consumer<Session> retry = attempt.retry();
    if (turn == null || retry == null) {
      return false;
    }
    Optional<Duration> delay = turn.retryDelay(RetryAfter.parse(pending.retryAfter, Instant.now()));
    delay.ifPresent(pause -> retry(failed, pause, turn, retry));
    return delay.isPresent();
  }

  /**
   * Waits and tries again, so that no pause of the scenario comes between. An attempt that is
   * followed by another does not fail the user's session; an earlier failure still does.
   */
  private void retry(Session failed, Duration delay, Turn turn, Consumer<Session> retry) {
    run.record(pending, pending.failed(failed, false));
    Session ready =
        SessionVariables.withRetry(
            SessionVariables.withoutResponse(withEarlierStatus(failed)),
            afterFailure(turn, turn.retried()));
    SessionVariables.goOnAt(System.nanoTime() + delay.toNanos(), ready, retry);
  }

  private Conversation afterFailure(Turn turn, Conversation after) {
    return pending.isRefused() ? turn.refused(after) : after;
  }

  private Session abandon(Session session) {
    Turn turn = attempt.turn();
    Departure departure = attempt.departure();
    Conversation after =
        turn == null || departure == null ? null : turn.abandoned(departure.endsConversation());
    run.record(pending, pending.abandoned(session).ending(ends(after)));
    return withoutResponse(withEarlierStatus(session), after);
  }

  /** Returns a session that the request has not failed, nor the groups and blocks around it. */
  private Session withEarlierStatus(Session session) {
    Session before = pending.tx.session();
    Iterator<Block> earlier = before.blockStack().iterator();
    return new Session(
        session.scenario(),
        session.userId(),
        session.attributes(),
        before.baseStatus(),
        session.blockStack().map(block -> withEarlierStatus(block, earlier.next())),
        session.onExit(),
        session.eventLoop());
  }

  private static Block withEarlierStatus(Block block, Block earlier) {
    return block instanceof GroupBlock group && earlier instanceof GroupBlock before
        ? group.copy(
            group.groups(), group.startTimestamp(), group.cumulatedResponseTime(), before.status())
        : earlier;
  }

  private Session fail(Session session) {
    Turn turn = attempt.turn();
    Conversation after = turn == null ? null : afterFailure(turn, turn.failed());
    boolean isBroken = after != null && after.isBroken();
    run.record(pending, pending.failed(session, isBroken).ending(ends(after)));
    return withoutResponse(session, after);
  }

  /** Returns whether there is a conversation, and it has no turn after this response. */
  private static boolean ends(@Nullable Conversation after) {
    return after != null && !after.hasNextTurn();
  }

  private static Session withoutResponse(Session session, @Nullable Conversation after) {
    return after == null
        ? SessionVariables.withoutResponse(session)
        : SessionVariables.withConversation(SessionVariables.withoutTurn(session), after);
  }

  /**
   * Returns the conversation after a good response; null for a request outside of one.
   *
   * @param textTokens tokens of the response's text; unknown if negative
   */
  private @Nullable Conversation after(String text, int textTokens) {
    Turn turn = attempt.turn();
    if (turn == null) {
      return null;
    }
    int tokens = textTokens < 0 ? text.length() / CHARACTERS_PER_TOKEN : textTokens;
    return turn.succeeded(text, tokens, attempt.isStored() ? pending.timeline.responseId() : null);
  }
}
