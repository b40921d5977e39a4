package dev.gatlingllm.metrics;

import java.util.function.Supplier;

/**
 * Measures the load generator's health during the window. Used by the recorder's thread alone.
 *
 * <p>The window of an open-ended run ends with its last response, which nobody knows beforehand,
 * and what the process does afterwards, such as writing a report, is not part of the run. So lags
 * wait until a response follows them.
 */
final class ClientMonitor {

  /** Between two readings of what the process has used. */
  private static final long READING_NANOS = 200_000_000L;

  private final RunClock clock;
  private final Supplier<ProcessUse> readings;
  private final ClientAccumulator health;
  private final PendingLags pending = new PendingLags();
  private ProcessUse first;
  private ProcessUse last;

  /**
   * @param health receives what is measured
   */
  ClientMonitor(RunClock clock, Supplier<ProcessUse> readings, ClientAccumulator health) {
    this.clock = clock;
    this.readings = readings;
    this.health = health;
  }

  /**
   * Adds the lag of a task of an event loop.
   *
   * @param ranNanos {@link System#nanoTime()} at which it ran
   * @param lagNanos how late that was
   */
  void addLag(long ranNanos, long lagNanos) {
    if (clock.hasBegun() && clock.inWindow(ranNanos)) {
      pending.add(lagNanos / 1e6);
    }
  }

  /** Takes the first reading when the window has opened. */
  void onTime(long nowNanos) {
    if (first == null && clock.hasBegun() && clock.inWindow(nowNanos)) {
      first = readings.get();
    }
  }

  /** Confirms the lags so far and takes a reading if one is due, because a response has come. */
  void onResponse(long nowNanos) {
    pending.moveTo(health);
    if (first != null && clock.inWindow(nowNanos) && isDue(nowNanos)) {
      last = readings.get();
      health.setUse(first, last);
    }
  }

  private boolean isDue(long nowNanos) {
    return nowNanos - (last == null ? first : last).atNanos() >= READING_NANOS;
  }

  /**
   * Lags that wait for a response: mostly a handful, because responses come many times a second. A
   * histogram for each handful would cost more than everything else that is recorded.
   */
  private static final class PendingLags {

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

    void moveTo(ClientAccumulator health) {
      for (int i = 0; i < count; i++) {
        health.addLag(handful[i]);
      }
      count = 0;
      if (rest != null) {
        health.addLag(rest);
        rest = null;
      }
    }
  }
}
