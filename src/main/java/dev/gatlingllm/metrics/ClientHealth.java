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
public record ClientHealth(Summary eventLoopLag, Double gcPauseMillis, Double cpuPercent) {}
