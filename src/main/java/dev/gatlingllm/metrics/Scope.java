package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.BinState;
import dev.gatlingllm.metrics.RunState.ScopeState;
import dev.gatlingllm.metrics.RunState.TimelineState;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts and distributions of one set of replies. Not safe for threads. */
class Scope {

  private final Tally tally;
  private final MetricHistograms distributions = new MetricHistograms();

  Scope(ScopeNumbers numbers) {
    tally = new Tally(numbers.next());
  }

  void accept(WindowedResponse placed) {
    tally.accept(placed);
    if (placed.counted()) {
      distributions.accept(placed.response());
    }
  }

  /**
   * Adds what another load generator saw.
   *
   * @param laterNanos by how much later its window opened
   */
  void add(ScopeState other, Objectives objectives, long laterNanos) {
    tally.add(other.tally(), objectives);
    distributions.add(other.metrics());
  }

  ScopeState state() {
    return state(null, null, null);
  }

  final ScopeState state(
      TimelineState timeline,
      SortedMap<Integer, ScopeState> byTurn,
      Map<TurnKind, SortedMap<Integer, BinState>> ttftByInput) {
    return new ScopeState(tally.state(), distributions.state(), timeline, byTurn, ttftByInput);
  }

  static <K extends Comparable<K>> SortedMap<K, ScopeState> states(Map<K, Scope> scopes) {
    SortedMap<K, ScopeState> states = new TreeMap<>();
    scopes.forEach((key, scope) -> states.put(key, scope.state()));
    return states;
  }

  /** Whether anything of it lies in the window. */
  final boolean touched() {
    return tally.touched();
  }

  ScopeSummary summary(double windowSeconds) {
    return summary(
        windowSeconds,
        buckets(),
        List.of(),
        Collections.emptySortedMap(),
        ScopeSummary.Charts.NONE);
  }

  final Map<Figure, Buckets> buckets() {
    return distributions.buckets();
  }

  final ScopeSummary summary(
      double windowSeconds,
      Map<Figure, Buckets> buckets,
      List<ScopeSummary.Second> timeline,
      SortedMap<Integer, ScopeSummary> byTurn,
      ScopeSummary.Charts charts) {
    return new ScopeSummary(
        tally.totals(windowSeconds),
        distributions.summaries(buckets),
        MetricHistograms.curves(buckets),
        timeline,
        byTurn,
        charts);
  }

  /** Snapshots of the scopes that the window has touched, by their keys. */
  static <K extends Comparable<K>> SortedMap<K, ScopeSummary> summaries(
      Map<K, ? extends Scope> scopes, double windowSeconds) {
    SortedMap<K, ScopeSummary> summaries = new TreeMap<>();
    scopes.forEach(
        (key, scope) -> {
          if (scope.touched()) {
            summaries.put(key, scope.summary(windowSeconds));
          }
        });
    return Collections.unmodifiableSortedMap(summaries);
  }
}
