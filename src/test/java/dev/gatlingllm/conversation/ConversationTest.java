package dev.gatlingllm.conversation;

import static dev.gatlingllm.conversation.Scripts.OUTPUT_TOKENS;
import static dev.gatlingllm.conversation.Scripts.SYSTEM_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConversationTest {

  private static ConversationRules rules(int limit, ContextPolicy policy, FailurePolicy failure) {
    return new ConversationRules(new ContextWindow(limit, policy), failure);
  }

  private static ConversationRules onFailure(FailurePolicy policy) {
    return rules(ContextWindow.UNLIMITED, ContextPolicy.DROP_OLDEST, policy);
  }

  /** A good turn, or a failed one where the length of the reply is 0. */
  private static Conversation after(Turn turn, int replyTokens) {
    return replyTokens == 0 ? turn.failed() : turn.replied("reply", replyTokens);
  }

  @Property
  void aPromptIsThePrefixAndAllGoodTurnsAndTheQuestion(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 40) Integer> replies) {
    Conversation conversation = Scripts.conversation(replies.size(), ConversationRules.DEFAULT);
    int said = 0;
    for (int i = 0; i < replies.size(); i++) {
      int questionTokens = 11 + i;
      Turn turn = conversation.next();

      assertThat(turn.number()).isEqualTo(i + 1);
      assertThat(turn.contextTokens()).isEqualTo(SYSTEM_TOKENS + said);
      assertThat(turn.promptTokens()).isEqualTo(SYSTEM_TOKENS + said + questionTokens);

      conversation = after(turn, replies.get(i));
      said += replies.get(i) == 0 ? 0 : questionTokens + replies.get(i);
      assertThat(conversation.contextTokens()).isEqualTo(SYSTEM_TOKENS + said);
    }
    assertThat(conversation.hasNextTurn()).isFalse();
  }

  @Property
  void droppingTheOldestKeepsEveryPromptWithinTheWindow(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 40) Integer> replies,
      @ForAll @IntRange(min = 150, max = 400) int limit) {
    Conversation conversation =
        Scripts.conversation(
            replies.size(), rules(limit, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    for (int reply : replies) {
      Turn turn = conversation.next();

      assertThat(turn.fits()).isTrue();
      assertThat(turn.promptTokens() + OUTPUT_TOKENS).isLessThanOrEqualTo(limit);
      conversation = after(turn, reply);
    }
  }

  @Test
  void droppingLeavesOutWholeTurnsOldestFirstAndNoMoreThanNeeded() {
    // 100 system + 3 × (question + 20) = 100 + 31 + 32 + 33 = 196; question 4 is 14, reply room 8
    Conversation conversation =
        Scripts.conversation(9, rules(190, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    for (int i = 0; i < 3; i++) {
      conversation = conversation.next().replied("reply", 20);
    }

    Turn turn = conversation.next();

    assertThat(turn.droppedTokens()).isEqualTo(31);
    assertThat(turn.promptTokens()).isEqualTo(100 + 32 + 33 + 14);
    assertThat(turn.replied("reply", 20).contextTokens()).isEqualTo(100 + 32 + 33 + 34);
  }

  @Test
  void stoppingEndsTheConversationBeforeTheTurnThatDoesNotFit() {
    Conversation conversation =
        Scripts.conversation(9, rules(150, ContextPolicy.STOP, FailurePolicy.SKIP));

    Conversation next = conversation.next().replied("reply", 20);

    assertThat(conversation.hasNextTurn()).isTrue();
    assertThat(next.hasNextTurn()).isFalse();
  }

  @Test
  void failingLeavesTheTurnToBeFoundTooLong() {
    Conversation conversation =
        Scripts.conversation(9, rules(150, ContextPolicy.FAIL, FailurePolicy.SKIP))
            .next()
            .replied("reply", 20);

    assertThat(conversation.hasNextTurn()).isTrue();
    assertThat(conversation.next().fits()).isFalse();
    assertThat(conversation.next().failed().nextTurn()).isEqualTo(3);
  }

  @Test
  void aFailedTurnIsSkippedAndTheNextOneGoesOnFromTheLastGoodContext() {
    Conversation good = Scripts.conversation(3, ConversationRules.DEFAULT).next().replied("a", 5);

    Conversation next = good.next().failed();

    assertThat(next.nextTurn()).isEqualTo(3);
    assertThat(next.contextTokens()).isEqualTo(good.contextTokens());
  }

  @Test
  void retryAsksTheSameQuestionAgainAndThenGoesOn() {
    Conversation conversation = Scripts.conversation(3, onFailure(FailurePolicy.retry(2)));

    Conversation once = conversation.next().failed();
    Conversation twice = once.next().failed();
    Conversation thrice = twice.next().failed();

    assertThat(once.nextTurn()).isEqualTo(1);
    assertThat(twice.nextTurn()).isEqualTo(1);
    assertThat(thrice.nextTurn()).isEqualTo(2);
    assertThat(thrice.next().failed().nextTurn()).isEqualTo(2);
  }

  @Test
  void abandonEndsTheConversation() {
    Conversation conversation =
        Scripts.conversation(3, onFailure(FailurePolicy.ABANDON)).next().failed();

    assertThat(conversation.hasNextTurn()).isFalse();
    assertThatThrownBy(conversation::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was abandoned");
  }

  @Test
  void aTurnBeyondTheLastIsRefusedWithTheRemedy() {
    Conversation ended = Scripts.conversation(1, ConversationRules.DEFAULT).next().replied("a", 1);

    assertThatThrownBy(ended::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("conversation-7 ended with its last turn")
        .hasMessageContaining("asLongAs(hasNextTurn())");
  }

  @Test
  void reusableIsWhatAnEarlierPromptOfTheConversationOrTheGroupSent() {
    SystemPrompts prompts = new SystemPrompts();
    Turn first = prompts.begin(Scripts.script(5), ConversationRules.DEFAULT).next();
    Turn other = prompts.begin(Scripts.script(5), ConversationRules.DEFAULT).next();

    assertThat(first.markSent()).isZero();
    assertThat(other.markSent()).isEqualTo(SYSTEM_TOKENS);

    Turn second = first.replied("reply", 20).next();
    assertThat(second.markSent()).isEqualTo(first.promptTokens());

    Turn third = second.failed().next();
    assertThat(third.markSent()).isEqualTo(second.contextTokens());
  }

  @Test
  void nothingButThePrefixIsReusableAfterATurnWasDropped() {
    Conversation conversation =
        Scripts.conversation(9, rules(155, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    Turn first = conversation.next();
    first.markSent();
    Turn second = first.replied("reply", 30).next();

    assertThat(second.droppedTokens()).isEqualTo(41);
    assertThat(second.markSent()).isEqualTo(SYSTEM_TOKENS);
  }

  @Test
  void aSessionDumpShowsNothingThatWasSaid() {
    assertThat(Scripts.conversation(2, ConversationRules.DEFAULT).next().replied("secret", 4))
        .hasToString("conversation-7, next turn 2, 115 context tokens");
  }
}
