package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class IterationWatchTest {

  private static class Benchmark {}

  private final List<String> lines = new ArrayList<>();
  private OptionalLong elapsed = OptionalLong.empty();
  private final IterationWatch watch =
      new IterationWatch(
          () -> elapsed,
          Map::of,
          Conditions.of(Benchmark.class, BenchOptions.parse("-wi 1 -w 1s -i 2 -r 2s")),
          lines::add);

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
