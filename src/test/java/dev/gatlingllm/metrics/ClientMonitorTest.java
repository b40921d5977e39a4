package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientMonitorTest {

  private final RunClock clock = new RunClock(Runs.seconds(1, 1));
  private ProcessUse reading;
  private final ClientAccumulator health = new ClientAccumulator();
  private final ClientMonitor monitor = new ClientMonitor(clock, () -> reading, health);

  private static long lag(double millis) {
    return Math.round(millis * 1e6);
  }

  private void reads(double atMillis, double cpuMillis, long gcPauseMillis) {
    reading =
        new ProcessUse(TestResponse.nanos(atMillis), Math.round(cpuMillis * 1e6), 4, gcPauseMillis);
  }

  @Test
  void ignoresLagsOutsideTheWindow() {
    monitor.addLag(0, TestResponse.nanos(0), lag(1));
    clock.begin(TestResponse.ORIGIN, 0);
    monitor.addLag(0, TestResponse.nanos(999), lag(20));
    monitor.addLag(0, TestResponse.nanos(1000), lag(3));
    monitor.addLag(0, TestResponse.nanos(1999), lag(5));
    monitor.addLag(0, TestResponse.nanos(2100), lag(70));
    monitor.onResponse(TestResponse.nanos(2100));

    Summary lag = health.summary().eventLoopLag();
    assertThat(lag.count()).isEqualTo(2);
    assertThat(lag.mean()).isEqualTo(4);
    assertThat(lag.max()).isEqualTo(5);
  }

  @Test
  void countsAStallThatBeganInTheWindowAndEndedAfterIt() {
    clock.begin(TestResponse.ORIGIN, 0);
    monitor.addLag(0, TestResponse.nanos(2200), lag(225));
    monitor.onResponse(TestResponse.nanos(2300));

    Summary lag = health.summary().eventLoopLag();
    assertThat(lag.count()).as("due at 1,975, 1,985 and 1,995 ms").isEqualTo(3);
    assertThat(lag.max()).isEqualTo(225);
  }

  @Test
  void ignoresLagsThatNoResponseFollows() {
    clock.begin(TestResponse.ORIGIN, 0);
    monitor.addLag(0, TestResponse.nanos(1100), lag(2));
    monitor.onResponse(TestResponse.nanos(1200));
    monitor.addLag(0, TestResponse.nanos(1300), lag(90));

    assertThat(health.summary().eventLoopLag().max()).isEqualTo(2);

    monitor.onResponse(TestResponse.nanos(1400));
    assertThat(health.summary().eventLoopLag().max()).isEqualTo(90);
  }

  @Test
  void measuresCpuAndPausesBetweenTheFirstAndTheLastReadingInTheWindow() {
    clock.begin(TestResponse.ORIGIN, 0);
    reads(900, 4_000, 50);
    monitor.onTime(TestResponse.nanos(900));
    reads(1_000, 5_000, 70);
    monitor.onTime(TestResponse.nanos(1_000));
    reads(1_100, 9_000, 99);
    monitor.onResponse(TestResponse.nanos(1_100));
    assertThat(health.summary()).as("too short to tell").isNull();

    reads(1_500, 6_000, 85);
    monitor.onTime(TestResponse.nanos(1_500));
    monitor.onResponse(TestResponse.nanos(1_500));
    reads(2_500, 9_999, 500);
    monitor.onResponse(TestResponse.nanos(2_500));

    ClientHealth summary = health.summary();
    assertThat(summary.gcPauseMillis()).isEqualTo(15);
    assertThat(summary.cpuPercent()).as("1 s of 0.5 s on 4 cores").isCloseTo(50, within(1e-9));
    assertThat(summary.eventLoopLag()).isNull();
  }

  @Test
  void keepsAllLagsWhileNoResponseComes() {
    clock.begin(TestResponse.ORIGIN, 0);
    for (int i = 1; i <= 5_000; i++) {
      monitor.addLag(0, TestResponse.nanos(1_500), lag(i / 1e3));
    }
    monitor.onResponse(TestResponse.nanos(1_900));

    Summary lag = health.summary().eventLoopLag();
    assertThat(lag.count()).isEqualTo(5_000);
    assertThat(lag.mean()).isCloseTo(2.5005, within(1e-9));
    assertThat(lag.max()).isEqualTo(5);
  }

  @Test
  void countsAStallByItsLength() {
    clock.begin(TestResponse.ORIGIN, 0);
    monitor.addLag(0, TestResponse.nanos(1_500), lag(35));
    monitor.onResponse(TestResponse.nanos(1_600));

    Summary lag = health.summary().eventLoopLag();
    assertThat(lag.count()).as("35, 25, 15 and 5 ms").isEqualTo(4);
    assertThat(lag.mean()).isEqualTo(20);
  }

  /** One loop of 32 that stands still for 200 ms of every 3 s, as in the others' samples. */
  @Test
  void showsTheWorstLoopBesideAllOfThem() {
    RunClock minute = new RunClock(Runs.seconds(0, 60));
    minute.begin(TestResponse.ORIGIN, 0);
    ClientMonitor client = new ClientMonitor(minute, () -> reading, health);
    for (int now = 0; now < 60_000; now += 200) {
      boolean stalled = now % 3_000 == 0;
      for (int loop = 0; loop < 32; loop++) {
        for (int task = 0; task < (loop == 0 && stalled ? 1 : 20); task++) {
          client.addLag(loop, TestResponse.nanos(now), lag(loop == 0 && stalled ? 200 : 0.1));
        }
      }
    }
    client.onResponse(TestResponse.nanos(60_000));

    ClientHealth summary = health.summary();
    assertThat(summary.eventLoopLag().p99()).isLessThan(1);
    assertThat(summary.worstLoopLag().p99()).isBetween(160.0, 180.0);
    assertThat(summary.worstLoopLag().p95()).isBetween(40.0, 80.0);
  }

  @Test
  void leavesOutCpuOnPlatformsThatDoNotReportIt() {
    ProcessUse silent = new ProcessUse(0, -1, 4, 0);
    assertThat(new ProcessUse(1_000, -1, 4, 0).cpuPercentSince(silent)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "G1 Young Generation, true",
    "G1 Old Generation, true",
    "G1 Concurrent GC, false",
    "ZGC Pauses, true",
    "ZGC Cycles, false",
    "ZGC Major Pauses, true",
    "Shenandoah Cycles, false"
  })
  void countsOnlyCollectorsThatPauseTheProgram(String collector, boolean pauses) {
    assertThat(ProcessUse.pauses(collector)).isEqualTo(pauses);
  }

  @Test
  void readsTheUseOfThisProcess() {
    ProcessUse use = ProcessUse.now();

    assertThat(use.cpuNanos()).isPositive();
    assertThat(use.cores()).isPositive();
    assertThat(use.gcPauseMillis()).isNotNegative();
  }

  private static ClientMonitor monitor(Window window, Supplier<ProcessUse> readings) {
    RunClock clock = new RunClock(window);
    clock.begin(TestResponse.ORIGIN, 0);
    return new ClientMonitor(clock, readings, new ClientAccumulator());
  }

  @Test
  void measuresLagAndCpuOfEachIteration() {
    Window window =
        Window.ofIterations(
            List.of(Duration.ofSeconds(1)), List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    ClientMonitor client = monitor(window, () -> reading);
    double cpuMillis = 0;
    for (int now = 0; now <= 2_600; now += 20) {
      reads(now, cpuMillis, 0);
      client.onTime(TestResponse.nanos(now));
      client.addLag(0, TestResponse.nanos(now), lag(now < 2_000 ? 1 : 3));
      // two of four cores in the first two seconds, all four in the third
      cpuMillis += now < 2_000 ? 40 : 80;
    }

    assertThat(client.byIteration()).containsOnlyKeys(0, 1);
    client.onEnd();
    assertThat(client.byIteration()).as("the load has ended").containsOnlyKeys(0, 1, 2);
    assertThat(client.byIteration().get(1).cpuPercent()).isEqualTo(50);
    assertThat(client.byIteration().get(2).cpuPercent()).isEqualTo(100);
    assertThat(client.byIteration().get(1).eventLoopLag().max()).isEqualTo(1);
    assertThat(client.byIteration().get(2).eventLoopLag().min()).isEqualTo(3);
  }

  @Test
  void keepsNoIterationsUnlessTheWindowDoes() {
    ClientMonitor client = monitor(Runs.seconds(0, 1), () -> new ProcessUse(0, 0, 1, 0));
    client.onTime(TestResponse.nanos(0));
    client.addLag(0, TestResponse.nanos(0), 5);
    client.onTime(TestResponse.nanos(2_000));

    assertThat(client.byIteration()).isEmpty();
  }
}
