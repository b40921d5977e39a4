package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The start of a run, and the position of moments relative to it. Safe for use by several threads,
 * without locks.
 *
 * <p>{@link System#nanoTime()} has an arbitrary origin and may wrap, so moments are only ever
 * compared as differences from the start.
 */
public final class RunClock {

  private record Start(long nanos, long epochMillis) {}

  private final AtomicReference<@Nullable Start> start = new AtomicReference<>();
  private final Window window;

  RunClock(Window window) {
    this.window = window;
  }

  /** Creates the clock of a run whose moments are nanoseconds since its start. */
  @JsonCreator
  static RunClock of(
      @JsonProperty("window") Window window,
      @JsonProperty("startEpochMillis") @Nullable Long startEpochMillis) {
    RunClock clock = new RunClock(window);
    if (startEpochMillis != null) {
      clock.begin(0, startEpochMillis);
    }
    return clock;
  }

  /** Starts the run; only the first call counts. */
  void begin(long nanos, long epochMillis) {
    if (start.get() == null) {
      start.compareAndSet(null, new Start(nanos, epochMillis));
    }
  }

  /** Returns the wall clock at the start, or null before it. */
  @JsonProperty
  @Nullable Long startEpochMillis() {
    Start begun = start.get();
    return begun == null ? null : begun.epochMillis();
  }

  @JsonProperty
  Window window() {
    return window;
  }

  boolean hasBegun() {
    return start.get() != null;
  }

  /** Returns the wall clock at the start in epoch milliseconds; the run must have begun. */
  long beginning() {
    return begun().epochMillis();
  }

  private Start begun() {
    return Objects.requireNonNull(start.get(), "the run has not begun");
  }

  /** Returns the nanoseconds since the start; the run must have begun. */
  long sinceStart(long nanos) {
    return nanos - begun().nanos();
  }

  /** Returns the nanoseconds since the window opened, negative during warm-up. */
  long sinceOpen(long nanos) {
    return sinceStart(nanos) - window.warmUpNanos();
  }

  /** Returns the iteration of a moment; the run must have begun. */
  int iterationAt(long nanos) {
    return window.iterationAt(sinceStart(nanos));
  }

  /** Returns whether the window is over; false before the run has begun. */
  boolean isOver(long nanos) {
    return hasBegun() && sinceStart(nanos) >= window.closeNanos();
  }

  /** Returns whether a moment lies in the window; the run must have begun. */
  boolean inWindow(long nanos) {
    int iteration = iterationAt(nanos);
    return iteration > Window.WARM_UP && iteration != Window.DRAIN;
  }
}
