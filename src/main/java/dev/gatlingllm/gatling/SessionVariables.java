package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.PromptText;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript.Pause;
import io.gatling.core.session.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import scala.Function0;

/**
 * What a scenario finds in its session: the conversation, the current turn and the last response.
 * The names carry the prefix of {@code llm.variablePrefix}; they are made once, because every turn
 * needs them on the event loops.
 */
public final class SessionVariables {

  private static final String PREFIX = LlmSettings.get().get(Setting.VARIABLE_PREFIX);

  private static final String CONVERSATION = PREFIX + "conversation";
  private static final String CONVERSATION_ID = PREFIX + "conversationId";
  private static final String GROUP = PREFIX + "group";

  // the current turn, or the last one between turns
  private static final String TURN = PREFIX + "turn";
  private static final String QUESTION = PREFIX + "question";
  private static final String RECORD = PREFIX + "record";
  private static final String CONTEXT_TOKENS = PREFIX + "contextTokens";

  // set by nextTurn() only, whose name says that the scenario wants them; a scenario of turns may
  // have variables of its own under such common names
  private static final String SYSTEM_PROMPT = PREFIX + "systemPrompt";
  private static final String MAX_TOKENS = PREFIX + "maxTokens";
  private static final String MODEL = PREFIX + "model";

  // absent between turns, because they take much memory
  private static final String MESSAGES = PREFIX + "messages";
  private static final String PROMPT = PREFIX + "prompt";
  private static final String PROMPT_TOKEN_IDS = PREFIX + "promptTokenIds";

  // the last response; absent after a failed one
  private static final String REPLY = PREFIX + "reply";
  private static final String FINISH_REASON = PREFIX + "finishReason";
  private static final String INPUT_TOKENS = PREFIX + "inputTokens";
  private static final String OUTPUT_TOKENS = PREFIX + "outputTokens";
  private static final String CACHED_TOKENS = PREFIX + "cachedTokens";
  private static final String TTFT_MILLIS = PREFIX + "ttftMillis";

  // names with this prefix survive a reset of the session, and no other code uses them
  static final String PRIVATE = "gatling.llm.";
  private static final String TURN_OBJECT = PRIVATE + "turn";
  private static final String ASKED_MODEL = PRIVATE + "model";
  private static final String FAILED_TURN = PRIVATE + "failedTurn";
  private static final String TURN_MISSED = PRIVATE + "turnMissed";
  private static final String EXHAUSTED = PRIVATE + "exhausted";
  private static final String REQUESTS = PRIVATE + "requests";
  private static final String BEGINNING_NANOS = PRIVATE + "beginningNanos";
  private static final String DELAY_NANOS = PRIVATE + "delayNanos";
  private static final String ARRIVAL = PRIVATE + "arrival";

  private static final List<String> OF_A_RESPONSE =
      List.of(REPLY, FINISH_REASON, INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, TTFT_MILLIS);

  private static final List<String> LARGE_TEXTS = List.of(MESSAGES, PROMPT, PROMPT_TOKEN_IDS);

  private static final Function0<@Nullable Object> ABSENT = () -> null;

  private SessionVariables() {}

  /** Changes of a session's variables with one new session; Gatling makes one for each change. */
  private static final class Change {

    private final Session session;
    private scala.collection.immutable.Map<String, Object> variables;

    Change(Session session) {
      this.session = session;
      variables = session.attributes();
    }

    @SuppressWarnings("unchecked") // Scala's signature is lost to Java
    Change set(String name, Object value) {
      variables = variables.updated(name, value);
      return this;
    }

    Change remove(String name) {
      variables = variables.removed(name);
      return this;
    }

    Change removeAll(List<String> names) {
      names.forEach(this::remove);
      return this;
    }

    Change setOrRemove(String name, @Nullable Object value) {
      return value == null ? remove(name) : set(name, value);
    }

    /** Sets a number, or removes the variable if the number is negative: it is unknown. */
    Change setKnown(String name, int number) {
      return setOrRemove(name, number < 0 ? null : number);
    }

    Change removeTurn() {
      for (String name : LARGE_TEXTS) {
        // a variable of the scenario's own under this name is not ours to remove
        if (variables.getOrElse(name, ABSENT) instanceof PromptText) {
          remove(name);
        }
      }
      return remove(TURN_OBJECT).remove(ASKED_MODEL);
    }

    Change setUnderWay(Turn turn) {
      return set(TURN_OBJECT, turn).set(CONVERSATION, turn.skipped());
    }

    Change setConversation(Conversation conversation) {
      return set(CONVERSATION, conversation).set(CONTEXT_TOKENS, conversation.contextTokens());
    }

    Session made() {
      return new Session(
          session.scenario(),
          session.userId(),
          variables,
          session.baseStatus(),
          session.blockStack(),
          session.onExit(),
          session.eventLoop());
    }
  }

