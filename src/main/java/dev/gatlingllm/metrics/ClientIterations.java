package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.ClientState;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * How the load generator fares in each iteration of a window that keeps them apart. Used by the
 * recorder's thread alone.
 */
final class ClientIterations {

  private static final int NONE = Window.AFTER_ALL;

  private final RunClock clock;
  private final Supplier<ProcessUse> readings;
  private final Map<Integer, ValueHistogram> lags = new HashMap<>();
  private final Map<Integer, ProcessUse> starts = new HashMap<>();
  private final Map<Integer, ProcessUse> ends = new HashMap<>();
  private int current = NONE;

  ClientIterations(RunClock clock, Supplier<ProcessUse> readings) {
    this.clock = clock;
    this.readings = readings;
  }

  /** An event loop ran a task, and by how much that was late. */
  void ran(long ranNanos, long lagNanos) {
    int iteration = at(ranNanos);
    if (iteration != NONE) {
      lags.computeIfAbsent(iteration, unseen -> ValueHistogram.ofMillis(3)).add(lagNanos / 1e6);
    }
  }

  /** Some time has passed. To be called much more often than iterations end. */
  void passed(long nowNanos) {
    int iteration = at(nowNanos);
    if (iteration != current) {
      ProcessUse use = readings.get();
      if (current != NONE) {
        ends.put(current, use);
      }
      if (iteration != NONE) {
        starts.put(iteration, use);
      }
      current = iteration;
    }
  }

  private int at(long nanos) {
    return clock.begun() && clock.window().keepsIterationsApart()
        ? clock.window().partAt(clock.sinceStart(nanos))
        : NONE;
  }

  /** What is known of iterations that have ended, by their numbers. */
  SortedMap<Integer, ClientHealth> summary() {
    SortedMap<Integer, ClientHealth> summary = new TreeMap<>();
    ends.forEach(
        (iteration, end) -> {
          ProcessUse start = starts.get(iteration);
          ValueHistogram lag = lags.getOrDefault(iteration, ValueHistogram.ofMillis(3));
          ClientState state =
              new ClientState(
                  lag.state(),
                  (double) (end.gcPauseMillis() - start.gcPauseMillis()),
                  end.cpuPercentSince(start));
          summary.put(iteration, ClientFigures.of(state).health());
        });
    return Collections.unmodifiableSortedMap(summary);
  }
}
