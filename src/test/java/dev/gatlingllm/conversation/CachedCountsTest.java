package dev.gatlingllm.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The prompt of each turn here has 1,000 tokens of a system prompt and 100 of a question. */
class CachedCountsTest {

  private static final int EXPECTED = 1_100;
  private static final int TEMPLATE = 20;

  private static Turn turn() {
    return new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT)
        .begin(0, new ConversationOfWords(4, 1_000, 100, 50))
        .next();
  }

  @Test
  void findsAWholePromptBesideItsCachedTokens() {
    assertThat(turn().isCachedTwice(EXPECTED + TEMPLATE, 1_008, 1_000)).isTrue();
    assertThat(turn().isCachedTwice(EXPECTED, 1_000, 1_100)).isTrue();
  }

  @Test
  void believesCountsThatAddUpToThePrompt() {
    for (int cached = 16; cached <= 1_008; cached += 16) {
      assertThat(turn().isCachedTwice(EXPECTED + TEMPLATE - cached, cached, 1_000))
          .as("%d cached", cached)
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // a tokenizer that is not the model's: 30 % more tokens
    "830, 600, 1000",
    // tools that the workload does not count and that are cached
    "1110, 512, 0",
    // too few to tell
    "1120, 64, 1000",
    "1120, 1008, -1",
  })
  void believesCountsThatCanBeRight(int input, int cached, int reusable) {
    assertThat(turn().isCachedTwice(input, cached, reusable)).isFalse();
  }

  @Test
  void onePromptOfWhichMostWasCachedProvesThatCountsAreApart() {
    Conversation conversation = turn().conversation();

    assertThat(conversation.next().isCachedTwice(112, 1_008, 1_000)).isFalse();
    assertThat(conversation.next().isCachedTwice(EXPECTED + TEMPLATE, 1_008, 1_000)).isFalse();
  }

  @Test
  void enoughEvidenceDecidesPromptsThatCannotTell() {
    Conversation conversation = turn().conversation();
    for (int i = 0; i < 8; i++) {
      assertThat(conversation.next().isCachedTwice(EXPECTED, 64, 1_000)).isFalse();
      assertThat(conversation.next().isCachedTwice(EXPECTED, 1_000, 1_000)).isTrue();
    }

    assertThat(conversation.next().isCachedTwice(EXPECTED, 64, 1_000)).isTrue();
  }
}
