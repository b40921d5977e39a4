package dev.gatlingllm.metrics;

import static dev.gatlingllm.metrics.Runs.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final Window ONE_SECOND_OF_WARM_UP = Window.openEnded(Duration.ofSeconds(1));

  @Test
  void countsABorderOnItsLaterSide() {
    Window window = seconds(1, 2, 2);

    assertThat(window.iterationAt(-1)).isEqualTo(Window.WARM_UP);
    assertThat(window.iterationAt(999_999_999)).isEqualTo(Window.WARM_UP);
    assertThat(window.iterationAt(1_000_000_000)).isEqualTo(1);
    assertThat(window.iterationAt(2_999_999_999L)).isEqualTo(1);
    assertThat(window.iterationAt(3_000_000_000L)).isEqualTo(2);
    assertThat(window.iterationAt(5_000_000_000L)).isEqualTo(Window.DRAIN);
  }

  @Test
  void labelsIterationsAsFilesDo() {
    assertThat(Window.label(Window.WARM_UP)).isEqualTo("warmup");
    assertThat(Window.label(2)).isEqualTo("2");
    assertThat(Window.label(Window.DRAIN)).isEqualTo("drain");
  }

  @Test
  void countsAResponseThatEndsAfterTheWarmUpButTokensWhereTheyArrive() {
    RunSummary run =
        Runs.of(
            ONE_SECOND_OF_WARM_UP,
            TestResponse.streamed(0, 900),
            TestResponse.streamed(500, 800, 900, 1100, 3000),
            TestResponse.streamed(500, 700).request("warm-up only").group(7).turn(9));

    assertThat(run.durationSeconds()).isEqualTo(2);
    assertThat(run.overall().totals().requests()).isEqualTo(1);
    assertThat(run.overall().totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(2);
    assertThat(run.overall().totals().values().get(Figure.OUTPUT_TOKENS_PER_SECOND)).isEqualTo(1.0);
    assertThat(run.overall().metrics().get(Figure.TTFT).count()).isEqualTo(1);
    assertThat(run.overall().metrics().get(Figure.ICL).count()).isEqualTo(3);
    assertThat(run.byRequest()).containsOnlyKeys("answer");
    assertThat(run.byGroup()).containsOnlyKeys(0);
    assertThat(run.overall().byTurn()).containsOnlyKeys(1);
  }

  @Test
  void countsOnlyTheTokensOfAResponseThatEndsAfterTheWindow() {
    RunSummary run =
        Runs.of(
            seconds(0, 2), TestResponse.streamed(0, 1000), TestResponse.streamed(500, 1500, 2500));

    assertThat(run.durationSeconds()).isEqualTo(2);
    assertThat(run.overall().totals().requests()).isEqualTo(1);
    assertThat(run.overall().totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(2);
    assertThat(run.overall().metrics().get(Figure.TTFT).count()).isEqualTo(1);
  }

  @Test
  void leavesOutFailuresOfTheWarmUp() {
    RunSummary run =
        Runs.of(
            ONE_SECOND_OF_WARM_UP, TestResponse.between(0, 500).failed("http 503", "warming up"));

    assertThat(run.failures()).isEmpty();
    assertThat(run.durationSeconds()).isZero();
  }

  @Test
  void measuresOnlyTheElapsedTimeOfARunThatWasCutShort() {
    assertThat(Runs.of(seconds(1, 60), TestResponse.streamed(0, 3000)).durationSeconds())
        .isEqualTo(2);
  }

  @Test
  void rejectsInvalidLengths() {
    assertThatThrownBy(() -> Window.openEnded(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
    assertThatThrownBy(() -> Window.of(Duration.ZERO, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> seconds(1, 5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iteration 2");
  }
}
