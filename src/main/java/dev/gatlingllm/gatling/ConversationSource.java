package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Conversation;
import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.structure.ScenarioContext;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * Gives the conversations of a workload to virtual users, by a step of the scenario or by a feeder.
 * One for each workload: it numbers the workload's users.
 */
public final class ConversationSource {

  private static final int THREADS = 2;

  private static final Executor EXECUTOR =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "gatling-llm-conversations");
            thread.setDaemon(true);
            return thread;
          });

  private final LongFunction<Optional<Conversation>> conversations;
  private final Optional<LongUnaryOperator> dueNanos;
  private final UserNumbers users = new UserNumbers();

  /** Creates a source whose users start their conversations as soon as they have them. */
  public ConversationSource(LongFunction<Optional<Conversation>> conversations) {
    this(conversations, Optional.empty());
  }

  /**
   * Creates a source.
   *
   * @param conversations a user's conversation by the user's number, from 0; empty for a user
   *     without one, who goes on after a second. Called off event loops, by several threads
   * @param dueNanos when a user's first request is due, by {@link System#nanoTime()}; the step
   *     waits for it. Called on event loops
   */
  public ConversationSource(
      LongFunction<Optional<Conversation>> conversations, Optional<LongUnaryOperator> dueNanos) {
    this.conversations = conversations;
    this.dueNanos = dueNanos;
  }

  /** Returns a step that puts each user's conversation into the session. */
  public ActionBuilder step() {
    return new ActionBuilder() {
      @Override
      public Action build(ScenarioContext context, Action next) {
        users.register(context);
        return new PinAction(
            "conversation",
            number -> variables(conversations.apply(number)),
            dueNanos,
            users,
            context.coreComponents(),
            EXECUTOR,
            next);
      }
    };
  }

  /**
   * Returns the session variables of one conversation after another, up to the first missing one.
   */
  public Iterator<Map<String, Object>> feeder() {
    return LongStream.iterate(0, number -> number + 1)
        .mapToObj(conversations)
        .takeWhile(Optional::isPresent)
        .map(ConversationSource::variables)
        .iterator();
  }

  private static Map<String, Object> variables(Optional<Conversation> conversation) {
    return conversation.map(SessionVariables::ofBeginning).orElse(Map.of());
  }
}
