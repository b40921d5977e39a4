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
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

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
  private static final String REQUESTS = PRIVATE + "requests";
  private static final String BEGINNING_NANOS = PRIVATE + "beginningNanos";
  private static final String DELAY_NANOS = PRIVATE + "delayNanos";

  private static final Seq<String> OF_A_RESPONSE =
      CollectionConverters.asScala(
              List.of(
                  REPLY, FINISH_REASON, INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, TTFT_MILLIS))
          .toSeq();

  private static final List<String> LARGE_TEXTS = List.of(MESSAGES, PROMPT, PROMPT_TOKEN_IDS);

  private SessionVariables() {}

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
    return withAll(withUnderWay(withoutFailedTurn(session), turn), ofTurn(turn));
  }

  /** Returns a session with another attempt at the turn under way; its variables stay. */
  static Session withRetry(Session session, Conversation conversation) {
    return withUnderWay(session, conversation.next());
  }

  private static Session withUnderWay(Session session, Turn turn) {
    return withAll(session, Map.of(TURN_OBJECT, turn, CONVERSATION, turn.skipped()));
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
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(SYSTEM_PROMPT, PromptText.systemPrompt(turn));
    variables.put(MAX_TOKENS, turn.outputTokens());
    variables.put(MODEL, models.apply(turn));
    variables.put(MESSAGES, PromptText.messages(turn, shape));
    variables.put(PROMPT, PromptText.text(turn));
    variables.put(PROMPT_TOKEN_IDS, PromptText.tokenIds(turn));
    return withAll(session, variables);
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
    return askedModel(new io.gatling.javaapi.core.Session(session));
  }

  /** Returns the model that the request under way asks, or null if it is unknown. */
  public static @Nullable String askedModel(io.gatling.javaapi.core.Session session) {
    return session.get(ASKED_MODEL);
  }

  static Turn turn(Session session) {
    return turn(new io.gatling.javaapi.core.Session(session));
  }

  /** Returns the turn under way, or null. */
  public static Turn turn(io.gatling.javaapi.core.Session session) {
    return session.get(TURN_OBJECT);
  }

  static Conversation conversation(Session session) {
    return new io.gatling.javaapi.core.Session(session).get(CONVERSATION);
  }

  /** Returns the conversation of a session, or null. */
  public static Conversation conversation(io.gatling.javaapi.core.Session session) {
    return session.get(CONVERSATION);
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
    return withAll(
        session, Map.of(CONVERSATION, conversation, CONTEXT_TOKENS, conversation.contextTokens()));
  }

  static Session withAll(Session session, Map<String, Object> variables) {
    return new io.gatling.javaapi.core.Session(session).setAll(variables).asScala();
  }

  /** Returns a session with what the last response said and counted. */
  static Session withResponse(Session session, Response response, String text) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(REPLY, text);
    variables.put(OUTPUT_TOKENS, response.usage().outputTokens());
    variables.put(TTFT_MILLIS, response.timing().ttftNanos() / 1e6);
    if (response.outcome().finishReason() != null) {
      variables.put(FINISH_REASON, response.outcome().finishReason());
    }
    if (response.inputTokensOrExpected() >= 0) {
      variables.put(INPUT_TOKENS, response.inputTokensOrExpected());
    }
    if (response.usage().cachedTokens() >= 0) {
      variables.put(CACHED_TOKENS, response.usage().cachedTokens());
    }
    return withAll(session, variables);
  }

  /** Returns a session without what the last response left. */
  static Session withoutResponse(Session session) {
    return session.removeAll(OF_A_RESPONSE);
  }

  /** Returns a session without what the last response left, and without a turn under way. */
  static Session withoutTurn(Session session) {
    Session ended = withoutResponse(session).remove(TURN_OBJECT).remove(ASKED_MODEL);
    io.gatling.javaapi.core.Session variables = new io.gatling.javaapi.core.Session(ended);
    for (String name : LARGE_TEXTS) {
      // a variable of the scenario's own under this name is not ours to remove
      if (variables.get(name) instanceof PromptText) {
        ended = ended.remove(name);
      }
    }
    return ended;
  }

  /** Counts a request outside of a conversation. */
  static Session withRequestCounted(Session session) {
    return session.set(REQUESTS, countedRequests(session) + 1);
  }

  /** Returns how many requests outside of a conversation were counted for the user. */
  static int countedRequests(Session session) {
    Integer count = new io.gatling.javaapi.core.Session(session).get(REQUESTS);
    return count == null ? 0 : count;
  }

  /** Adds a time that the user had to wait for the load generator before its next request. */
  static Session withDelay(Session session, long nanos) {
    return session.set(DELAY_NANOS, delayNanos(session) + nanos);
  }

  private static long delayNanos(Session session) {
    Long delay = new io.gatling.javaapi.core.Session(session).get(DELAY_NANOS);
    return delay == null ? 0 : delay;
  }

  /**
   * Lets a user go on at a given {@link System#nanoTime()}, on the user's event loop. Where the
   * load generator is late, that counts as its delay, in place of earlier ones.
   */
  static void goOnAt(long nanos, Session session, Consumer<Session> next) {
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
