package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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

  /** Moves the start by the wall clock, which was wrong. */
  void correct(long millis) {
    start.updateAndGet(
        begun -> begun == null ? null : new Start(begun.nanos(), begun.epochMillis() + millis));
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

  /** Returns whether the first request was sent. */
  public boolean hasBegun() {
    return start.get() != null;
  }

  /** Returns the wall clock at the start in epoch milliseconds; the run must have begun. */
  long beginning() {
    return begun().epochMillis();
  }

  private Start begun() {
    return Objects.requireNonNull(start.get(), "the run has not begun");
  }

  /**
   * A span of time.
   *
   * @param fromNanos {@link System#nanoTime()} of its first moment
   * @param toNanos {@link System#nanoTime()} of its end
   */
  public record Span(long fromNanos, long toNanos) {}

  /**
   * Returns the measured window, or its part up to a moment; the run must have begun.
   *
   * @param last {@link System#nanoTime()} of that moment
   */
  public Span windowUpTo(long last) {
    return span(window.warmUpNanos(), window.closeNanos(), last);
  }

  /**
   * Returns the iterations of a window that keeps them apart by their numbers, from 1, or their
   * parts up to a moment; the run must have begun.
   *
   * @param last {@link System#nanoTime()} of that moment
   */
  public SortedMap<Integer, Span> iterationsUpTo(long last) {
    SortedMap<Integer, Span> iterations = new TreeMap<>();
    for (int number = 1; window.keepsIterationsApart() && number <= window.lastIteration(); ) {
      long end = window.endOf(number);
      iterations.put(number, span(end - window.iterationNanos(number), end, last));
      number++;
    }
    return iterations;
  }

  private Span span(long from, long to, long last) {
    long origin = begun().nanos();
    long end = Math.max(from, Math.min(to, last - origin));
    return new Span(origin + from, origin + end);
  }

  /**
   * Returns the nanoseconds from a moment to the next border between iterations, the window's among
   * them; empty after the last one, or before the run has begun.
   *
   * @param nanos {@link System#nanoTime()} of that moment
   */
  public OptionalLong toNextBorder(long nanos) {
    int iteration = hasBegun() ? iterationAt(nanos) : Window.DRAIN;
    long end = iteration == Window.DRAIN ? Long.MAX_VALUE : window.endOf(iteration);
    return end == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(end - sinceStart(nanos));
  }

  /**
   * Returns a moment in nanoseconds since the epoch, by the wall clock at the start and the
   * monotonic clock since; the run must have begun.
   */
  long epochNanos(long nanos) {
    return TimeUnit.MILLISECONDS.toNanos(beginning()) + sinceStart(nanos);
  }

  /** Returns the nanoseconds since the start; the run must have begun. */
  long sinceStart(long nanos) {
    return nanos - begun().nanos();
  }

  /** Returns {@link System#nanoTime()} of a moment since the start; the run must have begun. */
  long nanosAt(long sinceStart) {
    return begun().nanos() + sinceStart;
  }

  /** Returns the nanoseconds since the window opened, negative during warm-up. */
  long sinceOpen(long nanos) {
    return sinceStart(nanos) - window.warmUpNanos();
  }

  /** Returns the iteration of a moment; the run must have begun. */
  int iterationAt(long nanos) {
    // a request that was not built may have failed just before the one that began the run
    return window.iterationAt(Math.max(0, sinceStart(nanos)));
  }

  /** Returns whether a moment lies in the warm-up; the run must have begun. */
  public boolean isWarmUp(long nanos) {
    return iterationAt(nanos) <= Window.WARM_UP;
  }

  /** Returns whether the window is over; false before the run has begun. */
  boolean isOver(long nanos) {
    return hasBegun() && sinceStart(nanos) >= window.closeNanos();
  }

  /** Returns whether a moment lies in the window; the run must have begun. */
  boolean inWindow(long nanos) {
    return window.isMeasured(sinceStart(nanos));
  }
}
