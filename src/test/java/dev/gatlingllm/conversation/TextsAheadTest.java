package dev.gatlingllm.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.workload.ConversationScript;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextsAheadTest {

  private static final int TURNS = 4;

  /** Texts that were made, such as {@code question 2}. */
  private final List<String> made = new ArrayList<>();

  private Turn firstTurn(ReplyInHistory reply, int questionTokens, int responseTokens) {
    ConversationScript words = new ConversationOfWords(TURNS, 10, questionTokens, responseTokens);
    ConversationScript noted =
        new ConversationScript() {
          @Override
          public String id() {
            return words.id();
          }

          @Override
          public int group() {
            return 0;
          }

          @Override
          public Passage systemPrompt() {
            return words.systemPrompt();
          }

          @Override
          public int turns() {
            return TURNS;
          }

          @Override
          public int questionTokens(int turn) {
            return questionTokens;
          }

          @Override
          public Passage response(int turn) {
            made.add("response " + turn);
            return words.response(turn);
          }

          @Override
          public Question question(int turn) {
            made.add("question " + turn);
            return words.question(turn);
          }
        };
    ConversationRules rules =
        new ConversationRules(
            ConversationRules.UNLIMITED, ContextPolicy.DROP_OLDEST, FailurePolicy.retry(1), reply);
    return new Conversations("", 0, rules, PromptFormat.TEXT).begin(0, noted).next();
  }

  private static String body(Turn turn) {
    RequestBody bodies =
        new RequestBody(LlmSettings.defaults().bodyShape(Api.CHAT), RequestFields.DEFAULT);
    return new String(bodies.of(turn, "m"), UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void conversationIsTheSameWithTextsMadeAhead(ReplyInHistory reply) {
    Turn turn = firstTurn(reply, 5, 7);
    Turn ahead = firstTurn(reply, 5, 7);
    for (int number = 1; number < TURNS; number++) {
      ahead.prepareNext();
      turn = turn.succeeded("received " + number, 2, null).next();
      ahead = ahead.succeeded("received " + number, 2, null).next();
      assertThat(body(ahead)).isEqualTo(body(turn));
      assertThat(ahead.promptTokens()).isEqualTo(turn.promptTokens());
    }
  }

  @Test
  void takesWhatWasMadeAhead() {
    Turn turn = firstTurn(ReplyInHistory.CANNED, 5, 7);
    turn.prepareNext();
    made.clear();

    turn.succeeded("not kept", 2, null).next();
    assertThat(made).isEmpty();
  }

  @Test
  void doesNotMakeTextsThatAreNotNeededAnyMore() {
    Turn turn = firstTurn(ReplyInHistory.CANNED, 5, 7);
    turn.retried().next().succeeded("not kept", 2, null).next();
    made.clear();

    turn.prepareNext();
    assertThat(made).isEmpty();
  }

  @Test
  void doesNotTakeTheTextsOfAnotherTurn() {
    Turn first = firstTurn(ReplyInHistory.RECEIVED, 5, 7);
    first.prepareNext();
    Turn second = first.failed().next();
    Turn third = second.failed().next();

    assertThat(second.questionText()).startsWith("w4000 ");
    assertThat(third.questionText()).startsWith("w6000 ");
    assertThat(first.retried().next().questionText()).startsWith("w2000 ");
  }

  @Test
  void onlyLongTextsAreWorthAnotherThread() {
    assertThat(firstTurn(ReplyInHistory.RECEIVED, 999, 5_000).isNextLong()).isFalse();
    assertThat(firstTurn(ReplyInHistory.RECEIVED, 1_000, 5).isNextLong()).isTrue();
    assertThat(firstTurn(ReplyInHistory.CANNED, 5, 995).isNextLong()).isTrue();
  }

  @Test
  void sendsATurnAlsoIfTheNextOneIsInvalid() {
    ConversationScript words = new ConversationOfWords(TURNS, 10, 5_000, 7);
    ConversationScript broken =
        (ConversationScript)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConversationScript.class},
                (proxy, method, given) -> {
                  if (method.getName().startsWith("question") && given[0].equals(2)) {
                    throw new IllegalArgumentException("a blank question");
                  }
                  return method.invoke(words, given);
                });
    ConversationRules rules =
        new ConversationRules(
            ConversationRules.UNLIMITED,
            ContextPolicy.DROP_OLDEST,
            FailurePolicy.retry(1),
            ReplyInHistory.RECEIVED);
    Turn turn = new Conversations("", 0, rules, PromptFormat.TEXT).begin(0, broken).next();

    assertThat(turn.isNextLong()).isFalse();
    turn.prepareNext();
    Conversation next = turn.succeeded("received", 2, null);
    assertThatThrownBy(next::next).hasMessage("a blank question");
  }

  @Test
  void nothingFollowsTheLastTurn() {
    Turn turn = firstTurn(ReplyInHistory.RECEIVED, 5_000, 5);
    for (int number = 1; number < TURNS; number++) {
      turn = turn.failed().next();
    }
    assertThat(turn.isNextLong()).isFalse();
  }
}
