package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates the tokens of responses that did not end by those that did. */
class ChunkSizesTest {

  private final ChunkSizes sizes = new ChunkSizes();

  private int tokens(TestResponse response) {
    Response added = sizes.counted(response.build());
    assertThat(added.usage().outputTokensSource()).isEqualTo(OutputTokensSource.CHUNKS);
    return added.usage().outputTokens();
  }

  private static TestResponse uncounted(String request) {
    return TestResponse.streamed(0, 10, 20, 30).source(OutputTokensSource.CHUNKS).request(request);
  }

  private static TestResponse counted(String request, int tokens) {
    return TestResponse.streamed(0, 100, 200, 300, 400).output(tokens).request(request);
  }

  @ParameterizedTest
  @CsvSource({"abandoned", "cut", "failed"})
  void countsChunksOfAResponseThatDidNotEndAsThoseOfItsRequest(String end) {
    sizes.counted(counted("draft", 12).build());
    sizes.counted(counted("chat", 4).build());
    for (String request : new String[] {"draft", "chat"}) {
      TestResponse response = uncounted(request);
      int expected = request.equals("draft") ? 9 : 3;
      assertThat(
              tokens(
                  switch (end) {
                    case "abandoned" -> response.abandoned();
                    case "cut" -> response.cut();
                    default -> response.failed("stream", "it broke");
                  }))
          .isEqualTo(expected);
    }
  }

  @Test
  void countsChunksOfAnUnknownRequestAsThoseOfAll() {
    assertThat(tokens(uncounted("chat").abandoned())).as("nothing is known").isEqualTo(3);
    sizes.counted(counted("draft", 12).build());
    sizes.counted(counted("other", 4).build());

    assertThat(tokens(uncounted("chat").abandoned())).as("2 tokens a chunk").isEqualTo(6);
  }

  @Test
  void leavesCountsOfOthersAlone() {
    sizes.counted(counted("chat", 12).build());

    assertThat(tokens(uncounted("chat"))).as("a good response").isEqualTo(3);
    Response known = sizes.counted(counted("chat", 5).abandoned().build());
    assertThat(known.usage().outputTokens()).isEqualTo(5);
  }

  /** Neither a body, nor what a proxy held back, nor a failed response shows how tokens come. */
  @Test
  void learnsFromStreamsAlone() {
    sizes.counted(counted("chat", 12).failed("stream", "it broke").build());
    sizes.counted(counted("chat", 12).oddities(Oddity.HELD_BACK).build());
    sizes.counted(TestResponse.streamed(0, 10).output(12).request("chat").build());
    sizes.counted(uncounted("chat").build());

    assertThat(tokens(uncounted("chat").abandoned())).isEqualTo(3);
  }

  @Test
  void takesFurtherRequestsForAverageOnes() {
    for (int i = 0; i < 64; i++) {
      sizes.counted(counted("chat " + i, 4).build());
    }
    sizes.counted(counted("late", 4 * 65 + 4).build());

    assertThat(tokens(uncounted("late").abandoned())).as("2 tokens a chunk").isEqualTo(6);
  }
}
