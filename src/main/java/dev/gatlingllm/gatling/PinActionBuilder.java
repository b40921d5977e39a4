package dev.gatlingllm.gatling;

import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.structure.ScenarioContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/** Makes the steps of scenarios that give virtual users their conversations. */
public final class PinActionBuilder {

  private static final int THREADS = 2;

  private static final Executor EXECUTOR =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "gatling-llm-conversations");
            thread.setDaemon(true);
            return thread;
          });

  private PinActionBuilder() {}

  /**
   * A step that goes on as soon as the conversation is there.
   *
   * @param conversations session variables by the user's number, from 0, or none for a user without
   *     a conversation, who goes on after a second; called off event loops, by several threads
   */
  public static ActionBuilder of(LongFunction<Map<String, Object>> conversations) {
    return of(conversations, Optional.empty());
  }

  /**
   * A step that also waits for the moment at which the user's first request is due.
   *
   * @param dueNanos that moment by the user's number, from 0, by {@link System#nanoTime()}; called
   *     on event loops
   */
  public static ActionBuilder of(
      LongFunction<Map<String, Object>> conversations, LongUnaryOperator dueNanos) {
    return of(conversations, Optional.of(dueNanos));
  }

  private static ActionBuilder of(
      LongFunction<Map<String, Object>> conversations, Optional<LongUnaryOperator> dueNanos) {
    return new ActionBuilder() {
      @Override
      public Action build(ScenarioContext context, Action next) {
        return new PinAction(
            "conversation", conversations, dueNanos, context.coreComponents(), EXECUTOR, next);
      }
    };
  }
}
