package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.ResponseSamples.Conversation;
import dev.gatlingllm.metrics.ResponseSamples.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesAccumulatorTest {

  private static final Window FROM_ONE_SECOND = Window.openEnded(Duration.ofSeconds(1));

  private static List<Response> conversations(int from, int to) {
    List<Response> responses = new ArrayList<>();
    for (int turn = 1; turn <= 2; turn++) {
      for (int i = from; i < to; i++) {
        double written = 1_000 * turn + i;
        responses.add(
            TestResponse.streamed(written, written + 100)
                .conversation(i, "g0-" + i)
                .turn(turn)
                .build());
      }
    }
    return responses;
  }

  private static ResponseSamples samples(List<Response> responses) {
    return Runs.of(Window.openEnded(Duration.ZERO), responses).samples();
  }

  @Test
  void keepsAFewConversationsWithAllTheirResponses() {
    List<Conversation> kept = samples(conversations(0, 500)).conversations();

    assertThat(kept).hasSize(SamplesAccumulator.CONVERSATIONS);
    assertThat(kept)
        .allSatisfy(
            conversation ->
                assertThat(conversation.responses())
                    .extracting(Sample::conversation, sample -> sample.sent().turn())
                    .extracting(row -> row.toList().get(1))
                    .containsExactly(1, 2));
  }

  @Test
  void drawsConversationsWhateverTheOrderOfResponses() {
    List<Response> responses = conversations(0, 500);
    List<Response> backwards = new ArrayList<>(responses);
    Collections.reverse(backwards);

    assertThat(samples(backwards).conversations()).isEqualTo(samples(responses).conversations());
  }

  @Test
  void mergesToWhatOneLoadGeneratorWouldHaveKept() {
    RunAccumulator first =
        Runs.accumulator(FROM_ONE_SECOND, Objectives.NONE, conversations(0, 250));
    RunAccumulator second =
        Runs.accumulator(FROM_ONE_SECOND, Objectives.NONE, conversations(250, 500));

    assertThat(Runs.merged(List.of(first, second)).summary().samples().conversations())
        .isEqualTo(Runs.of(FROM_ONE_SECOND, conversations(0, 500)).samples().conversations());
  }

  @Test
  void keepsTheSlowestAndTheFirstFailedOnesOfTheWindow() {
    List<Response> responses = new ArrayList<>();
    responses.add(TestResponse.streamed(0, 900).request("warm-up").build());
    for (int i = 1; i <= 30; i++) {
      double written = 1_000 * i;
      responses.add(TestResponse.streamed(written, written + i).build());
      responses.add(
          TestResponse.between(written, written + 500).failed("http 500", "error " + i).build());
    }

    // the first to be sent are the last to end
    Collections.reverse(responses);

    ResponseSamples samples = Runs.of(FROM_ONE_SECOND, responses).samples();

    assertThat(samples.slowest()).extracting(Sample::ttftMillis).startsWith(30.0, 29.0).hasSize(10);
    assertThat(samples.failed())
        .extracting(sample -> sample.sent().second())
        .startsWith(0.0, 1.0)
        .hasSize(10);
    assertThat(samples.failed()).extracting(Sample::failure).containsOnly("http 500");
  }

  @Test
  void keepsConversationsOfBoundedLength() {
    List<Response> endless = new ArrayList<>();
    for (int turn = 1; turn <= 1_000; turn++) {
      endless.add(
          TestResponse.streamed(turn, turn + 0.5).conversation(1, "g0-0").turn(turn).build());
    }

    assertThat(samples(endless).conversations().get(0).responses())
        .hasSize(SamplesAccumulator.RESPONSES)
        .extracting(sample -> sample.sent().turn())
        .startsWith(1, 2)
        .endsWith(100);
  }
}
