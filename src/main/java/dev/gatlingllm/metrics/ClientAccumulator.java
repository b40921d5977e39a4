package dev.gatlingllm.metrics;

/**
 * The health of one load generator, or of several: how late all their event loops ran, and the
 * longest pauses and the highest CPU use of any.
 */
@Accumulator
final class ClientAccumulator {

  private ValueHistogram eventLoopLag = ValueHistogram.ofMillis(3);

  /** Null if unknown. */
  private Double gcPauseMillis;

  /** Null if unknown. */
  private Double cpuPercent;

  void addLag(double millis) {
    eventLoopLag.add(millis);
  }

  void addLag(ValueHistogram lag) {
    eventLoopLag.add(lag);
  }

  /** Sets what the process used between two readings. */
  void setUse(ProcessUse first, ProcessUse last) {
    gcPauseMillis = (double) (last.gcPauseMillis() - first.gcPauseMillis());
    cpuPercent = last.cpuPercentSince(first);
  }

  void add(ClientAccumulator other) {
    eventLoopLag.add(other.eventLoopLag);
    gcPauseMillis = greater(gcPauseMillis, other.gcPauseMillis);
    cpuPercent = greater(cpuPercent, other.cpuPercent);
  }

  private static Double greater(Double one, Double other) {
    return one == null ? other : other == null ? one : Double.valueOf(Math.max(one, other));
  }

  /** Returns what is known, or null if nothing is. */
  ClientHealth summary() {
    return eventLoopLag.count() == 0 && gcPauseMillis == null && cpuPercent == null
        ? null
        : new ClientHealth(eventLoopLag.summary(), gcPauseMillis, cpuPercent);
  }
}
