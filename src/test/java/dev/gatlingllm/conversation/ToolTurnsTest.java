package dev.gatlingllm.conversation;

import static dev.gatlingllm.conversation.Scripts.OUTPUT_TOKENS;
import static dev.gatlingllm.conversation.Scripts.SYSTEM_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.ConversationScript;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations in which some turns have the results of tools. */
class ToolTurnsTest {

  private static Conversation begin(ConversationScript script, ConversationRules rules) {
    return new Conversations("", Scripts.SEED, rules, PromptFormat.TEXT).begin(0, script);
  }

  private static Conversation begin(int turns, Integer... calling) {
    return begin(Scripts.withCalls(turns, Set.of(calling)), ConversationRules.DEFAULT);
  }

  private static String body(Turn turn) {
    return new String(
        new RequestBody(LlmSettings.defaults().bodyShape(Api.CHAT), RequestFields.DEFAULT)
            .of(turn, "m"),
        StandardCharsets.UTF_8);
  }

  @Test
  void putsRecordedMessagesBetweenTexts() {
    Turn turn =
        begin(4, 1, 2)
            .next()
            .succeeded("a", 9, null)
            .next()
            .succeeded("b", 9, null)
            .next()
            .succeeded("c", 2, null)
            .next();

    assertThat(body(turn))
        .contains(
            "\"content\":\"question 1\"},{\"calls\":1},{\"result\":2},{\"calls\":2},"
                + "{\"result\":3},{\"role\":\"assistant\",\"content\":\"c\"},"
                + "{\"role\":\"user\",\"content\":\"question 4\"}]");
    assertThat(turn.messages()).isEqualTo(8);
    assertThat(turn.contextTokens())
        .isEqualTo(SYSTEM_TOKENS + 11 + OUTPUT_TOKENS + 12 + OUTPUT_TOKENS + 13 + 2);
  }

  @Test
  void endsAPromptWithResults() {
    assertThat(body(begin(2, 1).next().succeeded("a", 9, null).next()))
        .endsWith("\"content\":\"question 1\"},{\"calls\":1},{\"result\":2}]}");
  }

  @Test
  void keepsOnlyTheTextOfResponses() {
    Conversation conversation = begin(3, 1);

    assertThat(conversation.next().keepsResponse()).isFalse();
    assertThat(conversation.next().succeeded("a", 9, null).next().keepsResponse()).isTrue();
  }

  @Test
  void endsWhenToolsCannotHaveBeenCalled() {
    Conversation calling = begin(3, 1);

    assertThat(calling.next().failed().isBroken()).isTrue();
    assertThat(calling.next().failed().hasNextTurn()).isFalse();
    assertThat(calling.next().skipped().hasNextTurn()).isFalse();
    assertThat(calling.next().unsent().hasNextTurn()).isFalse();
    assertThat(calling.next().abandoned(false).hasNextTurn()).isFalse();
  }

  @Test
  void endsWithoutTheResultsOfCallsThatTheHistoryHas() {
    Turn results = begin(4, 1).next().succeeded("a", 9, null).next();

    assertThat(results.failed().isBroken()).isTrue();
    assertThat(results.skipped().hasNextTurn()).isFalse();
    assertThat(results.unsent().hasNextTurn()).isFalse();
    assertThat(results.abandoned(false).hasNextTurn()).isFalse();
    assertThat(results.succeeded("b", 9, null).next().failed().hasNextTurn())
        .as("the calls have their results")
        .isTrue();
  }

  @Test
  void retriesResultsOfTools() {
    ConversationRules rules =
        new ConversationRules(
            ConversationRules.UNLIMITED,
            ContextPolicy.DROP_OLDEST,
            FailurePolicy.retry(1),
            ReplyInHistory.RECEIVED);
    Turn results =
        begin(Scripts.withCalls(3, Set.of(1)), rules).next().succeeded("a", 9, null).next();

    assertThat(body(results.retried().next())).isEqualTo(body(results));
  }

  /** Turn t has 18 + t tokens, and there is room for 45. */
  @ParameterizedTest
  @CsvSource({
    "1, 43, question 3",
    "2, 22, question 4",
    "3, 43, question 3",
  })
  void dropsCallsTogetherWithTheirResults(int calling, int tokens, String first) {
    Turn last = fifthTurn(calling, 45, ContextPolicy.DROP_OLDEST);

    assertThat(last.contextTokens()).isEqualTo(SYSTEM_TOKENS + tokens);
    assertThat(body(last)).contains("be brief\"},{\"role\":\"user\",\"content\":\"" + first);
  }

  @Test
  void keepsTheResultsOfFirstTurnsThatStay() {
    Turn last = fifthTurn(1, 62, ContextPolicy.keepPrefix(1));

    assertThat(last.contextTokens()).isEqualTo(SYSTEM_TOKENS + 19 + 20 + 22);
    assertThat(body(last)).contains("question 1\"},{\"calls\":1},{\"result\":2},{");
  }

  private static Turn fifthTurn(int calling, int room, ContextPolicy policy) {
    ConversationRules rules =
        new ConversationRules(
            SYSTEM_TOKENS + 15 + OUTPUT_TOKENS + room,
            policy,
            FailurePolicy.SKIP,
            ReplyInHistory.CANNED);
    Conversation conversation = begin(Scripts.withCalls(5, Set.of(calling)), rules);
    for (int turn = 1; turn < 5; turn++) {
      conversation = conversation.next().succeeded("", 0, null);
    }
    return conversation.next();
  }

  @Test
  void cannotDropTheCallThatTheNextResultsAreOf() {
    ConversationRules rules =
        new ConversationRules(
            SYSTEM_TOKENS + 12 + OUTPUT_TOKENS + 5,
            ContextPolicy.DROP_OLDEST,
            FailurePolicy.SKIP,
            ReplyInHistory.CANNED);
    Turn results =
        begin(Scripts.withCalls(2, Set.of(1)), rules).next().succeeded("", 0, null).next();

    assertThat(results.fits()).isFalse();
    assertThat(results.droppedTokens()).isZero();
  }

  @Test
  void offersTheToolsOfTheGroup() {
    ConversationScript script =
        new Scripts.Changed(Scripts.script(1)) {
          @Override
          public Passage tools() {
            return Passage.of("[{\"type\":\"function\"}]", 7);
          }
        };
    Turn turn = begin(script, ConversationRules.DEFAULT).next();
    RequestBody withTools =
        new RequestBody(
            LlmSettings.defaults().bodyShape(Api.CHAT),
            RequestFields.DEFAULT.withJson("tools", "[{\"type\":\"x\"}]"));

    assertThat(body(turn)).contains(",\"tools\":[{\"type\":\"function\"}],\"messages\":[");
    assertThat(turn.promptTokens()).isEqualTo(7 + SYSTEM_TOKENS + 11);
    assertThat(turn.messages()).isEqualTo(2);
    assertThat(turn.markSent()).isZero();
    assertThat(turn.markSent()).as("tools and system prompt").isEqualTo(7 + SYSTEM_TOKENS);
    assertThatIllegalStateException()
        .isThrownBy(() -> withTools.of(turn, "m"))
        .withMessageContaining("leave the request field tools out");
  }
}
