package dev.gatlingllm.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;

/**
 * Numbers the turns of a workload through all of its conversations, so that each turn has a record
 * of its own. Keeps a sum for every few hundred conversations. Any thread may call.
 */
final class TurnNumbers {

  private static final int STEP = 256;

  private final LongToIntFunction turns;
  private final List<Long> sums = new ArrayList<>(List.of(0L));

  /**
   * Numbers turns.
   *
   * @param turns returns the number of a conversation's turns, always the same
   */
  TurnNumbers(LongToIntFunction turns) {
    this.turns = turns;
  }

  /** Returns the number of turns of all conversations before one. */
  synchronized long before(long conversation) {
    int step = Math.toIntExact(conversation / STEP);
    while (sums.size() <= step) {
      long from = (sums.size() - 1L) * STEP;
      sums.add(sums.get(sums.size() - 1) + sum(from, from + STEP));
    }
    return sums.get(step) + sum((long) step * STEP, conversation);
  }

  private long sum(long from, long to) {
    long sum = 0;
    for (long conversation = from; conversation < to; conversation++) {
      sum += turns.applyAsInt(conversation);
    }
    return sum;
  }
}
