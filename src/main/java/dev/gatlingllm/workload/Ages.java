package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.prompt.SeededRandom;

/**
 * Draws conversations as found in a load that has run for long: they are at different turns, and
 * long ones are found more often than short ones, in proportion to their turns (the inspection
 * paradox of renewal theory).
 */
final class Ages {

  /** Number of draws of which one is chosen by its length; more would make no difference. */
  private static final int CANDIDATES = 64;

  private Ages() {}

  /** Returns the number of turns of a conversation in progress. */
  static int turnsInProgress(Distribution turns, SeededRandom random) {
    int[] candidates = new int[CANDIDATES];
    long sum = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      candidates[i] = Math.max(1, turns.drawInt(random));
      sum += candidates[i];
    }
    long position = random.nextLong(sum);
    int chosen = 0;
    while (position >= candidates[chosen]) {
      position -= candidates[chosen++];
    }
    return candidates[chosen];
  }

  /** Returns the turn of a conversation in progress, evenly spread over all conversations. */
  static int turnInProgress(long conversation, int turns) {
    return 1 + (int) (turns * GoldenRatio.point(conversation + 1));
  }
}
