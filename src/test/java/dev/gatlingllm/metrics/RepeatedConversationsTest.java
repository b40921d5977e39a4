package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepeatedConversationsTest {

  @Test
  void countsARepeatedConversationOnceAlsoInTheWarmUp() {
    RunSummary run =
        Runs.of(
            Runs.seconds(1, 9),
            TestResponse.streamed(0, 10).conversation(1, "a").turn(1),
            TestResponse.streamed(10, 20).conversation(1, "a").turn(2),
            TestResponse.streamed(2_000, 2_010).conversation(2, "a").turn(1),
            TestResponse.streamed(2_010, 2_020).conversation(2, "a").turn(2),
            TestResponse.streamed(2_000, 2_010).conversation(3, "b").turn(1),
            TestResponse.streamed(2_000, 2_010).conversation(4, null).turn(0),
            TestResponse.streamed(2_000, 2_010).conversation(5, null).turn(0));

    assertThat(run.repeatedConversations()).isEqualTo(1);
  }
}
