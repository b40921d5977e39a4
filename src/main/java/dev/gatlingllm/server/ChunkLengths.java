package dev.gatlingllm.server;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.prompt.SeededRandom;

/**
 * How many tokens each chunk of a choice carries. The first carries one, as a prefill yields one
 * token however many the steps after it do. Used on one event loop.
 */
final class ChunkLengths {

  private final Distribution lengths;
  private final SeededRandom random;
  private final boolean alwaysOne;

  ChunkLengths(Distribution lengths, long seed) {
    this.lengths = lengths;
    this.random = SeededRandom.of(seed, 5);
    alwaysOne = lengths.maximum() <= 1;
  }

  /** How many the next chunk carries, if the reply has so many left; 1 or more. */
  int next() {
    return alwaysOne ? 1 : Math.max(1, lengths.drawInt(random));
  }
}
