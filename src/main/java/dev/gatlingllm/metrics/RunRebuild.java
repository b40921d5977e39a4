package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.IterationsState;
import dev.gatlingllm.metrics.RunState.ScopeState;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Works a run out once more from its replies, as a file kept them. Not safe for threads.
 *
 * <p>Such a file has its moments in whole milliseconds of the wall clock, so that a response may
 * seem to end on the other side of a border of the window than it did. Its iteration, which was
 * written down, is right, and the response is moved by as little as that takes.
 */
public final class RunRebuild {

  private final RunClock clock;
  private final RunAggregate aggregate;
  private final boolean gapsAreKnown;

  /**
   * A run without replies so far.
   *
   * @param begun what the run began with, which says how it was measured
   * @param objectives that goodput is judged by
   * @param startEpochMillis wall clock at the first request
   * @param gapsAreKnown whether the replies' chunks have the times at which they arrived; else they
   *     stand for when tokens did, and there is neither ICL nor ITL
   */
  public RunRebuild(
      RunState begun, Objectives objectives, long startEpochMillis, boolean gapsAreKnown) {
    clock = new RunClock(Iterations.window(begun));
    clock.begin(0, startEpochMillis);
    aggregate = new RunAggregate(clock, objectives);
    this.gapsAreKnown = gapsAreKnown;
  }

  /**
   * Adds a response.
   *
   * @param response its moments in nanoseconds since the first request
   * @param iteration the label of the iteration in which it ended
   */
  public void accept(Response response, String iteration) {
    long end = clock.window().nearestIn(iteration, response.timing().endNanos());
    aggregate.accept(response.movedBy(end - response.timing().endNanos()));
  }

  /** What the replies come to. */
  public RunState state() {
    RunState state = aggregate.state(null);
    return gapsAreKnown
        ? state
        : new RunState(
            state.startEpochMillis(),
            state.borderNanos(),
            state.lastEndNanos(),
            state.objectives(),
            withoutGaps(state.overall()),
            withoutGaps(state.byRequest()),
            withoutGaps(state.byScenario()),
            withoutGaps(state.byGroup()),
            withoutGaps(state.byIteration()),
            state.coldWarm(),
            state.failures(),
            state.repeats(),
            state.client());
  }

  private static <K> SortedMap<K, ScopeState> withoutGaps(SortedMap<K, ScopeState> scopes) {
    SortedMap<K, ScopeState> less = new TreeMap<>();
    scopes.forEach((key, scope) -> less.put(key, withoutGaps(scope)));
    return less;
  }

  private static IterationsState withoutGaps(IterationsState iterations) {
    return iterations == null
        ? null
        : new IterationsState(
            iterations.endNanos(), iterations.warmUps(), withoutGaps(iterations.scopes()));
  }

  private static ScopeState withoutGaps(ScopeState scope) {
    Map<Figure, RunState.DistributionState> metrics = new EnumMap<>(Figure.class);
    metrics.putAll(scope.metrics());
    metrics.remove(Figure.ICL);
    metrics.remove(Figure.ITL);
    return new ScopeState(
        scope.tally(),
        metrics,
        scope.timeline(),
        scope.byTurn() == null ? null : withoutGaps(scope.byTurn()),
        scope.ttftByInput());
  }
}
