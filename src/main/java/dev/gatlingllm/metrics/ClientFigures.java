package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.ClientState;

/**
 * What is known of one load generator, or of several: how late all their event loops ran, and the
 * pauses and the processor of the one that had most of each. Not safe for threads.
 */
final class ClientFigures {

  private final ValueHistogram lag = ValueHistogram.ofMillis(3);
  private Double gcPauseMillis;
  private Double cpuPercent;

  static ClientFigures of(ClientState state) {
    ClientFigures figures = new ClientFigures();
    figures.add(state);
    return figures;
  }

  void add(ClientState state) {
    if (state != null) {
      lag.add(state.eventLoopLag());
      gcPauseMillis = greater(gcPauseMillis, state.gcPauseMillis());
      cpuPercent = greater(cpuPercent, state.cpuPercent());
    }
  }

  private static Double greater(Double one, Double other) {
    return one == null ? other : other == null ? one : Double.valueOf(Math.max(one, other));
  }

  private boolean anyKnown() {
    return lag.count() > 0 || gcPauseMillis != null || cpuPercent != null;
  }

  ClientState state() {
    return anyKnown() ? new ClientState(lag.state(), gcPauseMillis, cpuPercent) : null;
  }

  /** What is known, or null where nothing is. */
  ClientHealth health() {
    return anyKnown() ? new ClientHealth(lag.summaryOrNull(), gcPauseMillis, cpuPercent) : null;
  }
}
