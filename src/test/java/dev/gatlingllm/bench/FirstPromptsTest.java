package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import org.junit.jupiter.api.Test;

class FirstPromptsTest {

  private final FirstPrompts prompts = new FirstPrompts();

  private void respond(long writtenNanos, int sentBefore, int cached) {
    prompts.accept(
        ResponseBuilder.to("chat", "turn", 1)
            .conversation("conversation-0", 0)
            .turn(new Response.Turn(1, 1, 1_000, sentBefore, 0, -1))
            .times(0, writtenNanos, writtenNanos + 9)
            .chunks(writtenNanos + 8)
            .promptTokens(1_000, cached)
            .output(1, OutputTokensSource.USAGE)
            .build(),
        "warmup");
  }

  @Test
  void hasNoNoteIfTheFirstPromptWasNotCached() {
    respond(20, 976, 976);
    respond(10, 0, 0);

    assertThat(prompts.note(false)).isEmpty();
  }

  @Test
  void hasNoNoteIfTheFirstPromptHitWhatAnotherUserSentAtTheSameTime() {
    respond(11, 900, 0);
    respond(10, 0, 896);

    assertThat(prompts.note(false)).isEmpty();
  }

  @Test
  void notesThatTheFirstPromptsWereCached() {
    respond(20, 976, 0);
    respond(11, 900, 976);
    respond(10, 0, 976);

    assertThat(prompts.note(false).orElseThrow())
        .contains("1,952 of 2,000", "-cache reset", "for generated prompts alone, set -Dllm.salt");
  }

  /** Questions of a feeder may begin with the same document. */
  @Test
  void hasNoNoteIfOnlyLaterOnesOfPromptsThatBeginAlikeWereCached() {
    respond(10, 0, 0);
    respond(11, 0, 976);
    respond(12, 0, 976);
    assertThat(prompts.note(false)).isPresent();
    assertThat(prompts.note(true)).isEmpty();
  }

  @Test
  void notesThatAllPromptsThatBeginAlikeWereCached() {
    respond(10, 0, 976);
    respond(11, 0, 976);

    assertThat(prompts.note(true)).isPresent();
  }

  private void respondOutsideOfConversations(long writtenNanos, int input, int cached) {
    prompts.accept(
        ResponseBuilder.to("chat", "answer", 1)
            .times(0, writtenNanos, writtenNanos + 9)
            .chunks(writtenNanos + 8)
            .promptTokens(input, cached)
            .build(),
        "warmup");
  }

  @Test
  void hasNoNoteIfNobodyCountsPromptTokens() {
    respondOutsideOfConversations(10, -1, -1);
    respondOutsideOfConversations(11, -1, -1);

    assertThat(prompts.note(false)).isEmpty();
  }

  @Test
  void judgesTheVeryFirstOfPromptsThatAreNotKnown() {
    respondOutsideOfConversations(11, 1_000, 992);
    respondOutsideOfConversations(12, 1_000, 992);
    respondOutsideOfConversations(13, 1_000, 992);
    respondOutsideOfConversations(10, 1_000, 0);
    assertThat(prompts.note(false)).as("they may be the same").isEmpty();

    respondOutsideOfConversations(9, 1_000, 992);
    assertThat(prompts.note(false).orElseThrow()).contains("992 of 1,000");
  }

  @Test
  void hasNoNoteIfServerDoesNotReportCachedTokens() {
    assertThat(prompts.note(false)).isEmpty();
    respond(10, 0, -1);

    assertThat(prompts.note(false)).isEmpty();
  }
}
