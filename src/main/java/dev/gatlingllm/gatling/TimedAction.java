package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.gatling.Leavers.Departure;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.Response.Timing;
import dev.gatlingllm.metrics.Response.Usage;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.stream.Failure;
import io.gatling.commons.validation.Success;
import io.gatling.commons.validation.Validation;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.session.Session;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.protocol.HttpComponents;
import io.gatling.http.protocol.HttpProtocol;
import io.gatling.http.request.HttpRequest;
import io.gatling.http.request.HttpRequestDef;
import io.gatling.http.request.builder.HttpRequestBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.DurationConverters;
import scala.runtime.BoxedUnit;

/**
 * Sends a timed request, like Gatling's {@code HttpRequestAction}. The user goes on when the
 * response has ended, or with a failed session when the request cannot be built.
 */
public final class TimedAction extends LlmAction {

  /** What a request is in the conversation of the user. */
  public enum Part {
    /** No part of it. */
    NONE,
    /** The turn that {@link NextTurn} has put into the session. */
    TURN_UNDER_WAY,
    /** The next turn. */
    NEXT_TURN
  }

  private final boolean turn;
  private final Function<io.gatling.javaapi.core.Session, @Nullable String> model;
  private final Leavers leavers;
  private final boolean wantsJson;
  private final boolean isStored;
  private final HttpRequestDef definition;
  private final TimedRequest requests;
  private final TokenRun run;

  private TimedAction(
      String name,
      boolean turn,
      Function<io.gatling.javaapi.core.Session, @Nullable String> model,
      Leavers leavers,
      boolean wantsJson,
      boolean isStored,
      HttpRequestDef definition,
      CoreComponents core,
      TimedRequest requests,
      TokenRun run,
      Action next) {
    super(name, core, next);
    this.turn = turn;
    this.model = model;
    this.leavers = leavers;
    this.wantsJson = wantsJson;
    this.isStored = isStored;
    this.definition = definition;
    this.requests = requests;
    this.run = run;
  }

  /**
   * Returns an action that sends a request and times the response token by token.
   *
   * @param name the request's name in messages
   * @param request the request from the DSL
   * @param part what the request is in the user's conversation
   * @param model returns the model that a turn asks, or null if it is unknown; called once for each
   *     attempt, before the request is built
   * @param timeout cuts off a response that takes longer, unless the request has a timeout
   * @param leavers the users who abandon responses
   * @param wantsJson whether responses are to be checked for being JSON
   * @param isStored whether requests ask the server to hold their responses for the next turn
   * @param body returns the fragments of a request's body; null if the request has its own
   */
  public static ActionBuilder builder(
      String name,
      HttpRequestActionBuilder request,
      Part part,
      Function<io.gatling.javaapi.core.Session, @Nullable String> model,
      Duration timeout,
      Leavers leavers,
      boolean wantsJson,
      boolean isStored,
      @Nullable Function<io.gatling.javaapi.core.Session, List<ByteBuffer>> body) {
    // in the constructor of the simulation, so that an invalid setting stops the run early
    TokenRun.current().readObjectives();
    if (leavers.share() > 0) {
      TokenRun.current().addLeavers();
    }
    Duration chunkTimeout = LlmSettings.get().get(Setting.CHUNK_TIMEOUT);
    HttpRequestBuilder builder = withTimeout((HttpRequestBuilder) request.asScala(), timeout);
    return (context, next) -> {
      CoreComponents core = context.coreComponents();
      HttpComponents http =
          context.protocolComponentsRegistry().components(HttpProtocol.HttpProtocolKey());
      TokenRun run = TokenRun.current();
      // before the run is prepared, which writes files: a server that is not trusted ends it
      TimedRequest requests = new TimedRequest(core, http, run, chunkTimeout);
      run.prepare(core, http.httpProtocol());
      TimedAction action =
          new TimedAction(
              name,
              part != Part.NONE,
              model,
              leavers,
              wantsJson,
              isStored,
              FragmentsBody.in(
                  builder.build(
                      http.httpCaches(),
                      http.httpProtocol(),
                      context.throttled(),
                      core.configuration()),
                  body),
              core,
              requests,
              run,
              next);
      return part == Part.NEXT_TURN ? NextTurn.before(action, context) : action;
    };
  }

  private static HttpRequestBuilder withTimeout(HttpRequestBuilder request, Duration timeout) {
    return request.httpAttributes().requestTimeout().isDefined()
        ? request
        : request.requestTimeout(DurationConverters.toScala(timeout));
  }

