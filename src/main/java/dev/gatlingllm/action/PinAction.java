package dev.gatlingllm.action;

import com.typesafe.scalalogging.Logger;
import com.typesafe.scalalogging.Logger$;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.BlockExit;
import io.gatling.core.session.Session;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The step that gives a virtual user its conversation. Conversations are made on a thread of their
 * own: reading and counting tokens would hold up the replies of everybody else on the event loop.
 */
final class PinAction implements Action {

  /** Users who have nothing to say are replaced at once in a closed model, without end. */
  private static final long NOTHING_LEFT_NANOS = 1_000_000_000;

  private final String name;
  private final LongFunction<Map<String, Object>> conversations;
  private final Optional<LongUnaryOperator> dueNanos;
  private final CoreComponents core;
  private final Executor executor;
  private final Action next;
  private Logger logger = Logger$.MODULE$.apply(LoggerFactory.getLogger(PinAction.class));

  PinAction(
      String name,
      LongFunction<Map<String, Object>> conversations,
      Optional<LongUnaryOperator> dueNanos,
      CoreComponents core,
      Executor executor,
      Action next) {
    this.name = name;
    this.conversations = conversations;
    this.dueNanos = dueNanos;
    this.core = core;
    this.executor = executor;
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
    long number = session.userId() - 1;
    try {
      OptionalLong due =
          dueNanos.map(at -> OptionalLong.of(at.applyAsLong(number))).orElse(OptionalLong.empty());
      executor.execute(() -> pin(session, number, due));
    } catch (RuntimeException e) {
      fail(session, e);
    }
  }

  private void pin(Session session, long number, OptionalLong due) {
    try {
      Map<String, Object> variables = conversations.apply(number);
      if (variables.isEmpty()) {
        goOn(session, System.nanoTime() + NOTHING_LEFT_NANOS);
        return;
      }
      Session pinned = SessionVariables.withAll(session, variables);
      if (due.isPresent()) {
        goOn(SessionVariables.withDueNanos(pinned, due.getAsLong()), due.getAsLong());
      } else {
        goOn(pinned, System.nanoTime());
      }
    } catch (RuntimeException e) {
      session.eventLoop().execute(() -> fail(session, e));
    }
  }

  private void goOn(Session session, long due) {
    long early = due - System.nanoTime();
    if (early > 0) {
      session.eventLoop().schedule(() -> next.$bang(session), early, TimeUnit.NANOSECONDS);
    } else {
      session.eventLoop().execute(() -> next.$bang(session));
    }
  }

  private void fail(Session session, RuntimeException cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    logger.underlying().error("{}: {}", name, message);
    core.statsEngine().logRequestCrash(session.scenario(), session.groups(), name, message);
    next.$bang(session.markAsFailed());
  }
}
