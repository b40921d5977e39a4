package dev.gatlingllm.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The load generator's health during the measured window: whether its figures can be trusted.
 * Immutable.
 *
 * @param eventLoopLag how late tasks of Gatling's event loops ran, in milliseconds: any timestamp
 *     may be as late. A stall counts by its length: as the tasks that would have been due every 10
 *     ms. A timer alone is late by up to about a millisecond. Null if no event loop was watched
 * @param worstLoopLag the same of the event loop whose 99th percentile is the highest, which the
 *     pool of all loops hides; or null
 * @param gcPauseMillis time that garbage collections stopped the process, or null if the window was
 *     too short to tell
 * @param cpuPercent CPU time of this process out of that of all cores, 0 to 100, or null if
 *     unknown. Includes a simulated server in the same process
 */
public record ClientHealth(
    @Nullable Summary eventLoopLag,
    @Nullable Summary worstLoopLag,
    @Nullable Double gcPauseMillis,
    @Nullable Double cpuPercent) {

  /** Time between two tasks that measure the lag of an event loop, in nanoseconds. */
  public static final long LAG_PERIOD_NANOS = 10_000_000;

  /** Threshold of the event-loop lag, p99 in milliseconds; above it, latencies are not reliable. */
  public static final double MAX_LAG_P99 = 10;

  /** Threshold of CPU use in percent; above it, the client itself may cause the latencies. */
  public static final double MAX_CPU_PERCENT = 90;

  /** Threshold of the schedule delay without connecting, p99 in milliseconds. */
  public static final double MAX_SEND_DELAY_P99 = 100;
}
