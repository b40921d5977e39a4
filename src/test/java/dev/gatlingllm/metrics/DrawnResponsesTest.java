package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.DrawnResponses.Drawn;
import dev.gatlingllm.metrics.DrawnResponses.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrawnResponsesTest {

  private static final Window WHOLE = Window.openEnded(Duration.ZERO);
  private static final int MANY = 5 * DrawnResponsesAccumulator.MAX_RESPONSES;

  private static List<Response> responses(int from, int to) {
    List<Response> responses = new ArrayList<>();
    for (int i = from; i < to; i++) {
      responses.add(TestResponse.streamed(i, i + 5.0, i + 9.0).conversation(i, "c" + i).build());
    }
    return responses;
  }

  private static DrawnResponses drawn(List<Response> responses) {
    return Runs.of(WHOLE, responses).samples().drawn();
  }

  @Test
  void keepsEveryResponseOfAShortRun() {
    DrawnResponses drawn = drawn(responses(0, 50));

    assertThat(drawn.of()).isEqualTo(50);
    assertThat(drawn.all()).hasSize(50);
    assertThat(drawn.all().get(7))
        .isEqualTo(
            new Drawn(
                new SentRequest(
                    "answer",
                    0,
                    Map.of(Breakdown.SCENARIO, "support chat", Breakdown.FINISH_REASON, "length"),
                    1,
                    1,
                    0.007),
                5,
                -1,
                4,
                -1,
                4,
                9,
                -1,
                -1,
                -1,
                -1,
                2,
                null,
                new Place(true, true, true, false, false, false, false, false, false)));
  }

  @Test
  void drawsFromAllPartsOfALongRunAlike() {
    List<Drawn> drawn = drawn(responses(0, MANY)).all();

    assertThat(drawn).hasSize(DrawnResponsesAccumulator.MAX_RESPONSES);
    long early =
        drawn.stream().filter(response -> response.sent().second() * 1_000 < MANY / 4).count();
    assertThat((double) early / drawn.size()).isCloseTo(0.25, within(0.05));
  }

  @Test
  void drawsTheSameWhateverTheOrderOfResponses() {
    List<Response> backwards = responses(0, MANY);
    Collections.reverse(backwards);

    assertThat(drawn(backwards)).isEqualTo(drawn(responses(0, MANY)));
  }

  @Test
  void mergesToWhatOneLoadGeneratorWouldHaveDrawn() {
    RunAccumulator first = Runs.accumulator(WHOLE, Objectives.NONE, responses(0, MANY / 2));
    RunAccumulator second = Runs.accumulator(WHOLE, Objectives.NONE, responses(MANY / 2, MANY));

    assertThat(
            Runs.merged(List.of(first, Accumulators.reread(second)))
                .summary()
                .samples()
                .drawn()
                .all())
        .extracting(response -> response.sent().second())
        .isEqualTo(
            drawn(responses(0, MANY)).all().stream()
                .map(response -> response.sent().second())
                .toList());
  }

  @Test
  void saysWhatOfAResponseLiesInTheWindow() {
    Window window = Runs.seconds(1, 2);
    List<Response> responses =
        List.of(
            TestResponse.streamed(500, 900, 950).build(),
            TestResponse.streamed(600, 1_200, 1_300).build(),
            TestResponse.streamed(1_500, 1_600, 1_700).build(),
            TestResponse.between(1_800, 1_900).failed("http 500", "error").build(),
            TestResponse.streamed(2_500, 2_600, 3_500).build(),
            TestResponse.streamed(2_700, 3_200, 3_300).build());

    assertThat(Runs.of(window, responses).samples().drawn().all())
        .extracting(Drawn::place)
        .containsExactly(
            new Place(false, false, false, false, false, false, false, false, false),
            new Place(true, false, false, false, false, false, false, false, false),
            new Place(true, true, true, false, false, false, false, false, false),
            new Place(true, false, false, false, false, false, false, false, false),
            new Place(false, true, false, true, false, false, false, false, false),
            new Place(false, false, false, true, true, false, false, false, false));
  }
}
