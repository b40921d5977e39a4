package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import org.junit.jupiter.api.Test;

class FirstPromptTest {

  private final FirstPrompt prompt = new FirstPrompt();

  private void respond(long writtenNanos, int input, int cached) {
    prompt.accept(
        ResponseBuilder.to("chat", "turn", 1)
            .conversation("conversation-0", 0)
            .turn(new Response.Turn(1, 1, input, 0, 0, -1))
            .times(0, writtenNanos, writtenNanos + 9)
            .promptTokens(input, cached)
            .output(1, OutputTokensSource.USAGE)
            .build(),
        "warmup");
  }

  @Test
  void hasNoNoteIfFirstPromptWasNotCached() {
    respond(20, 1_000, 976);
    respond(10, 1_000, 0);

    assertThat(prompt.note()).isEmpty();
  }

  @Test
  void notesThatFirstPromptWasCached() {
    respond(20, 1_000, 0);
    respond(10, 1_000, 976);

    assertThat(prompt.note().orElseThrow()).contains("976 of 1,000", "-Dllm.salt", "-cache reset");
  }

  @Test
  void hasNoNoteIfServerDoesNotReportCachedTokens() {
    assertThat(prompt.note()).isEmpty();
    respond(10, 1_000, -1);

    assertThat(prompt.note()).isEmpty();
  }
}