  @Override
  void run(Session session) {
    long dueNanos = SessionVariables.dueNanos(session, System.nanoTime());
    // of users without a pinned() step, it is not known how many were to come here
    Session coming = SessionVariables.withArrival(SessionVariables.withoutDelay(session), false);
    Session ready = requests.verifying(coming);
    if (turn) {
      send(ready, SessionVariables.turn(ready), dueNanos);
    } else {
      Session counted = leavers.share() == 0 ? ready : SessionVariables.withRequestCounted(ready);
      Departure departure = leavers.of(counted, SessionVariables.countedRequests(counted));
      send(
          counted,
          built -> requests.send(built, Attempt.ofRequest(dueNanos, departure)),
          failed -> failed);
    }
  }

  private void send(Session session, @Nullable Turn underWay, long dueNanos) {
    if (underWay == null && SessionVariables.hasFailedTurn(session)) {
      // the step before has counted the error
      next().$bang(SessionVariables.withoutFailedTurn(session).markAsFailed());
    } else if (underWay == null) {
      crash(
          SessionVariables.withTurnMissed(session),
          "no turn is under way; put nextTurn() before this request. To repeat a failed turn, set"
              + " llm.onFailure=retry(n) in place of tryMax: a failed response ends its turn");
    } else if (underWay.fits()) {
      if (underWay.isNextLong()) {
        ConversationSource.prepare(underWay);
      }
      send(
          session,
          built ->
              requests.send(
                  built,
                  Attempt.ofTurn(
                      underWay,
                      SessionVariables.askedModel(built.session()),
                      dueNanos,
                      leavers.of(underWay),
                      wantsJson,
                      isStored,
                      this::$bang)),
          failed -> SessionVariables.withConversation(failed, underWay.unsent()));
    } else {
      doesNotFit(session, underWay);
    }
  }

  private void doesNotFit(Session session, Turn turn) {
    String message =
        "a prompt of %d tokens and a response of %d do not fit into the context window"
            .formatted(turn.promptTokens(), turn.outputTokens());
    Conversation after = turn.unsent();
    Failure failure = new Failure("context window", message);
    recordUnsent(session, Attempt.unsent(turn), Outcome.unsent(failure, after.isBroken()), after);
    goOnWithout(SessionVariables.withConversation(session, after), message);
  }

  private void recordUnsent(
      Session session, Attempt unsent, Outcome outcome, @Nullable Conversation after) {
    run.record(
        unsent
            .response(
                session,
                nameIn(session),
                null,
                Timing.unsent(System.currentTimeMillis(), unsent.dueNanos()),
                Usage.NONE,
                outcome,
                Set.of())
            .ending(after != null && !after.hasNextTurn()));
  }

  /**
   * Builds the request and sends it.
   *
   * @param whereNotBuilt updates the session where the request cannot be built: the turn is over
   *     then, so that a loop over the turns ends
   */
  private void send(
      Session session, Consumer<HttpTx> sending, UnaryOperator<Session> whereNotBuilt) {
    Session asking;
    Validation<HttpRequest> request;
    try {
      asking = turn ? SessionVariables.withAskedModel(session, model) : session;
      request = definition.build(asking);
    } catch (Throwable problem) {
      crash(whereNotBuilt.apply(session), problem);
      return;
    }
    if (request instanceof Success<HttpRequest> built) {
      run.begin();
      sending.accept(HttpTx.apply(asking, built.value(), next(), TimedRequest.noResource(), 0));
      return;
    }
    request.onFailure(
        message -> {
          crash(whereNotBuilt.apply(session), message);
          return BoxedUnit.UNIT;
        });
  }

  @Override
  void crash(Session session, String message) {
    Turn underWay = turn ? SessionVariables.turn(session) : null;
    Attempt unsent =
        underWay == null ? Attempt.ofRequest(System.nanoTime(), null) : Attempt.unsent(underWay);
    Conversation after = underWay == null ? null : underWay.unsent();
    boolean broken = after != null && after.isBroken();
    recordUnsent(session, unsent, Outcome.notBuilt(message, broken), after);
    boolean isBeforeTurn = !turn && SessionVariables.turn(session) == null;
    goOnWithout(isBeforeTurn ? SessionVariables.withTurnMissed(session) : session, message);
  }

  /** Counts the request among Gatling's errors, and lets the user go on as failed. */
  private void goOnWithout(Session session, String message) {
    String request = nameIn(session);
    logger().underlying().error("Failed to build request {}: {}", request, message);
    logCrash(session, request, message);
    Session ended =
        turn ? SessionVariables.withoutTurn(session) : SessionVariables.withoutResponse(session);
    next().$bang(SessionVariables.withoutDelay(ended).markAsFailed());
  }

  /** Returns the request's name for a user, or its EL string if that cannot be resolved. */
  private String nameIn(Session session) {
    Validation<String> named = definition.requestName().apply(session);
    return named instanceof Success<String> success ? success.value() : name();
  }
}
