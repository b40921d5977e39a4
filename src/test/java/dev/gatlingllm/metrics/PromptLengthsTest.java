package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.RunSummary.PromptLengths;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptLengthsTest {

  private static TestResponse prompt(int messages, int expected, int counted) {
    return TestResponse.streamed(0, 1).messages(messages).expected(expected, 0).input(counted);
  }

  @Test
  void comparesPromptsOfTheSameNumberOfMessages() {
    List<PromptLengths> lengths =
        Runs.of(
                prompt(1, 100, 106),
                prompt(2, 200, 230),
                prompt(2, 400, 428),
                prompt(200, 10, 10),
                prompt(300, 20, 30))
            .promptLengths();

    assertThat(lengths)
        .containsExactly(
            new PromptLengths("answer", 1, 1, 100, 6, 6, 6),
            new PromptLengths("answer", 2, 2, 300, 29, 28, 30),
            new PromptLengths("answer", 128, 2, 15, 5, 0, 10));
  }

  @Test
  void keepsRequestsApartWhichMayHaveOtherTemplates() {
    assertThat(Runs.of(prompt(1, 100, 106), prompt(1, 100, 130).request("other")).promptLengths())
        .containsExactly(
            new PromptLengths("answer", 1, 1, 100, 6, 6, 6),
            new PromptLengths("other", 1, 1, 100, 30, 30, 30));
  }

  @Test
  void ignoresFailedResponsesAndPromptsThatOneSideDidNotCount() {
    assertThat(
            Runs.of(
                    prompt(1, 100, 106).failed("truncated", "no [DONE]"),
                    TestResponse.streamed(0, 1).messages(1).expected(100, 0),
                    TestResponse.streamed(0, 1).messages(1).input(100),
                    prompt(-1, 100, 100))
                .promptLengths())
        .isEmpty();
  }
}
