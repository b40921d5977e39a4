package dev.gatlingllm.metrics;

import java.util.SortedMap;
import java.util.TreeMap;

/** A scope that is also told apart by second and by turn. Not safe for threads. */
final class DetailedScope extends Scope {

  /** Turns past this many are pooled under the last one. */
  static final int MAX_TURNS = 64;

  private final ScopeNumbers numbers;
  private final Timeline timeline;
  private final SortedMap<Integer, Scope> byTurn = new TreeMap<>();

  DetailedScope(ScopeNumbers numbers, RunClock clock) {
    super(numbers);
    this.numbers = numbers;
    this.timeline = new Timeline(clock);
  }

  @Override
  void accept(PlacedReply placed) {
    super.accept(placed);
    timeline.accept(placed);
    if (placed.reply().turn() >= 1 && placed.touchesWindow()) {
      int turn = Math.min(placed.reply().turn(), MAX_TURNS);
      byTurn.computeIfAbsent(turn, unseen -> new Scope(numbers)).accept(placed);
    }
  }

  @Override
  ScopeSnapshot snapshot(double windowSeconds) {
    return snapshot(windowSeconds, timeline.snapshot(), snapshots(byTurn, windowSeconds));
  }
}
