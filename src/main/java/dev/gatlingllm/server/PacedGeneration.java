package dev.gatlingllm.server;

/** One reply of a {@link PacedEngine}: a task that runs once for each token, when it is due. */
final class PacedGeneration implements Generation, Runnable {

  private final Pace pace;
  private final PrefixCache cache;
  private final BlockChain chain;
  private final int promptTokens;
  private final int replyTokens;
  private final long receivedNanos;
  private final long seed;

  private EngineClock clock;
  private Listener listener;
  private long firstTokenDue;
  private int next;
  private boolean cancelled;

  /**
   * @param chain the blocks of prompt and reply together
   */
  PacedGeneration(
      Pace pace,
      PrefixCache cache,
      BlockChain chain,
      int promptTokens,
      int replyTokens,
      long receivedNanos,
      long seed) {
    this.pace = pace;
    this.cache = cache;
    this.chain = chain;
    this.promptTokens = promptTokens;
    this.replyTokens = replyTokens;
    this.receivedNanos = receivedNanos;
    this.seed = seed;
  }

  @Override
  public void start(EngineClock clock, Listener listener) {
    this.clock = clock;
    this.listener = listener;
    clock.at(clock.nanoTime(), this::admit);
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  private void admit() {
    if (cancelled) {
      return;
    }
    // the last token is always computed, as its output is what the first reply token is drawn from
    int reusable = chain.blocksIn(Math.max(0, promptTokens - 1));
    int cached = chain.tokensIn(cache.use(chain, reusable));
    // a request that took longer to read than its TTFT starts late instead of catching up in a
    // burst
    firstTokenDue =
        Math.max(receivedNanos + pace.timeToFirstToken(promptTokens - cached), clock.nanoTime());
    listener.admitted(cached);
    clock.at(firstTokenDue, this);
  }

  @Override
  public void run() {
    if (cancelled) {
      return;
    }
    if (next == 0) {
      // now the prefill is done: what is not computed yet cannot be reused
      cache.add(chain, chain.blocksIn(promptTokens));
    }
    listener.token(next++);
    if (next < replyTokens) {
      // counted from the first token, so that being late once does not delay all that follows
      clock.at(firstTokenDue + pace.sinceFirstToken(next, deviation(next)), this);
    } else if (!cancelled) {
      cache.add(chain, chain.blocks());
      listener.finished();
    }
  }

  /** From −1 to 1. */
  private double deviation(int index) {
    return TokenHash.nth(seed, index) / (double) Long.MAX_VALUE;
  }
}
