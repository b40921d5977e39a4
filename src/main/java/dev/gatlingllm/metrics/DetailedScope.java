package dev.gatlingllm.metrics;

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
  void accept(PlacedReply placed) {
    super.accept(placed);
    timeline.accept(placed);
    if (placed.counted()) {
      ttftByInput.accept(placed.reply());
    }
    if (placed.reply().turn() >= 1 && placed.touchesWindow()) {
      int turn = Math.min(placed.reply().turn(), MAX_TURNS);
      byTurn.computeIfAbsent(turn, unseen -> new Scope(numbers)).accept(placed);
    }
  }

  @Override
  ScopeSnapshot snapshot(double windowSeconds) {
    Map<Metric, Buckets> buckets = buckets();
    return snapshot(
        windowSeconds,
        buckets,
        timeline.snapshot(),
        snapshots(byTurn, windowSeconds),
        new ScopeSnapshot.Charts(
            Distributions.percentileCurves(buckets), timeline.chart(), ttftByInput.snapshot()));
  }
}
