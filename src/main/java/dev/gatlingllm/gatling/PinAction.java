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
 * Gives a virtual user its conversation. Conversations are made on threads of their own, because
 * reading and counting tokens would delay the responses of other users on the event loop.
 */
final class PinAction extends LlmAction {

  /** Pause of a user without a conversation, whom a closed model replaces at once, endlessly. */
  private static final long NO_CONVERSATION_NANOS = 1_000_000_000;

  private final LongFunction<Map<String, Object>> conversations;
  private final Optional<LongUnaryOperator> dueNanos;
  private final UserNumbers users;
  private final Executor executor;

  PinAction(
      String name,
      LongFunction<Map<String, Object>> conversations,
      Optional<LongUnaryOperator> dueNanos,
      UserNumbers users,
      CoreComponents core,
      Executor executor,
      Action next) {
    super(name, core, next);
    this.conversations = conversations;
    this.dueNanos = dueNanos;
    this.users = users;
    this.executor = executor;
  }

  @Override
  void run(Session session) {
    long number = users.of(session);
    TokenRun.current().userStarted();
    OptionalLong due =
        dueNanos.map(at -> OptionalLong.of(at.applyAsLong(number))).orElse(OptionalLong.empty());
    executor.execute(() -> pin(session, number, due));
  }

  private void pin(Session session, long number, OptionalLong due) {
    try {
      Map<String, Object> variables = conversations.apply(number);
      if (variables.isEmpty()) {
        goOn(session, System.nanoTime() + NO_CONVERSATION_NANOS);
        return;
      }
      Session pinned = SessionVariables.withAll(session, variables);
      if (due.isPresent()) {
        goOn(SessionVariables.withDueNanos(pinned, due.getAsLong()), due.getAsLong());
      } else {
        goOn(pinned, System.nanoTime());
      }
    } catch (Throwable problem) {
      session.eventLoop().execute(() -> crash(session, problem));
    }
  }

  private void goOn(Session session, long due) {
    long early = due - System.nanoTime();
    if (early > 0) {
      session.eventLoop().schedule(() -> next().$bang(session), early, TimeUnit.NANOSECONDS);
    } else {
      session.eventLoop().execute(() -> next().$bang(session));
    }
  }
}
