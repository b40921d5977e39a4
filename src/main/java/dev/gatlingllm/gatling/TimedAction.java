package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.stream.Failure;
import io.gatling.commons.validation.Success;
import io.gatling.commons.validation.Validation;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.request.HttpRequest;
import io.gatling.http.request.HttpRequestDef;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import scala.runtime.BoxedUnit;

/**
 * Gatling's {@code HttpRequestAction}, timed: the step of a scenario that sends a request and goes
 * on when its response has ended, or with a failed session when a request cannot be made.
 */
final class TimedAction extends Step {

  private final boolean conversational;
  private final HttpRequestDef definition;
  private final TimedRequest requests;
  private final TokenRun run;
  private final Action next;

  TimedAction(
      String name,
      boolean conversational,
      HttpRequestDef definition,
      CoreComponents core,
      TimedRequest requests,
      TokenRun run,
      Action next) {
    super(name, core);
    this.conversational = conversational;
    this.definition = definition;
    this.requests = requests;
    this.run = run;
    this.next = next;
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
        send(ready, built -> requests.send(built, Attempt.ofRequest(dueNanos)), failed -> failed);
      }
    } catch (RuntimeException e) {
      fail(ready, messageOf(e));
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
      send(
          underWay,
          built -> requests.send(built, Attempt.ofTurn(turn, dueNanos, this::$bang)),
          failed -> SessionVariables.withConversation(failed, turn.unsent()));
    } else {
      doesNotFit(underWay, turn);
    }
  }

  private void doesNotFit(Session session, Turn turn) {
    Failure failure =
        new Failure(
            "context window",
            "a prompt of "
                + turn.promptTokens()
                + " tokens and a response of "
                + turn.outputTokens()
                + " do not fit into the context window");
    Conversation after = turn.unsent();
    Attempt unsent = Attempt.unsent(turn);
    run.record(
        unsent
            .startResponse(session, nameIn(session))
            .written(System.currentTimeMillis(), unsent.dueNanos())
            .end(unsent.dueNanos())
            .output(0, OutputTokensSource.CHUNKS)
            .failure(failure)
            .conversationBroken(after.isBroken())
            .build());
    fail(SessionVariables.withConversation(session, after), failure.message());
  }

  /**
   * Builds the request and sends it.
   *
   * @param whereNotBuilt what becomes of the session where the request cannot be made: a turn is
   *     over then, so that a loop over the turns comes to its end
   */
  private void send(
      Session session, Consumer<HttpTx> sending, UnaryOperator<Session> whereNotBuilt) {
    Validation<HttpRequest> request;
    try {
      request = definition.build(session);
    } catch (RuntimeException e) {
      fail(whereNotBuilt.apply(session), messageOf(e));
      return;
    }
    request.onSuccess(
        built -> {
          sending.accept(HttpTx.apply(session, built, next, TimedRequest.noResource(), 0));
          return BoxedUnit.UNIT;
        });
    request.onFailure(
        message -> {
          fail(whereNotBuilt.apply(session), message);
          return BoxedUnit.UNIT;
        });
  }

  private void fail(Session session, String message) {
    String request = nameIn(session);
    logger().underlying().error("Failed to build request {}: {}", request, message);
    logCrash(session, request, message);
    next.$bang(SessionVariables.withoutReply(session).markAsFailed());
  }

  /** The request's name for a user, or as it was written where that cannot be told. */
  private String nameIn(Session session) {
    Validation<String> named = definition.requestName().apply(session);
    return named instanceof Success<String> success ? success.value() : name();
  }
}
