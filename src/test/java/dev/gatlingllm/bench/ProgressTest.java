package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static class Benchmark {}

  private final AtomicLong now = new AtomicLong(-3);
  private final Combination combination =
      Combination.of(Benchmark.class, BenchOptions.parse("-f 4 -wi 1 -w 5s -i 5 -r 11s")).get(0);
  private final Progress progress = new Progress(List.of(combination), now::get);

  @Test
  void printsThePlan() {
    assertThat(progress.plan())
        .isEqualTo("# 4 forks, 00:04:00 of load; with starts and reports about 00:04:20");
    Combination ofOneFork =
        Combination.of(Benchmark.class, BenchOptions.parse("-f 1 -wi 1 -w 5s")).get(0);
    assertThat(new Progress(List.of(ofOneFork), now::get).plan()).startsWith("# 1 fork, ");
  }

  @Test
  void estimatesRemainingTimeFromFinishedForks() {
    assertThat(progress.line()).isEqualTo("# Run progress: 0.00% complete, ETA 00:04:20");
    now.addAndGet(TimeUnit.SECONDS.toNanos(70));
    progress.ended(combination);
    assertThat(progress.line()).isEqualTo("# Run progress: 25.00% complete, ETA 00:03:30");
    now.addAndGet(TimeUnit.SECONDS.toNanos(3600));
    assertThat(progress.total()).isEqualTo("# Run complete. Total time: 01:01:10");
  }
}
