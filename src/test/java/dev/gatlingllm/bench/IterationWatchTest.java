package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IterationWatchTest {

  private static class Benchmark {}

  private final List<String> lines = new ArrayList<>();
  private OptionalLong elapsed = OptionalLong.empty();
  private SortedMap<Integer, ScopeSummary> measured = new TreeMap<>();
  private IterationWatch watch = watch("-wi 1 -w 1s -i 2 -r 2s");

  private IterationWatch watch(String options) {
    return new IterationWatch(
        () -> elapsed,
        () -> measured,
        Conditions.of(Benchmark.class, BenchOptions.parse(options)),
        lines::add);
  }

  private void printAfter(double seconds) {
    elapsed = OptionalLong.of((long) (seconds * 1e9));
    watch.printEnded();
  }

  @Test
  void printsNothingBeforeTheFirstRequest() {
    watch.printEnded();

    assertThat(lines).isEmpty();
  }

  @Test
  void leavesOutPercentilesOfTooFewSamples() {
    measureFiveResponses(Objectives.NONE);

    printAfter(3.1);

    assertThat(lines.get(1)).startsWith("Iteration   1: 30.0").doesNotContain("ttft·p99");
  }

  /** No user came in the last second of an open load. */
  @Test
  void completesALoadOfWhichTheLastIterationHadBegun() {
    printAfter(2.9);
    assertThat(watch.hasBegunLast()).isFalse();

    printAfter(3.1);
    assertThat(watch.hasBegunLast()).isTrue();
    assertThat(watch.isComplete()).isFalse();
    watch.printRest();
    assertThat(watch.isComplete()).isTrue();
    assertThat(lines).hasSize(3).last().asString().startsWith("Iteration   2: ");
  }

  @Test
  void saysThatResponsesInFlightMayLowerGoodput() {
    watch = watch("-wi 1 -w 1s -i 2 -r 2s -metric goodputPercent");
    measureFiveResponses(Objectives.parse("ttft<500ms"));

    printAfter(3.1);

    assertThat(lines.get(1)).startsWith("Iteration   1: ≤ 100.000 %");
  }

  private void measureFiveResponses(Objectives objectives) {
    Window window = Window.ofIterations(List.of(), List.of(Duration.ofSeconds(1)));
    try (TokenRecorder recorder =
        TokenRecorder.start(window, objectives, Deployment.UNKNOWN, List.of())) {
      recorder.begin(0, 0);
      for (int i = 0; i < 5; i++) {
        recorder.record(
            ResponseBuilder.to("chat", "turn", i)
                .times(0, 0, 40_000_000)
                .chunks(30_000_000)
                .build());
      }
      measured = recorder.summary().byIteration();
    }
  }

  @Test
  void printsEachIterationOnceItHasEnded() {
    printAfter(0.9);
    assertThat(lines).isEmpty();

    printAfter(1.1);
    printAfter(1.2);
    assertThat(lines).hasSize(1);
    assertThat(watch.isComplete()).isFalse();

    printAfter(5.1);
    assertThat(lines).hasSize(3);
    assertThat(watch.isComplete()).isTrue();
  }
}
