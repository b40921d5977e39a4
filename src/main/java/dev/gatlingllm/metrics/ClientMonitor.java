package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.ClientState;
import java.util.function.Supplier;

/**
 * Collects how the load generator fares during the window. Used by the recorder's thread alone.
 *
 * <p>The window of an open-ended run ends with its last reply, which nobody knows beforehand, and
 * what the process does after it, such as drawing a report, is no part of the run. So what was
 * noticed waits until a reply comes after it.
 */
final class ClientMonitor {

  /** Between two readings of what the process has used. */
  private static final long READING_NANOS = 200_000_000L;

  private final RunClock clock;
  private final Supplier<ProcessUse> readings;
  private final ValueHistogram lag = ValueHistogram.ofMillis(3);
  private final Waiting unconfirmed = new Waiting();
  private ProcessUse first;
  private ProcessUse last;

  ClientMonitor(RunClock clock, Supplier<ProcessUse> readings) {
    this.clock = clock;
    this.readings = readings;
  }

  /**
   * An event loop ran a task.
   *
   * @param ranNanos {@link System#nanoTime()} at which it did
   * @param lagNanos by how much that was late
   */
  void ran(long ranNanos, long lagNanos) {
    if (clock.begun() && clock.inWindow(ranNanos)) {
      unconfirmed.add(lagNanos / 1e6);
    }
  }

  /** Some time has passed. */
  void passed(long nowNanos) {
    if (first == null && clock.begun() && clock.inWindow(nowNanos)) {
      first = readings.get();
    }
  }

  /** A reply has come. */
  void replied(long nowNanos) {
    unconfirmed.moveTo(lag);
    if (first != null && clock.inWindow(nowNanos) && isDue(nowNanos)) {
      last = readings.get();
    }
  }

  private boolean isDue(long nowNanos) {
    return nowNanos - (last == null ? first : last).atNanos() >= READING_NANOS;
  }

  /** What is known, or null where nothing is. */
  ClientHealth summary() {
    return ClientFigures.of(state()).health();
  }

  /** What is known, or null where nothing is. */
  ClientState state() {
    return lag.count() == 0 && last == null
        ? null
        : new ClientState(
            lag.state(),
            last == null ? null : (double) (last.gcPauseMillis() - first.gcPauseMillis()),
            last == null ? null : last.cpuPercentSince(first));
  }

  /**
   * Lags that wait for a reply: mostly a handful, for replies come many times a second, and to make
   * a distribution of each handful costs more than all else that is recorded.
   */
  private static final class Waiting {

    private final double[] handful = new double[1_024];
    private int count;
    private ValueHistogram rest;

    void add(double lag) {
      if (count < handful.length) {
        handful[count++] = lag;
        return;
      }
      if (rest == null) {
        rest = ValueHistogram.ofMillis(3);
      }
      rest.add(lag);
    }

    void moveTo(ValueHistogram confirmed) {
      for (int i = 0; i < count; i++) {
        confirmed.add(handful[i]);
      }
      count = 0;
      if (rest != null) {
        confirmed.add(rest);
        rest = null;
      }
    }
  }
}
