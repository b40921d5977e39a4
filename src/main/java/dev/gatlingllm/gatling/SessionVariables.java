package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.settings.LlmSettings;
import io.gatling.core.session.Session;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a scenario finds in its session: the conversation, the turn that is under way and the last
 * reply. Names carry the prefix of {@code llm.variablePrefix}.
 */
public final class SessionVariables {

  /** The {@link Conversation} itself. */
  public static final String CONVERSATION = "conversation";

  /** Name of the conversation within the run; equal for users who repeat the same one. */
  public static final String CONVERSATION_ID = "conversationId";

  /** Prefix group, from 0. */
  public static final String GROUP = "group";

  /** Number of the turn, from 1: under way, or the last one where none is. */
  public static final String TURN = "turn";

  /** What the user says in this turn. */
  public static final String QUESTION = "question";

  /** Tokens of the system prompt and of everything said since. */
  public static final String CONTEXT_TOKENS = "contextTokens";

  /** Text of the last reply; absent after a failed one, as all that follow. */
  public static final String REPLY = "reply";

  /** Why the model stopped. */
  public static final String FINISH_REASON = "finishReason";

  /** Prompt tokens of the last request. */
  public static final String INPUT_TOKENS = "inputTokens";

  /** Tokens of the last reply. */
  public static final String OUTPUT_TOKENS = "outputTokens";

  /** Prompt tokens that the server took from its cache; absent where it does not say. */
  public static final String CACHED_TOKENS = "cachedTokens";

  /** Time to first token of the last reply, in milliseconds with fractions. */
  public static final String TTFT_MILLIS = "ttftMillis";

  // names that begin so survive a reset of the session, and nobody else uses them
  static final String PRIVATE = "gatling.llm.";
  private static final String TURN_OBJECT = PRIVATE + "turn";
  private static final String DUE_NANOS = PRIVATE + "dueNanos";

  private static final String[] OF_A_REPLY = {
    REPLY, FINISH_REASON, INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, TTFT_MILLIS
  };

  private SessionVariables() {}

  /** A variable's name in the session. */
  public static String named(String variable) {
    return LlmSettings.get().variablePrefix() + variable;
  }

  /** What a conversation that begins puts into the session. */
  static Map<String, Object> ofBeginning(Conversation conversation) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(named(CONVERSATION), conversation);
    variables.put(named(CONVERSATION_ID), conversation.id());
    variables.put(named(GROUP), conversation.group());
    variables.putAll(ofTurn(conversation.next()));
    return variables;
  }

  static Map<String, Object> ofTurn(Turn turn) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(named(TURN), turn.number());
    variables.put(named(QUESTION), turn.questionText());
    variables.put(named(CONTEXT_TOKENS), turn.contextTokens());
    return variables;
  }

  static Session underWay(Session session, Turn turn) {
    Map<String, Object> variables = ofTurn(turn);
    variables.put(TURN_OBJECT, turn);
    return withAll(session, variables);
  }

  /** The turn whose request is being built. */
  public static Turn turn(io.gatling.javaapi.core.Session session) {
    return session.get(TURN_OBJECT);
  }

  static Conversation conversation(Session session) {
    return new io.gatling.javaapi.core.Session(session).get(named(CONVERSATION));
  }

  /** The conversation of a session, or null. */
  public static Conversation conversation(io.gatling.javaapi.core.Session session) {
    return session.get(named(CONVERSATION));
  }

  static Session withConversation(Session session, Conversation conversation) {
    return withAll(
        session,
        Map.of(
            named(CONVERSATION),
            conversation,
            named(CONTEXT_TOKENS),
            conversation.contextTokens()));
  }

  static Session withAll(Session session, Map<String, Object> variables) {
    return new io.gatling.javaapi.core.Session(session).setAll(variables).asScala();
  }

  /** Returns a session with what the last response said and counted. */
  static Session withReply(Session session, Response response, String text) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(named(REPLY), text);
    variables.put(named(OUTPUT_TOKENS), response.usage().outputTokens());
    variables.put(named(TTFT_MILLIS), response.timing().ttftNanos() / 1e6);
    if (response.outcome().finishReason() != null) {
      variables.put(named(FINISH_REASON), response.outcome().finishReason());
    }
    if (response.inputTokensOrExpected() >= 0) {
      variables.put(named(INPUT_TOKENS), response.inputTokensOrExpected());
    }
    if (response.usage().cachedTokens() >= 0) {
      variables.put(named(CACHED_TOKENS), response.usage().cachedTokens());
    }
    return withAll(session, variables);
  }

  static Session withoutReply(Session session) {
    Session without = session.remove(TURN_OBJECT);
    for (String variable : OF_A_REPLY) {
      without = without.remove(named(variable));
    }
    return without;
  }

  /** Notes the moment at which the next request is due, by {@link System#nanoTime()}. */
  public static io.gatling.javaapi.core.Session withDueNanos(
      io.gatling.javaapi.core.Session session, long nanos) {
    return session.set(DUE_NANOS, nanos);
  }

  static Session withDueNanos(Session session, long nanos) {
    return session.set(DUE_NANOS, nanos);
  }

  static long dueNanos(Session session, long otherwise) {
    Long due = new io.gatling.javaapi.core.Session(session).get(DUE_NANOS);
    return due == null ? otherwise : due;
  }

  static Session withoutDueNanos(Session session) {
    return session.remove(DUE_NANOS);
  }
}
