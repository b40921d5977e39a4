package dev.gatlingllm.server.engine;

/** The scheduling state of one completion. Used by the engine's thread only. */
class Sequence {

  private final int promptTokens;
  private final int outputTokens;
  private final BlockTable blocks;

  private long arrivalNanos;
  private int computed;
  private int generated;
  private int scheduled;
  private boolean decoding;
  private boolean ended;

  /**
   * @param blocks an empty table for the blocks of prompt and output
   */
  Sequence(int promptTokens, int outputTokens, BlockTable blocks) {
    this.promptTokens = promptTokens;
    this.outputTokens = outputTokens;
    this.blocks = blocks;
  }

  /** Sets when the sequence entered the queue. */
  final void arrive(long nanos) {
    arrivalNanos = nanos;
  }

  final long arrivalNanos() {
    return arrivalNanos;
  }

  final BlockTable blocks() {
    return blocks;
  }

  final int promptTokens() {
    return promptTokens;
  }

  /** Returns the number of generated tokens. */
  final int generated() {
    return generated;
  }

  /** Returns the number of tokens whose keys and values are in the cache. */
  final int computed() {
    return computed;
  }

  /** Returns the number of known tokens that are not computed yet. */
  final int uncomputed() {
    return tokens() - computed;
  }

  /** Returns the number of known tokens: the prompt and the generated tokens. */
  final int tokens() {
    return promptTokens + generated;
  }

  /** Returns whether the prefill is complete. */
  final boolean decoding() {
    return decoding;
  }

  final boolean ended() {
    return ended;
  }

  /** Starts or restarts the sequence with a number of cached tokens. */
  final void begin(int cachedTokens) {
    computed = cachedTokens;
  }

  /** Sets how many tokens the next step computes. */
  final void schedule(int tokens) {
    scheduled = tokens;
  }

  /**
   * Completes the step.
   *
   * @return whether it generated a token
   */
  final boolean advance() {
    computed += scheduled;
    scheduled = 0;
    if (uncomputed() > 0) {
      return false;
    }
    decoding = true;
    generated++;
    ended = generated == outputTokens;
    return true;
  }

  /** Records the loss of all blocks: all known tokens must be computed again. */
  final void preempt() {
    computed = 0;
    decoding = false;
  }

  /** Ends the sequence early. */
  final void end() {
    ended = true;
  }
}
