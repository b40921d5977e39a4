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
 * <p>A response across a border leaves something in two: its tokens and latencies where they
 * happen, its outcome where it ends.
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
    int first = windowed.clock().iterationAt(windowed.response().timing().writtenNanos());
    for (int i = first; i <= Math.min(windowed.iteration(), window.lastIteration()); i++) {
      WindowedResponse there = windowed.within(i, i + 1);
      if (there.touchesSpan()) {
        ScopeAccumulator.in(scopes, i).add(there);
      }
    }
  }

  /** Counts a conversation as failed of which the responses are counted. */
  void addFailedConversation(int iteration) {
    ScopeAccumulator scope = scopes.get(iteration);
    if (scope != null) {
      scope.addFailedConversation();
    }
  }

  /** Adds the same iterations of another load generator; others are ignored. */
  void add(IterationsAccumulator other) {
    if (window.equals(other.window)) {
      other.scopes.forEach(
          (iteration, scope) -> ScopeAccumulator.in(scopes, iteration).add(scope, 0));
    }
  }

  /** Returns the iterations with any response; rates are over the whole iteration. */
  SortedMap<Integer, ScopeSummary> summary(SummaryContext run) {
    SortedMap<Integer, ScopeSummary> summaries = new TreeMap<>();
    scopes.forEach(
        (iteration, scope) ->
            summaries.put(iteration, scope.summary(run.over(seconds(iteration)))));
    return Collections.unmodifiableSortedMap(summaries);
  }

  double seconds(int iteration) {
    return window.iterationNanos(iteration) / 1e9;
  }
}
