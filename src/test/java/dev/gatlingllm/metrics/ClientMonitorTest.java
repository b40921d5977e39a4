package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientMonitorTest {

  private final RunClock clock = new RunClock(Runs.seconds(1, 1));
  private ProcessUse reading;
  private final ClientMonitor watch = new ClientMonitor(clock, () -> reading);

  private static long lag(double millis) {
    return Math.round(millis * 1e6);
  }

  private void reads(double atMillis, double cpuMillis, long gcPauseMillis) {
    reading = new ProcessUse(Reply.nanos(atMillis), Math.round(cpuMillis * 1e6), 4, gcPauseMillis);
  }

  @Test
  void onlyTheWindowCounts() {
    watch.ran(Reply.nanos(0), lag(1));
    clock.begin(Reply.ORIGIN, 0);
    watch.ran(Reply.nanos(999), lag(20));
    watch.ran(Reply.nanos(1000), lag(3));
    watch.ran(Reply.nanos(1999), lag(5));
    watch.ran(Reply.nanos(2000), lag(70));
    watch.replied(Reply.nanos(2100));

    Summary lag = watch.summary().eventLoopLag();
    assertThat(lag.count()).isEqualTo(2);
    assertThat(lag.mean()).isEqualTo(4);
    assertThat(lag.max()).isEqualTo(5);
  }

  @Test
  void whatNoReplyFollowsIsNoPartOfTheRun() {
    clock.begin(Reply.ORIGIN, 0);
    watch.ran(Reply.nanos(1100), lag(2));
    watch.replied(Reply.nanos(1200));
    watch.ran(Reply.nanos(1300), lag(90));

    assertThat(watch.summary().eventLoopLag().max()).isEqualTo(2);

    watch.replied(Reply.nanos(1400));
    assertThat(watch.summary().eventLoopLag().max()).isEqualTo(90);
  }

  @Test
  void processorAndPausesAreThoseFromTheFirstReadingInTheWindowToTheLast() {
    clock.begin(Reply.ORIGIN, 0);
    reads(900, 4_000, 50);
    watch.passed(Reply.nanos(900));
    reads(1_000, 5_000, 70);
    watch.passed(Reply.nanos(1_000));
    reads(1_100, 9_000, 99);
    watch.replied(Reply.nanos(1_100));
    assertThat(watch.summary()).as("too short to tell").isNull();

    reads(1_500, 6_000, 85);
    watch.passed(Reply.nanos(1_500));
    watch.replied(Reply.nanos(1_500));
    reads(2_500, 9_999, 500);
    watch.replied(Reply.nanos(2_500));

    ClientHealth health = watch.summary();
    assertThat(health.gcPauseMillis()).isEqualTo(15);
    assertThat(health.cpuPercent()).as("1 s of 0.5 s on 4 cores").isCloseTo(50, within(1e-9));
    assertThat(health.eventLoopLag()).isNull();
  }

  @Test
  void nothingIsLostInALongSilence() {
    clock.begin(Reply.ORIGIN, 0);
    for (int i = 1; i <= 5_000; i++) {
      watch.ran(Reply.nanos(1_500), lag(i));
    }
    watch.replied(Reply.nanos(1_900));

    Summary lag = watch.summary().eventLoopLag();
    assertThat(lag.count()).isEqualTo(5_000);
    assertThat(lag.mean()).isEqualTo(2_500.5);
    assertThat(lag.max()).isEqualTo(5_000);
  }

  @Test
  void aPlatformThatDoesNotTellItsProcessorTimeLeavesItOut() {
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
  void collectorsThatRunBesideTheProgramDoNotPauseIt(String collector, boolean pauses) {
    assertThat(ProcessUse.pauses(collector)).isEqualTo(pauses);
  }

  @Test
  void thisProcessTellsWhatItUses() {
    ProcessUse use = ProcessUse.now();

    assertThat(use.cpuNanos()).isPositive();
    assertThat(use.cores()).isPositive();
    assertThat(use.gcPauseMillis()).isNotNegative();
  }
}
