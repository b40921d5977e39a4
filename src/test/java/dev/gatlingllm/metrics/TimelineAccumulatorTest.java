package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineAccumulatorTest {

  private static List<Second> timeline(long warmUpSeconds, TestResponse... responses) {
    return Runs.of(Window.openEnded(Duration.ofSeconds(warmUpSeconds)), responses)
        .overall()
        .timeline();
  }

  @Test
  void countsEachEventInItsSecond() {
    List<Second> seconds =
        timeline(
            0,
            TestResponse.streamed(500, 900, 1100, 2250),
            TestResponse.between(0, 400).failed("http 503", "busy"));

    assertThat(seconds).extracting(Second::second).containsExactly(0L, 1L, 2L);
    assertThat(seconds).extracting(Second::requests).containsExactly(1L, 0L, 1L);
    assertThat(seconds).extracting(Second::ok).containsExactly(0L, 0L, 1L);
    assertThat(seconds).extracting(Second::ko).containsExactly(1L, 0L, 0L);
    assertThat(seconds).extracting(Second::outputTokens).containsExactly(1.0, 1.0, 1.0);
    assertThat(seconds).extracting(Second::activeStreams).containsExactly(0.9, 1.0, 0.25);
    assertThat(seconds.get(0).ttft().count()).isEqualTo(1);
    assertThat(seconds.get(0).ttft().p50()).isCloseTo(400, within(1e-9));
    assertThat(seconds.get(1).ttft()).isNull();
  }

  @Test
  void numbersSecondsFromTheEndOfTheWarmUp() {
    assertThat(timeline(2, TestResponse.streamed(100, 900), TestResponse.streamed(2000, 2100)))
        .extracting(Second::second)
        .containsExactly(-2L, -1L, 0L);
  }

  @Test
  void includesIdleSeconds() {
    Second idle =
        timeline(0, TestResponse.streamed(0, 100), TestResponse.streamed(5000, 5100)).get(3);
    assertThat(idle).isEqualTo(new Second(3, 0, 0, 0, 0, 0, null));
  }

  @Test
  void spreadsTokensEvenlyOverChunks() {
    List<Second> seconds = timeline(0, TestResponse.streamed(0, 500, 1500, 1600).output(6));
    assertThat(seconds).extracting(Second::outputTokens).containsExactly(2.0, 4.0);
  }

  @Test
  void keepsATimelinePerRequest() {
    RunSummary run =
        Runs.of(
            TestResponse.streamed(0, 100).request("a"),
            TestResponse.streamed(0, 100, 200).request("b"));

    assertThat(run.byRequest().get("a").timeline().get(0).outputTokens()).isEqualTo(1);
    assertThat(run.byRequest().get("b").timeline().get(0).outputTokens()).isEqualTo(2);
  }

  @Test
  void chartStepsHaveRatesAndPercentiles() {
    Step step =
        Runs.of(
                TestResponse.streamed(0, 100, 200, 300).input(100).cached(40).expected(90, 45),
                TestResponse.streamed(0, 300, 500).input(100).cached(60),
                TestResponse.between(0, 400).failed("http 503", "busy").input(500).cached(0))
            .overall()
            .charts()
            .steps()
            .get(0);

    assertThat(step.okPerSecond()).isEqualTo(2);
    assertThat(step.koPerSecond()).isEqualTo(1);
    assertThat(step.outputTokensPerSecond()).isEqualTo(5);
    assertThat(step.activeStreams()).isCloseTo(1.2, within(1e-9));
    assertThat(step.cacheHitPercent()).isEqualTo(50);
    assertThat(step.reusablePercent()).isEqualTo(50);
    assertThat(step.latencies().get(Figure.TTFT).max()).isEqualTo(300);
    assertThat(step.latencies().get(Figure.TPOT).min()).isEqualTo(100);
    assertThat(step.latencies().get(Figure.E2E).count()).isEqualTo(2);
  }

  @Test
  void chartMergesNeighbouringSteps() {
    double last = TimelineAccumulator.MAX_CHART_STEPS * 1000.0;
    RunSummary run =
        Runs.of(
            TestResponse.streamed(0, 200),
            TestResponse.streamed(1000, 1400),
            TestResponse.streamed(last, last + 500));

    assertThat(run.overall().timeline()).hasSize(TimelineAccumulator.MAX_CHART_STEPS + 1);
    List<Step> steps = run.overall().charts().steps();
    assertThat(steps).hasSize(TimelineAccumulator.MAX_CHART_STEPS / 2 + 1);
    assertThat(steps.get(0).okPerSecond()).isEqualTo(1);
    assertThat(steps.get(0).latencies().get(Figure.TTFT).count()).isEqualTo(2);
    assertThat(steps.get(0).latencies().get(Figure.TTFT).max()).isEqualTo(400);
    assertThat(steps.get(steps.size() - 1).second()).isEqualTo(TimelineAccumulator.MAX_CHART_STEPS);
    assertThat(steps.get(steps.size() - 1).okPerSecond())
        .as("over the one second of the last step that is in the run")
        .isEqualTo(1);
    assertThat(run.byRequest().get("answer").charts().steps())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(steps);
  }

  @Test
  void mergesNeighbouringSecondsOfALongRun() {
    double last = TimelineAccumulator.MAX_STEPS * 1000.0;
    List<Second> steps =
        timeline(
            0,
            TestResponse.streamed(0, 500),
            TestResponse.streamed(1000, 1500),
            TestResponse.streamed(last, last + 500));

    assertThat(steps).hasSize(TimelineAccumulator.MAX_STEPS / 2 + 1);
    assertThat(steps.get(0).requests()).isEqualTo(2);
    assertThat(steps.get(0).activeStreams()).isEqualTo(0.5);
    assertThat(steps.get(0).ttft().count()).isEqualTo(2);
    assertThat(steps.get(1).second()).isEqualTo(2);
    assertThat(steps.get(steps.size() - 1).second()).isEqualTo(TimelineAccumulator.MAX_STEPS);
  }

  @Test
  void countsFailuresByKindInTheSecondInWhichTheyEnd() {
    List<Step> steps =
        Runs.of(
                TestResponse.between(0, 500).failed("http 500", ""),
                TestResponse.between(0, 600).failed("truncated", ""),
                TestResponse.between(0, 1_500).failed("http 500", ""))
            .overall()
            .charts()
            .steps();

    assertThat(steps)
        .extracting(Step::failures)
        .containsExactly(Map.of("http 500", 1L, "truncated", 1L), Map.of("http 500", 1L));
  }
}
