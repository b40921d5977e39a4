package dev.gatlingllm.server.engine;

/** One reply in the making, as the scheduler sees it. Used by the engine's thread alone. */
class Sequence {

  private final int promptTokens;
  private final int replyTokens;
  private final BlockTable blocks;

  private long arrivalNanos;
  private int computed;
  private int generated;
  private int scheduled;
  private boolean decoding;
  private boolean ended;

  /**
   * @param blocks for the blocks of prompt and reply together, empty
   */
  Sequence(int promptTokens, int replyTokens, BlockTable blocks) {
    this.promptTokens = promptTokens;
    this.replyTokens = replyTokens;
    this.blocks = blocks;
  }

  /** It comes into the queue. */
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

  /** How many tokens of the reply there are. */
  final int generated() {
    return generated;
  }

  /** How many tokens are computed: their keys and values are in the cache. */
  final int computed() {
    return computed;
  }

  /** How many tokens are known, and not computed. */
  final int uncomputed() {
    return tokens() - computed;
  }

  /** How many tokens are known: the prompt's, and the reply's so far. */
  final int tokens() {
    return promptTokens + generated;
  }

  /** Whether all that is left to do is one token after the other. */
  final boolean decoding() {
    return decoding;
  }

  final boolean ended() {
    return ended;
  }

  /** It starts to run, or to run again, with so many tokens that need not be computed. */
  final void begin(int cachedTokens) {
    computed = cachedTokens;
  }

  /** The next step computes so many of its tokens. */
  final void schedule(int tokens) {
    scheduled = tokens;
  }

  /**
   * The step is over.
   *
   * @return whether it brought a token
   */
  final boolean advance() {
    computed += scheduled;
    scheduled = 0;
    if (uncomputed() > 0) {
      return false;
    }
    decoding = true;
    generated++;
    ended = generated == replyTokens;
    return true;
  }

  /** Its blocks are taken away, so that everything known is to be computed again. */
  final void preempt() {
    computed = 0;
    decoding = false;
  }

  /** There will be no more tokens. */
  final void end() {
    ended = true;
  }
}
