package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.prompt.SeededRandom;

/**
 * How a load looks at some moment after a long time: its conversations are at different turns, and
 * a long one is met more often than a short one, in proportion to its turns (the inspection paradox
 * of renewal theory).
 */
final class Ages {

  /** Draws among which one is chosen by its length; more would change nothing that is seen. */
  private static final int CANDIDATES = 64;

  private Ages() {}

  /** The number of turns of a conversation that is met under way. */
  static int turnsWhenMet(Distribution turns, SeededRandom random) {
    int[] candidates = new int[CANDIDATES];
    long sum = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      candidates[i] = Math.max(1, turns.drawInt(random));
      sum += candidates[i];
    }
    long place = random.nextLong(sum);
    int chosen = 0;
    while (place >= candidates[chosen]) {
      place -= candidates[chosen++];
    }
    return candidates[chosen];
  }

  /** The turn at which it is met: over all conversations, each share of their length alike. */
  static int turnWhenMet(long conversation, int turns) {
    return 1 + (int) (turns * GoldenRatio.point(conversation + 1));
  }
}