  /** Returns the variables of a conversation that begins. */
  static Map<String, Object> ofBeginning(Conversation conversation) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(CONVERSATION, conversation);
    variables.put(CONVERSATION_ID, conversation.id());
    variables.put(GROUP, conversation.group());
    variables.putAll(ofTurn(conversation.next()));
    return variables;
  }

  static Map<String, Object> ofTurn(Turn turn) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(TURN, turn.number());
    variables.put(QUESTION, turn.questionText());
    variables.put(CONTEXT_TOKENS, turn.contextTokens());
    if (!turn.record().isEmpty()) {
      variables.put(RECORD, turn.record());
    }
    return variables;
  }

  /**
   * Returns a session whose conversation is at its next turn, which is then under way. Where the
   * scenario does not send it, the conversation goes on without it.
   *
   * @throws IllegalStateException if there is no conversation, or if it has no next turn
   */
  static Session withNextTurn(Session session) {
    Turn turn = requireConversation(session).next();
    Change change = new Change(session).remove(FAILED_TURN).setUnderWay(turn);
    ofTurn(turn).forEach(change::set);
    return change.made();
  }

  /** Returns a session with another attempt at the turn under way; its variables stay. */
  static Session withRetry(Session session, Conversation conversation) {
    return new Change(session).setUnderWay(conversation.next()).made();
  }

  /**
   * Returns a session whose request was not built and found no turn under way. A second such
   * request of the same conversation takes the next turn, as one that is not sent: so a loop
   * without {@code nextTurn()} ends.
   */
  static Session withTurnMissed(Session session) {
    Conversation conversation = conversation(session);
    if (conversation == null || !conversation.hasNextTurn()) {
      return session;
    }
    if (value(session, TURN_MISSED) != conversation) {
      return session.set(TURN_MISSED, conversation);
    }
    return withoutTurn(withConversation(withNextTurn(session), conversation.next().unsent()));
  }

  /** Returns a session without a turn, because the step that should have set it failed. */
  static Session withFailedTurn(Session session) {
    return withoutTurn(session).set(FAILED_TURN, true);
  }

  /** Returns whether the last step that should have set a turn failed. */
  static boolean hasFailedTurn(Session session) {
    return session.contains(FAILED_TURN);
  }

  static Session withoutFailedTurn(Session session) {
    return session.remove(FAILED_TURN);
  }

  private static Conversation requireConversation(Session session) {
    Conversation conversation = conversation(session);
    if (conversation == null) {
      throw new IllegalStateException(
          "there is no conversation in the session; put exec(workload.pinned()) or"
              + " feed(workload.feeder()) before this request");
    }
    return conversation;
  }

  /** Returns a session with what requests of the user's own need of the turn under way. */
  static Session withTexts(Session session, BodyShape shape, Function<Turn, String> models) {
    Turn turn = turn(session);
    return new Change(session)
        .set(SYSTEM_PROMPT, PromptText.systemPrompt(turn))
        .set(MAX_TOKENS, turn.outputTokens())
        .set(MODEL, models.apply(turn))
        .set(MESSAGES, PromptText.messages(turn, shape))
        .setOrRemove(PROMPT, PromptText.text(turn))
        .setOrRemove(PROMPT_TOKEN_IDS, PromptText.tokenIds(turn))
        .made();
  }

  /** Returns the model that {@code nextTurn()} or the scenario has set, or null. */
  public static @Nullable String model(io.gatling.javaapi.core.Session session) {
    Object model = session.get(MODEL);
    return model == null ? null : model.toString();
  }

  /** Returns a session with the model that its next request asks, if that is known. */
  static Session withAskedModel(
      Session session, Function<io.gatling.javaapi.core.Session, @Nullable String> models) {
    String model = models.apply(new io.gatling.javaapi.core.Session(session));
    return model == null ? session.remove(ASKED_MODEL) : session.set(ASKED_MODEL, model);
  }

  /** Returns the model that the request under way asks, or null if it is unknown. */
  static @Nullable String askedModel(Session session) {
    return (String) value(session, ASKED_MODEL);
  }

  /** Returns the model that the request under way asks, or null if it is unknown. */
  public static @Nullable String askedModel(io.gatling.javaapi.core.Session session) {
    return session.get(ASKED_MODEL);
  }

  static Turn turn(Session session) {
    return (Turn) value(session, TURN_OBJECT);
  }

  /** Returns the value of a variable, or null. */
  @SuppressWarnings("NullAway") // as Gatling's own, of which NullAway knows nothing
  private static Object value(Session session, String name) {
    return session.attributes().getOrElse(name, ABSENT);
  }

  /** Returns the turn under way, or null. */
  public static Turn turn(io.gatling.javaapi.core.Session session) {
    return session.get(TURN_OBJECT);
  }

  static Conversation conversation(Session session) {
    return (Conversation) value(session, CONVERSATION);
  }

  /** Returns the conversation of a session, or null. */
  public static Conversation conversation(io.gatling.javaapi.core.Session session) {
    return session.get(CONVERSATION);
  }

  /** Returns the session of a user for whom the workload has no conversation. */
  static Session withoutConversation(Session session) {
    return session.set(EXHAUSTED, true);
  }

  static boolean isExhausted(io.gatling.javaapi.core.Session session) {
    return session.contains(EXHAUSTED);
  }

  /** Returns what precedes the next turn, if there is one and its script states that. */
  static Optional<Pause> pause(Session session) {
    Conversation conversation = conversation(session);
    return conversation != null && conversation.hasNextTurn()
        ? conversation.next().pause()
        : Optional.empty();
  }

  /** Returns a session that has the beginning of its conversation, which is now before turn 1. */
  static Session withBeginning(Session session, long now) {
    return conversation(session).nextTurn() == 1 || !session.contains(BEGINNING_NANOS)
        ? session.set(BEGINNING_NANOS, now)
        : session;
  }

  /** Returns when the conversation began, by {@link System#nanoTime()}. */
  static long beginningNanos(Session session) {
    return new io.gatling.javaapi.core.Session(session).getLong(BEGINNING_NANOS);
  }

  static Session withConversation(Session session, Conversation conversation) {
    return new Change(session).setConversation(conversation).made();
  }

  static Session withAll(Session session, Map<String, Object> variables) {
    return new io.gatling.javaapi.core.Session(session).setAll(variables).asScala();
  }

  /**
   * Returns a session with what the last response said and counted, after its turn if it was one.
   *
   * @param after the conversation after the response; null for a request outside of one
   */
  static Session withResponse(
      Session session, Response response, String text, @Nullable Conversation after) {
    Change change =
        new Change(session)
            .set(REPLY, text)
            .set(OUTPUT_TOKENS, response.usage().outputTokens())
            .set(TTFT_MILLIS, response.timing().ttftNanos() / 1e6)
            .setKnown(INPUT_TOKENS, response.inputTokensOrExpected())
            .setKnown(CACHED_TOKENS, response.usage().cachedTokens())
            .setOrRemove(FINISH_REASON, response.outcome().finishReason());
    return after == null ? change.made() : change.removeTurn().setConversation(after).made();
  }

  /** Returns a session without what the last response left. */
  static Session withoutResponse(Session session) {
    return new Change(session).removeAll(OF_A_RESPONSE).made();
  }

  /** Returns a session without what the last response left, and without a turn under way. */
  static Session withoutTurn(Session session) {
    return new Change(session).removeAll(OF_A_RESPONSE).removeTurn().made();
  }

  /** Counts a request outside of a conversation. */
  static Session withRequestCounted(Session session) {
    return session.set(REQUESTS, countedRequests(session) + 1);
  }

  /** Returns how many requests outside of a conversation were counted for the user. */
  static int countedRequests(Session session) {
    return value(session, REQUESTS) instanceof Integer count ? count : 0;
  }

  /**
   * Returns the session of a user who is about to begin its first request, unless it did before.
   *
   * @param isPlanned whether the user's arrival is among the planned ones
   */
  static Session withArrival(Session session, boolean isPlanned) {
    return session.contains(ARRIVAL) ? session : session.set(ARRIVAL, new Arrival(isPlanned));
  }

  /** Returns the user's arrival; null before it is known to send requests. */
  static @Nullable Arrival arrival(Session session) {
    return value(session, ARRIVAL) instanceof Arrival arrival ? arrival : null;
  }

  /** Adds a time that the user had to wait for the load generator before its next request. */
  static Session withDelay(Session session, long nanos) {
    return session.set(DELAY_NANOS, delayNanos(session) + nanos);
  }

  private static long delayNanos(Session session) {
    return value(session, DELAY_NANOS) instanceof Long delay ? delay : 0;
  }

  /**
   * Lets a user go on at a given {@link System#nanoTime()}, on the user's event loop. Where the
   * load generator is late, that counts as its delay, in place of earlier ones.
   */
  static void goOnAt(long nanos, Session session, Consumer<Session> next) {
    TokenRun.current().pauses(session, nanos);
    session
        .eventLoop()
        .schedule(
            () -> next.accept(session.set(DELAY_NANOS, Math.max(0, System.nanoTime() - nanos))),
            Math.max(0, nanos - System.nanoTime()),
            TimeUnit.NANOSECONDS);
  }

  /** Returns when a user who is here now would be here without delays of the load generator. */
  static long dueNanos(Session session, long now) {
    return now - delayNanos(session);
  }

  static Session withoutDelay(Session session) {
    return session.remove(DELAY_NANOS);
  }
}
