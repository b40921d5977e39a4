package dev.gatlingllm.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server's clock as its {@code Date} headers show it, against the clock of a load generator.
 * Two load generators that asked the same server learn from it how far apart their own clocks are.
 * Immutable.
 *
 * <p>A header has whole seconds and is made between the writing of a request and the arrival of the
 * response's head. So a header {@code D} says that the server's clock was at {@code D} or later
 * when the head arrived, and not yet at {@code D} + 1 s when the request was written. Many
 * responses together narrow this to milliseconds. But servers such as uvicorn renew the header only
 * once a second: their clock may be later by that age.
 *
 * <p>The moment at which the header changes does not depend on its age: it is the same moment for
 * all load generators of one server.
 *
 * @param responses how many had a valid header
 * @param atLeastNanos a lower bound of the server's clock − the load generator's, in nanoseconds
 * @param atMostNanos an upper bound, if headers are made anew for each response
 * @param changes when the header changed
 */
public record ServerClock(
    long responses, long atLeastNanos, long atMostNanos, List<Change> changes) {

  /** The longest age of a header: a second, and time for a server that is busy. */
  static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_250);

  /** The load generator's wall clock is read in whole milliseconds. */
  private static final long RESOLUTION_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Clocks drift apart over a run. A larger contradiction has another cause. */
  private static final long MAX_DRIFT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * A change of the header, on the clock of the load generator in nanoseconds since the epoch.
   *
   * @param second the new value in seconds since the epoch
   * @param afterNanos when it still had an earlier value, or null if unknown
   * @param byNanos when it had the new value, or null if unknown
   */
  public record Change(long second, @Nullable Long afterNanos, @Nullable Long byNanos) {}

  /** Takes a copy. */
  public ServerClock {
    changes = List.copyOf(changes);
  }

  /**
   * Returns how far the server's clock is ahead of the load generator's, in milliseconds. The true
   * value lies between the two ends, also where the server renews its header once a second.
   *
   * @return unknown if the headers contradict each other
   */
  public Interval aheadMillis() {
    return contradictionMillis() > 0
        ? Interval.UNKNOWN
        : millis(atLeastNanos - RESOLUTION_NANOS, atMostNanos + MAX_AGE_NANOS);
  }

  /**
   * Returns by how much headers contradict each other: the server's clock was set in the run, or
   * several servers have different clocks. 0 if they do not.
   */
  public double contradictionMillis() {
    return Math.max(0, atLeastNanos - atMostNanos - MAX_AGE_NANOS) / 1e6;
  }

  /**
   * Returns how far this load generator's clock is ahead of another's, in milliseconds.
   *
   * @param isSameServer whether both asked the same server, so that its header changed for both at
   *     the same moment. If it is false, or if the changes show that it is not so, only the bounds
   *     of {@link #aheadMillis} count, which assume that the servers' clocks agree.
   * @return unknown if the headers contradict each other
   */
  public Interval aheadMillisOf(ServerClock other, boolean isSameServer) {
    Interval byChanges = isSameServer ? byChanges(other) : Interval.UNKNOWN;
    if (byChanges.isKnown()) {
      return byChanges;
    }
    Interval here = aheadMillis();
    Interval there = other.aheadMillis();
    return new Interval(there.low() - here.high(), there.high() - here.low());
  }

  private Interval byChanges(ServerClock other) {
    Map<Long, Change> others = new HashMap<>();
    other.changes.forEach(change -> others.put(change.second, change));
    long low = Long.MIN_VALUE;
    long high = Long.MAX_VALUE;
    for (Change mine : changes) {
      Change same = others.get(mine.second);
      if (same != null && mine.afterNanos != null && same.byNanos != null) {
        low = Math.max(low, mine.afterNanos - same.byNanos);
      }
      if (same != null && mine.byNanos != null && same.afterNanos != null) {
        high = Math.min(high, mine.byNanos - same.afterNanos);
      }
    }
    boolean isKnown =
        low != Long.MIN_VALUE && high != Long.MAX_VALUE && low - high <= MAX_DRIFT_NANOS;
    return isKnown
        ? millis(Math.min(low, high) - RESOLUTION_NANOS, Math.max(low, high) + RESOLUTION_NANOS)
        : Interval.UNKNOWN;
  }

  private static Interval millis(long low, long high) {
    return new Interval(low / 1e6, high / 1e6);
  }
}
