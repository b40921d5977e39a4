package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.ScopeState;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A scope that is also told apart by second, turn and length of prompt. Not safe for threads. */
final class DetailedScope extends Scope {

  /** Turns past this many are pooled under the last one. */
  static final int MAX_TURNS = 64;

  private final ScopeNumbers numbers;
  private final Timeline timeline;
  private final SortedMap<Integer, Scope> byTurn = new TreeMap<>();
  private final TtftByInput ttftByInput = new TtftByInput();

  DetailedScope(ScopeNumbers numbers, Timeline timeline) {
    super(numbers);
    this.numbers = numbers;
    this.timeline = timeline;
  }

  @Override
  void accept(WindowedResponse placed) {
    super.accept(placed);
    timeline.accept(placed);
    if (placed.counted()) {
      ttftByInput.accept(placed.response());
    }
    if (placed.response().turn().number() >= 1 && placed.touchesWindow()) {
      int turn = Math.min(placed.response().turn().number(), MAX_TURNS);
      turn(turn).accept(placed);
    }
  }

  private Scope turn(int turn) {
    return byTurn.computeIfAbsent(turn, unseen -> new Scope(numbers));
  }

  @Override
  void add(ScopeState other, Objectives objectives, long laterNanos) {
    super.add(other, objectives, laterNanos);
    timeline.add(other.timeline(), laterNanos);
    ttftByInput.add(other.ttftByInput());
    other.byTurn().forEach((turn, scope) -> turn(turn).add(scope, objectives, laterNanos));
  }

  @Override
  ScopeState state() {
    return state(timeline.state(), states(byTurn), ttftByInput.state());
  }

  @Override
  ScopeSummary summary(double windowSeconds) {
    Map<Figure, Buckets> buckets = buckets();
    return summary(
        windowSeconds,
        buckets,
        timeline.summary(),
        summaries(byTurn, windowSeconds),
        new ScopeSummary.Charts(
            MetricHistograms.percentileCurves(buckets), timeline.chart(), ttftByInput.summary()));
  }
}
