package dev.gatlingllm.metrics;

/**
 * How the load generator itself fared during the measured window: whether its figures can be
 * trusted. Immutable.
 *
 * @param eventLoopLag how late tasks of Gatling's event loops ran, in milliseconds: as late may
 *     every reading of the clock be. A timer alone is late by up to a millisecond or so. Null where
 *     no event loop was watched
 * @param gcPauseMillis time that collections of garbage stopped the process, or null where the
 *     window was too short to tell
 * @param cpuPercent processor time of this process out of all that the machine's cores had, 0 to
 *     100, or null where not known. A simulated server in the same process is part of it
 */
public record ClientHealth(Summary eventLoopLag, Double gcPauseMillis, Double cpuPercent) {

  /** Event-loop lag, p99 in milliseconds: above it, every latency may be off by as much. */
  public static final double MAX_LAG_P99 = 10;

  /** Processor time of this process in percent of all cores: above it, latencies may be its own. */
  public static final double MAX_CPU_PERCENT = 90;

  /** Schedule delay, p99 in milliseconds; opening a connection is part of it. */
  public static final double MAX_SCHEDULE_DELAY_P99 = 100;
}
