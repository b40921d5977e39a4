package dev.gatlingllm.server.engine;

import dev.gatlingllm.server.engine.KvCache.BlockTable;

/** The state of one completion that the scheduler changes. Used by the engine's thread only. */
class Sequence {

  final int promptTokens;
  final BlockTable blocks;
  private final int outputTokens;

  /** When the sequence entered the queue. */
  long arrivalNanos;

  /** How many tokens have their keys and values in the cache. */
  int computed;

  int generated;

  /** How many tokens the current step computes. */
  int scheduled;

  /** Whether the prefill is complete. */
  boolean decoding;

  boolean ended;

  /**
   * @param blocks an empty table for the blocks of prompt and output
   */
  Sequence(int promptTokens, int outputTokens, BlockTable blocks) {
    this.promptTokens = promptTokens;
    this.outputTokens = outputTokens;
    this.blocks = blocks;
  }

  /** Returns the number of known tokens: the prompt and the generated tokens. */
  final int tokens() {
    return promptTokens + generated;
  }

  /**
   * Completes the step.
   *
   * @return whether it generated a token
   */
  final boolean advance() {
    computed += scheduled;
    scheduled = 0;
    if (computed < tokens()) {
      return false;
    }
    decoding = true;
    generated++;
    ended = generated == outputTokens;
    return true;
  }
}
