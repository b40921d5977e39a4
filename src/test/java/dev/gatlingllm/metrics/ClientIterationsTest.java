package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientIterationsTest {

  private static final int CORES = 2;

  private long now;
  private long cpuNanos;

  private ProcessUse use() {
    return new ProcessUse(TestResponse.nanos(now), cpuNanos, CORES, 0);
  }

  private ClientIterations monitor(Window window) {
    RunClock clock = new RunClock(window);
    clock.begin(TestResponse.ORIGIN, 0);
    return new ClientIterations(clock, this::use);
  }

  @Test
  void measuresLagAndCpuOfEachIteration() {
    ClientIterations client =
        monitor(
            Window.ofIterations(
                List.of(Duration.ofSeconds(1)),
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(1))));
    for (now = 0; now <= 3_000; now += 20) {
      client.onTime(TestResponse.nanos(now));
      client.addLag(TestResponse.nanos(now), now < 2_000 ? 1_000_000 : 30_000_000);
      // one core in the first two seconds, both in the third
      cpuNanos += now < 2_000 ? 20_000_000 : 40_000_000;
    }

    assertThat(client.summary()).containsOnlyKeys(0, 1, 2);
    assertThat(client.summary().get(1).cpuPercent()).isEqualTo(50);
    assertThat(client.summary().get(2).cpuPercent()).isEqualTo(100);
    assertThat(client.summary().get(1).eventLoopLag().max()).isEqualTo(1);
    assertThat(client.summary().get(2).eventLoopLag().min()).isEqualTo(30);
  }

  @Test
  void keepsNothingIfIterationsAreNotKeptApart() {
    ClientIterations client = monitor(Runs.seconds(0, 1));
    client.onTime(TestResponse.nanos(0));
    client.addLag(TestResponse.nanos(0), 5);
    client.onTime(TestResponse.nanos(2_000));

    assertThat(client.summary()).isEmpty();
  }
}
