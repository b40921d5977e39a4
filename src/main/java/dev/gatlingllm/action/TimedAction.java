package dev.gatlingllm.action;

import com.typesafe.scalalogging.Logger;
import com.typesafe.scalalogging.Logger$;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.metrics.Failure;
import io.gatling.commons.validation.Validation;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.BlockExit;
import io.gatling.core.session.Session;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.request.HttpRequest;
import io.gatling.http.request.HttpRequestDef;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.runtime.BoxedUnit;

/**
 * Gatling's {@code HttpRequestAction}, timed: the step of a scenario that sends a request and goes
 * on when its reply has ended. What Gatling's richer action traits add cannot be inherited in Java
 * and stands here: leaving a block that must be left, and going on with a failed session when a
 * request cannot be made.
 */
final class TimedAction implements Action {

  private final String name;
  private final boolean conversational;
  private final HttpRequestDef definition;
  private final CoreComponents core;
  private final TimedRequest requests;
  private final TokenRun run;
  private final Action next;
  private Logger logger = Logger$.MODULE$.apply(LoggerFactory.getLogger(TimedAction.class));

  TimedAction(
      String name,
      boolean conversational,
      HttpRequestDef definition,
      CoreComponents core,
      TimedRequest requests,
      TokenRun run,
      Action next) {
    this.name = name;
    this.conversational = conversational;
    this.definition = definition;
    this.core = core;
    this.requests = requests;
    this.run = run;
    this.next = next;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Logger logger() {
    return logger;
  }

  @Override
  public void com$typesafe$scalalogging$StrictLogging$_setter_$logger_$eq(Logger logger) {
    this.logger = logger;
  }

  @Override
  public void $bang(Session session) {
    Option<BlockExit> exit = BlockExit.mustExit(session);
    if (exit.isDefined()) {
      exit.get().exitBlock(core.statsEngine(), core.clock().nowMillis());
    } else {
      Action.super.$bang(session);
    }
  }

  @Override
  public void execute(Session session) {
    long dueNanos = SessionVariables.dueNanos(session, System.nanoTime());
    Session ready = SessionVariables.withoutDueNanos(session);
    run.begin();
    try {
      if (conversational) {
        converse(ready, dueNanos);
      } else {
        send(ready, PendingReply.ofRequest(dueNanos));
      }
    } catch (RuntimeException e) {
      fail(ready, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void converse(Session session, long dueNanos) {
    Conversation conversation = SessionVariables.conversation(session);
    if (conversation == null) {
      fail(
          session,
          "there is no conversation in the session; put exec(workload.pinned()) or"
              + " feed(workload.feeder()) before this step");
      return;
    }
    Turn turn = conversation.next();
    Session underWay = SessionVariables.underWay(session, turn);
    if (turn.fits()) {
      send(underWay, PendingReply.ofTurn(turn, dueNanos));
    } else {
      doesNotFit(underWay, new PendingReply(turn, -1, dueNanos));
    }
  }

  private void doesNotFit(Session session, PendingReply pending) {
    Turn turn = pending.turn();
    Failure failure =
        new Failure(
            "context window",
            "a prompt of "
                + turn.promptTokens()
                + " tokens and a reply of "
                + turn.outputTokens()
                + " do not fit into the context window");
    run.record(pending.unsent(session, name, failure));
    fail(SessionVariables.withConversation(session, turn.failed()), failure.message());
  }

  private void send(Session session, PendingReply pending) {
    Validation<HttpRequest> request = definition.build(session);
    request.onSuccess(
        built -> {
          requests.send(HttpTx.apply(session, built, next, TimedRequest.noResource(), 0), pending);
          return BoxedUnit.UNIT;
        });
    request.onFailure(
        message -> {
          // the turn is over: a loop over the turns must come to its end
          fail(
              pending.turn() == null
                  ? session
                  : SessionVariables.withConversation(session, pending.turn().failed()),
              message);
          return BoxedUnit.UNIT;
        });
  }

  private void fail(Session session, String message) {
    logger.underlying().error("Failed to build request {}: {}", name, message);
    core.statsEngine().logRequestCrash(session.scenario(), session.groups(), name, message);
    next.$bang(SessionVariables.withoutReply(session).markAsFailed());
  }
}
