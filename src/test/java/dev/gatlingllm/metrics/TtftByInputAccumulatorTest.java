package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.ScopeSummary.InputBin;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TtftByInputAccumulatorTest {

  private static List<InputBin> bins(TestResponse... responses) {
    return Runs.of(responses).overall().charts().ttftByInput();
  }

  @Test
  void groupsPromptsOfAboutTheSameLength() {
    List<InputBin> bins =
        bins(
            TestResponse.streamed(0, 100).input(1_024),
            TestResponse.streamed(0, 300).input(1_100),
            TestResponse.streamed(0, 500).input(2_048));

    assertThat(bins).extracting(InputBin::inputTokens).containsExactly(1_062.0, 2_048.0);
    assertThat(bins.get(0).ttft().count()).isEqualTo(2);
    assertThat(bins.get(0).ttft().max()).isCloseTo(300, within(1e-9));
  }

  @Test
  void separatesPromptsByWhatWasCachedOfThem() {
    assertThat(
            bins(
                TestResponse.streamed(0, 100).input(10).expected(10, 5),
                TestResponse.streamed(0, 100).input(10).expected(10, 9),
                TestResponse.streamed(0, 100).input(10).expected(10, 4),
                TestResponse.streamed(0, 100).input(10)))
        .extracting(InputBin::state, bin -> bin.ttft().count())
        .containsExactly(
            tuple(CacheState.COLD, 1L), tuple(CacheState.WARM, 2L), tuple(CacheState.UNKNOWN, 1L));
  }

  @Test
  void ignoresResponsesWithoutTtftOrOfUnknownInput() {
    assertThat(
            bins(
                TestResponse.streamed(0, 100),
                TestResponse.streamed(0, 100).input(10).failed("truncated", "no [DONE]"),
                TestResponse.streamed(0, 100).input(10).output(64).oddities(Oddity.ONE_BODY),
                TestResponse.between(0, 100).input(10).output(0)))
        .isEmpty();
  }

  private static WindowedResponse measured(TestResponse response) {
    RunClock clock = new RunClock(Window.openEnded(Duration.ZERO));
    clock.begin(TestResponse.ORIGIN, 0);
    return WindowedResponse.of(response.build(), 1, clock, null, Objectives.NONE, false, null);
  }

  @Test
  void mergedPartsEqualTheWhole() {
    WindowedResponse one = measured(TestResponse.streamed(0, 100).input(10));
    WindowedResponse same = measured(TestResponse.streamed(0, 150).input(10));
    WindowedResponse other = measured(TestResponse.streamed(0, 200).input(999).turn(3));
    TtftByInputAccumulator both = new TtftByInputAccumulator();
    List.of(one, same, other).forEach(both::add);
    TtftByInputAccumulator first = new TtftByInputAccumulator();
    first.add(one);
    TtftByInputAccumulator second = new TtftByInputAccumulator();
    second.add(same);
    second.add(other);

    first.add(second);
    SummaryContext context = new SummaryContext(1, Objectives.NONE, false, Deployment.UNKNOWN);
    assertThat(first.summary(context)).isEqualTo(both.summary(context));
  }
}
