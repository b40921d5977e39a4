package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A scope for each iteration of a window, if the window keeps them apart.
 *
 * <p>A response belongs to the iteration in which it ends and a token to the one in which it
 * arrives, so that a response across a border leaves tokens in two.
 */
@Accumulator
final class IterationsAccumulator {

  private final Window window;
  private TreeMap<Integer, ScopeAccumulator> scopes = new TreeMap<>();

  /**
   * Creates an accumulator without responses.
   *
   * @param window whose iterations these are
   */
  @JsonCreator
  IterationsAccumulator(@JsonProperty("window") Window window) {
    this.window = window;
  }

  Window window() {
    return window;
  }

  Collection<ScopeAccumulator> scopes() {
    return scopes.values();
  }

  void add(WindowedResponse windowed) {
    if (!window.keepsIterationsApart()) {
      return;
    }
    RunClock clock = windowed.clock();
    int last = partAt(windowed.response().timing().endNanos(), clock);
    long[] arrivals = windowed.arrivals();
    int from = 0;
    while (from < arrivals.length) {
      int part = partAt(arrivals[from], clock);
      int to = from + 1;
      while (to < arrivals.length && partAt(arrivals[to], clock) == part) {
        to++;
      }
      add(part, windowed.inIteration(part == last, (to - from) * windowed.tokensPerArrival()));
      from = to;
    }
    if (partAt(arrivals[arrivals.length - 1], clock) != last) {
      add(last, windowed.inIteration(true, 0));
    }
  }

  private int partAt(long nanos, RunClock clock) {
    return window.partAt(clock.sinceStart(nanos));
  }

  private void add(int part, WindowedResponse windowed) {
    if (part != Window.AFTER_ALL) {
      ScopeAccumulator.in(scopes, part).add(windowed);
    }
  }

  /** Adds the same iterations of another load generator; others are ignored. */
  void add(IterationsAccumulator other) {
    if (window.equals(other.window)) {
      ScopeAccumulator.addAll(other.scopes, scopes, 0);
    }
  }

  /** Returns the iterations with any response; rates are over the whole iteration. */
  SortedMap<Integer, ScopeSummary> summary(Objectives objectives) {
    SortedMap<Integer, ScopeSummary> summaries = new TreeMap<>();
    scopes.forEach(
        (part, scope) ->
            summaries.put(part, scope.summary(window.partNanos(part) / 1e9, objectives)));
    return Collections.unmodifiableSortedMap(summaries);
  }
}
