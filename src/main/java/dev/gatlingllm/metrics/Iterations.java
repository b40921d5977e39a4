package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.IterationsState;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each iteration of a window amounts to, where the window keeps them apart. Not safe for
 * threads. Memory is bounded by the number of iterations.
 *
 * <p>A reply belongs to the iteration in which it ends and a token to the one in which it arrives,
 * so that a reply across a border leaves tokens in two.
 */
final class Iterations {

  private final ScopeNumbers numbers;
  private final RunClock clock;
  private final Window window;
  private final SortedMap<Integer, Scope> scopes = new TreeMap<>();

  /**
   * @param window whose iterations these are; none are kept unless it asks for it
   */
  Iterations(ScopeNumbers numbers, RunClock clock, Window window) {
    this.numbers = numbers;
    this.clock = clock;
    this.window = window;
  }

  void accept(WindowedResponse placed) {
    if (!window.keepsIterationsApart()) {
      return;
    }
    int last = partAt(placed.response().timing().endNanos());
    long[] arrivals = placed.arrivals();
    int from = 0;
    while (from < arrivals.length) {
      int part = partAt(arrivals[from]);
      int to = from + 1;
      while (to < arrivals.length && partAt(arrivals[to]) == part) {
        to++;
      }
      add(part, placed.inIteration(part == last, (to - from) * placed.tokensPerArrival()));
      from = to;
    }
    if (partAt(arrivals[arrivals.length - 1]) != last) {
      add(last, placed.inIteration(true, 0));
    }
  }

  private int partAt(long nanos) {
    return window.partAt(clock.sinceStart(nanos));
  }

  private void add(int part, WindowedResponse placed) {
    if (part != Window.AFTER_ALL) {
      scope(part).accept(placed);
    }
  }

  private Scope scope(int part) {
    return scopes.computeIfAbsent(part, unseen -> new Scope(numbers));
  }

  /** The window whose iterations a state has kept apart, or one that keeps none. */
  static Window window(RunState state) {
    IterationsState kept = state.byIteration();
    return kept == null
        ? Window.of(state.borderNanos())
        : Window.ofIterations(kept.endNanos(), kept.warmUps());
  }

  /** Adds what another load generator saw, by numbers; what it keeps must be what this one does. */
  void add(IterationsState other, Objectives objectives) {
    if (other != null && window.keepsIterationsApart()) {
      other.scopes().forEach((part, scope) -> scope(part).add(scope, objectives, 0));
    }
  }

  IterationsState state() {
    return window.keepsIterationsApart()
        ? new IterationsState(window.endNanos(), window.warmUps(), Scope.states(scopes))
        : null;
  }

  /** Those that anything was seen of; rates are over the whole iteration. */
  SortedMap<Integer, ScopeSummary> summaries() {
    SortedMap<Integer, ScopeSummary> summaries = new TreeMap<>();
    scopes.forEach(
        (part, scope) -> summaries.put(part, scope.summary(window.partNanos(part) / 1e9)));
    return Collections.unmodifiableSortedMap(summaries);
  }
}
