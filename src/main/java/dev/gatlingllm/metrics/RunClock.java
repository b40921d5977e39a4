package dev.gatlingllm.metrics;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a run's time starts, and what its moments mean. Safe for any thread and free of locks.
 *
 * <p>{@link System#nanoTime()} has an arbitrary origin and may wrap, so that moments are only ever
 * compared as differences from the start.
 */
final class RunClock {

  private record Start(long nanos, long epochMillis) {}

  private final AtomicReference<Start> start = new AtomicReference<>();
  private final Window window;

  RunClock(Window window) {
    this.window = window;
  }

  /** Starts the run; only the first call counts. */
  void begin(long nanos, long epochMillis) {
    if (start.get() == null) {
      start.compareAndSet(null, new Start(nanos, epochMillis));
    }
  }

  OptionalLong startEpochMillis() {
    Start begun = start.get();
    return begun == null ? OptionalLong.empty() : OptionalLong.of(begun.epochMillis());
  }

  Window window() {
    return window;
  }

  boolean begun() {
    return start.get() != null;
  }

  /** Nanoseconds since the first request; the run must have begun. */
  long sinceStart(long nanos) {
    return nanos - start.get().nanos();
  }

  /** Nanoseconds since the window opened, negative during warm-up; the run must have begun. */
  long sinceWarmUp(long nanos) {
    return sinceStart(nanos) - window.warmUpNanos();
  }

  /** The iteration of a moment; the run must have begun. */
  int iterationAt(long nanos) {
    return window.iterationAt(sinceStart(nanos));
  }

  /** Whether the window is over; false before the run has begun. */
  boolean isOver(long nanos) {
    return begun() && sinceStart(nanos) >= window.closeNanos();
  }

  /** Whether a moment lies in the window; the run must have begun. */
  boolean inWindow(long nanos) {
    return iterationAt(nanos) > Window.WARM_UP;
  }

  /** Length of the window in seconds when the last reply ended so long after the start. */
  double windowSeconds(long lastEndSinceStart) {
    return window.lengthNanos(lastEndSinceStart) / 1e9;
  }
}
