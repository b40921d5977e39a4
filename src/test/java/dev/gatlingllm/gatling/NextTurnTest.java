package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.ConversationScript;
import io.gatling.core.session.Session;
import io.gatling.core.session.Session$;
import io.gatling.javaapi.core.internal.Expressions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What {@code nextTurn()} does to a session. */
class NextTurnTest {

  private static final BodyShape SHAPE = LlmSettings.defaults().messagesShape();

  private static Session user(int turns) {
    Conversation conversation =
        new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT)
            .begin(0, new Script(turns));
    return SessionVariables.withAll(
        Session$.MODULE$.apply("chat", 1, null), SessionVariables.ofBeginning(conversation));
  }

  private static Session nextTurn(Session session) {
    return SessionVariables.withTexts(
        SessionVariables.withNextTurn(session), SHAPE, turn -> "model of turn " + turn.number());
  }

  private static String el(Session session, String expression) {
    return Expressions.expressionToJavaFunction(Expressions.toStringExpression(expression))
        .apply(new io.gatling.javaapi.core.Session(session));
  }

  private static boolean hasNextTurn(Session session) {
    return SessionVariables.conversation(session).hasNextTurn();
  }

  @Test
  void endsTheConversationOfALoopThatNeverTakesATurn() {
    Session session = user(2);
    int requests = 0;
    while (hasNextTurn(session)) {
      session = SessionVariables.withoutTurn(SessionVariables.withTurnMissed(session));
      requests++;
    }

    assertThat(requests).as("two for each turn").isEqualTo(4);
  }

  @Test
  void goesOnWithAConversationWhoseRequestCameBeforeItsTurn() {
    Session session = user(2);
    for (int turn = 1; turn <= 2; turn++) {
      session = nextTurn(SessionVariables.withTurnMissed(session));

      assertThat(SessionVariables.turn(session).number()).isEqualTo(turn);
      session = SessionVariables.withoutTurn(session);
    }
  }

  @Test
  void warnsOnceOfALoopWithoutAConversation() {
    Logger logger = (Logger) LoggerFactory.getLogger(NextTurn.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    Session session = Session$.MODULE$.apply("chat", 1, null);

    assertThat(exists(SessionVariables.withoutConversation(session))).isFalse();
    assertThat(lines.list).as("the workload has no more conversations").isEmpty();
    assertThat(exists(session)).isFalse();
    assertThat(exists(session)).isFalse();

    logger.detachAppender(lines);
    assertThat(lines.list)
        .singleElement()
        .asString()
        .contains("hasNextTurn() found no conversation in the session");
  }

  private static boolean exists(Session session) {
    return NextTurn.exists(new io.gatling.javaapi.core.Session(session));
  }

  @Test
  void putsTheTurnIntoTheSessionForExpressions() {
    Session session = nextTurn(user(2));

    assertThat(el(session, "#{messages}"))
        .isEqualTo(
            "[{\"role\":\"system\",\"content\":\"be \\\"brief\\\"\"},"
                + "{\"role\":\"user\",\"content\":\"question 1\"}]");
    assertThat(el(session, "{\"prompt\":#{prompt.jsonStringify()}}"))
        .isEqualTo("{\"prompt\":\"be \\\"brief\\\" question 1\"}");
    assertThat(el(session, "#{turn} #{question} #{systemPrompt} #{maxTokens} #{model}"))
        .isEqualTo("1 question 1 be \"brief\" 8 model of turn 1");
  }

  @Test
  void putsTheRecordOfTheQuestionIntoTheSession() {
    assertThat(el(nextTurn(nextTurn(user(2))), "#{record.expected}")).isEqualTo("answer 2");
  }

  @Test
  void goesOnWithoutATurnThatTheScenarioDoesNotSend() {
    Session session = nextTurn(nextTurn(user(2)));

    assertThat(el(session, "#{question}")).isEqualTo("question 2");
    assertThat(el(session, "#{messages}")).doesNotContain("question 1");
    assertThat(hasNextTurn(session)).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> nextTurn(session))
        .withMessageContaining("has no turn 3");
  }

  @Test
  void keepsTheTurnUnderWayThroughOtherRequests() {
    Session session = SessionVariables.withoutResponse(nextTurn(user(1)));

    assertThat(SessionVariables.turn(session).number()).isEqualTo(1);
    assertThat(el(session, "#{messages}")).contains("question 1");
  }

  @Test
  void retriesTheSameTurnWithWhatTheScenarioMadeOfIt() {
    Session session = nextTurn(user(2)).set("question", "the scenario's own");
    Turn turn = SessionVariables.turn(session);

    Session again = SessionVariables.withRetry(session, turn.retried());

    assertThat(SessionVariables.turn(again).number()).isEqualTo(1);
    assertThat(SessionVariables.turn(again).attempt()).isEqualTo(2);
    assertThat(el(again, "#{question}")).isEqualTo("the scenario's own");
  }

  @Test
  void releasesTheTextsAtTheEndOfTheTurn() {
    Session ended = SessionVariables.withoutTurn(nextTurn(user(2)));

    assertThat(SessionVariables.turn(ended)).isNull();
    assertThat(ended.contains("messages")).isFalse();
    assertThat(ended.contains("prompt")).isFalse();
    assertThat(ended.contains("promptTokenIds")).isFalse();
    assertThat(ended.contains("question")).isTrue();
  }

  @Test
  void aSessionCanBeLoggedWhateverItsPromptHas() {
    Session first = nextTurn(user(2));
    Conversation answered = SessionVariables.turn(first).succeeded("received", 1, null);

    Session second = nextTurn(SessionVariables.withConversation(first, answered));

    assertThat(second.toString()).contains("question 2", "received");
    assertThat(second.contains("promptTokenIds")).isFalse();
  }

  @Test
  void leavesVariablesOfTheScenarioItselfAlone() {
    Session session = SessionVariables.withAll(user(2), Map.of("prompt", "mine", "model", "mine"));

    Session ended = SessionVariables.withoutTurn(SessionVariables.withNextTurn(session));

    assertThat(el(ended, "#{prompt} #{model}")).isEqualTo("mine mine");
  }

  @Test
  void needsAConversation() {
    Session session = Session$.MODULE$.apply("chat", 1, null);

    assertThatIllegalStateException()
        .isThrownBy(() -> SessionVariables.withNextTurn(session))
        .withMessageContaining("put exec(workload.pinned()) or feed(workload.feeder()) before");
  }

  private record Script(int turns) implements ConversationScript {

    @Override
    public String id() {
      return "conversation-0";
    }

    @Override
    public int group() {
      return 0;
    }

    @Override
    public Passage systemPrompt() {
      return Passage.of("be \"brief\"", 3);
    }

    @Override
    public Passage response(int turn) {
      return Passage.of("yes", 1);
    }

    @Override
    public Question question(int turn) {
      return new Question(
          Passage.of("question " + turn, 2), 8, Map.of("expected", "answer " + turn));
    }
  }
}
