package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Measures the load generator's health in each iteration of a window that keeps them apart. Used by
 * the recorder's thread alone.
 */
final class ClientIterations {

  private static final int NONE = Window.AFTER_ALL;

  private final RunClock clock;
  private final Supplier<ProcessUse> readings;
  private final Map<Integer, ClientAccumulator> iterations = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private int current = NONE;
  private ProcessUse start;

  ClientIterations(RunClock clock, Supplier<ProcessUse> readings) {
    this.clock = clock;
    this.readings = readings;
  }

  /** Adds the lag of a task of an event loop. */
  void addLag(long ranNanos, long lagNanos) {
    int iteration = at(ranNanos);
    if (iteration != NONE) {
      in(iteration).addLag(lagNanos / 1e6);
    }
  }

  private ClientAccumulator in(int iteration) {
    return iterations.computeIfAbsent(iteration, unseen -> new ClientAccumulator());
  }

  /** Takes a reading when one iteration follows another. Call it much more often than that. */
  void onTime(long nowNanos) {
    int iteration = at(nowNanos);
    if (iteration != current) {
      ProcessUse use = readings.get();
      if (current != NONE) {
        in(current).setUse(start, use);
        ended.add(current);
      }
      start = use;
      current = iteration;
    }
  }

  private int at(long nanos) {
    return clock.hasBegun() && clock.window().keepsIterationsApart()
        ? clock.window().partAt(clock.sinceStart(nanos))
        : NONE;
  }

  /** Returns what is known of iterations that have ended, by their numbers. */
  SortedMap<Integer, ClientHealth> summary() {
    SortedMap<Integer, ClientHealth> summaries = new TreeMap<>();
    ended.forEach(iteration -> summaries.put(iteration, in(iteration).summary()));
    return Collections.unmodifiableSortedMap(summaries);
  }
}
