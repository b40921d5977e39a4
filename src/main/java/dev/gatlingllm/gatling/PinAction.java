package dev.gatlingllm.gatling;

import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * The step that gives a virtual user its conversation. Conversations are made on a thread of their
 * own: reading and counting tokens would hold up the replies of everybody else on the event loop.
 */
final class PinAction extends Step {

  /** Users who have nothing to say are replaced at once in a closed model, without end. */
  private static final long NOTHING_LEFT_NANOS = 1_000_000_000;

  private final LongFunction<Map<String, Object>> conversations;
  private final Optional<LongUnaryOperator> dueNanos;
  private final UserNumbers users;
  private final Executor executor;
  private final Action next;

  PinAction(
      String name,
      LongFunction<Map<String, Object>> conversations,
      Optional<LongUnaryOperator> dueNanos,
      UserNumbers users,
      CoreComponents core,
      Executor executor,
      Action next) {
    super(name, core);
    this.conversations = conversations;
    this.dueNanos = dueNanos;
    this.users = users;
    this.executor = executor;
    this.next = next;
  }

  @Override
  public void execute(Session session) {
    long number = users.of(session);
    TokenRun.current().userStarted();
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
    String message = messageOf(cause);
    logger().underlying().error("{}: {}", name(), message);
    logCrash(session, name(), message);
    next.$bang(session.markAsFailed());
  }
}
