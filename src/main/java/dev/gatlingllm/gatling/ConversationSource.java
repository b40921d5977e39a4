package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.workload.ConversationScript.Parent;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.session.Session;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * Gives the conversations of a workload to virtual users, by a step of the scenario or by a feeder.
 * One for each workload: it numbers the workload's users.
 */
public final class ConversationSource {

  private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

  /** Pause of a user without a conversation, whom a closed model replaces at once, endlessly. */
  private static final long NO_CONVERSATION_NANOS = 1_000_000_000;

  private static final Executor EXECUTOR =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "gatling-llm-conversations");
            thread.setDaemon(true);
            return thread;
          });

  /** No user starts an agent whose number is that much higher. */
  private static final int REMEMBERED = 1 << 14;

  /** So many conversations are made before the load, if there is time. */
  private static final long MAX_MADE = 1_000;

  private final LongFunction<Optional<Conversation>> conversations;
  private final Optional<LongUnaryOperator> dueNanos;

  /** Conversations that were made before the load, by their users' numbers. */
  private final Map<Long, Optional<Conversation>> made = new ConcurrentHashMap<>();

  /** When the latest users began, by their numbers, for the agents that they start. */
  private final AtomicLongArray begun = new AtomicLongArray(REMEMBERED);

  final UserNumbers users = new UserNumbers();

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
    TokenRun.current().addSource(this);
  }

  /**
   * Makes the next of the first conversations before the load. One thread must call.
   *
   * @return whether there are more to make
   */
  boolean makeNext() {
    long number = made.size();
    try {
      Optional<Conversation> conversation = conversations.apply(number);
      made.put(number, conversation);
      return conversation.isPresent() && number + 1 < MAX_MADE;
    } catch (RuntimeException crashesItsUser) {
      return false;
    }
  }

  /** Returns whether users wait until their first request is due. */
  boolean hasDueTimes() {
    return dueNanos.isPresent();
  }

  /** Has the long texts that follow a turn made while its response is awaited. */
  static void prepare(Turn turn) {
    EXECUTOR.execute(turn::prepareNext);
  }

  private Optional<Conversation> conversation(long number) {
    Optional<Conversation> early = made.remove(number);
    return early == null ? conversations.apply(number) : early;
  }

  /** Returns an action that puts each user's conversation into the session. */
  public ActionBuilder step() {
    return (context, next) -> {
      users.register(context);
      return pin(context.coreComponents(), next);
    };
  }

  LlmAction pin(CoreComponents core, Action next) {
    return new Pin(core, next);
  }

  /**
   * Returns the session variables of one conversation after another, up to the first missing one.
   */
  public Iterator<Map<String, Object>> feeder() {
    return LongStream.iterate(0, number -> number + 1)
        .mapToObj(this::conversation)
        .takeWhile(Optional::isPresent)
        .map(ConversationSource::variables)
        .iterator();
  }

  private static Map<String, Object> variables(Optional<Conversation> conversation) {
    return conversation.map(SessionVariables::ofBeginning).orElse(Map.of());
  }

  /**
   * Gives a virtual user its conversation. Conversations are made on threads of their own, because
   * reading and counting tokens would delay the responses of other users on the event loop.
   */
  private final class Pin extends LlmAction {

    Pin(CoreComponents core, Action next) {
      super("conversation", core, next);
    }

    @Override
    void run(Session session) {
      long number = users.of(session);
      TokenRun.current().userStarted();
      long now = SessionVariables.dueNanos(session, System.nanoTime());
      long due = dueNanos.map(at -> at.applyAsLong(number)).orElse(now);
      begun.set((int) (number % REMEMBERED), due);
      EXECUTOR.execute(() -> pin(session, number, due));
    }

    private void pin(Session session, long number, long due) {
      try {
        Optional<Conversation> conversation = conversation(number);
        Map<String, Object> variables = variables(conversation);
        if (variables.isEmpty()) {
          TokenRun.current().noConversationLeft();
          SessionVariables.goOnAt(
              System.nanoTime() + NO_CONVERSATION_NANOS,
              SessionVariables.withoutConversation(session),
              next()::$bang);
        } else {
          long begin =
              conversation.flatMap(Conversation::parent).map(of -> at(of, number, due)).orElse(due);
          SessionVariables.goOnAt(
              begin, SessionVariables.withAll(session, variables), this::arrive);
        }
      } catch (Throwable problem) {
        session.eventLoop().execute(() -> crash(session, problem));
      }
    }

    /** Returns when an agent begins, which is not before its own user arrives. */
    private long at(Parent parent, long number, long due) {
      boolean isKnown = parent.usersBefore() > 0 && parent.usersBefore() < REMEMBERED;
      long beginning =
          isKnown ? begun.get((int) ((number - parent.usersBefore()) % REMEMBERED)) : due;
      return Math.max(due, beginning + parent.at().toNanos());
    }

    private void arrive(Session session) {
      next().$bang(SessionVariables.withArrival(session, true));
    }
  }
}
