package dev.gatlingllm.server.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Decides what each step computes. Running sequences come first, in the order in which they began,
 * then those that wait, first come first served, as long as the step's budget of tokens, the places
 * in the batch and the blocks of the cache suffice. A running sequence that lacks a block takes
 * those of the one that began last, which goes back to the head of the queue and is computed again.
 * Used by one thread.
 */
final class Scheduler<S extends Sequence> {

  private final EngineSettings settings;
  private final KvCache cache;
  private final Deque<S> waiting = new ArrayDeque<>();
  private final List<S> running = new ArrayList<>();
  private final Step<S> step = new Step<>();
  private long preemptions;

  Scheduler(EngineSettings settings) {
    this.settings = settings;
    this.cache = new KvCache(settings.kvBlocks(), settings.prefixCaching());
  }

  void enqueue(S sequence) {
    waiting.add(sequence);
  }

  /**
   * Decides on the next step, which is empty when there is nothing to do. The one before must be
   * completed.
   *
   * @param nanos when it begins: what comes into the queue later is not there yet
   */
  Step<S> schedule(long nanos) {
    running.removeIf(Sequence::ended);
    step.clear();
    long preemptedBefore = preemptions;
    int budget = goOn(settings.maxNumBatchedTokens());
    if (preemptions == preemptedBefore) {
      admit(nanos, budget);
    }
    return step;
  }

  /** Schedules what runs; returns what is left of the budget. */
  private int goOn(int budget) {
    int left = budget;
    // the list may lose its end meanwhile
    for (int i = 0; i < running.size() && left > 0; i++) {
      S sequence = running.get(i);
      int tokens = Math.min(sequence.uncomputed(), left);
      if (makeRoom(sequence, tokens)) {
        add(sequence, tokens);
        left -= tokens;
      }
    }
    return left;
  }

  /** Preempts from the end until a running sequence has its blocks, or is itself preempted. */
  private boolean makeRoom(S sequence, int tokens) {
    int blocks = settings.blocksFor(sequence.computed() + tokens);
    while (!cache.allocate(sequence.blocks(), 0, blocks)) {
      S last = running.remove(running.size() - 1);
      preemptions++;
      cache.free(last.blocks());
      last.preempt();
      waiting.addFirst(last);
      if (last == sequence) {
        return false;
      }
    }
    return true;
  }

  private void admit(long nanos, int budget) {
    int left = budget;
    while (left > 0 && running.size() < settings.maxNumSeqs() && !waiting.isEmpty()) {
      S next = waiting.peek();
      BlockChain chain = next.blocks().chain();
      // the last token is always computed, as the next one is drawn from its output
      int cached = cache.cached(chain, chain.blocksIn(next.tokens() - 1));
      int uncached = next.tokens() - chain.tokensIn(cached);
      int tokens = Math.min(uncached, left);
      if (next.arrivalNanos() > nanos
          || tokens < uncached && !settings.chunkedPrefill()
          || !cache.allocate(
              next.blocks(), cached, settings.blocksFor(chain.tokensIn(cached) + tokens))) {
        return;
      }
      waiting.remove();
      running.add(next);
      next.begin(chain.tokensIn(cached));
      add(next, tokens);
      left -= tokens;
    }
  }

  private void add(S sequence, int tokens) {
    // a step computes layer by layer, so that what it writes can serve others in the same step
    cache.computed(sequence.blocks(), sequence.computed() + tokens);
    step.add(sequence, tokens);
  }

  /**
   * What the step does for one of its sequences is done.
   *
   * @return whether that brought a token
   */
  boolean complete(S sequence) {
    if (sequence.ended() || !sequence.advance()) {
      return false;
    }
    if (sequence.ended()) {
      cache.free(sequence.blocks());
    }
    return true;
  }

  /** Ends a sequence early, whether it waits or runs. */
  void abort(S sequence) {
    sequence.end();
    waiting.remove(sequence);
    cache.free(sequence.blocks());
  }

  /** Nothing that was computed so far serves a later sequence. */
  void forgetPrefixes() {
    cache.forget();
  }

  /** The step that was scheduled last. */
  Step<S> step() {
    return step;
  }

  /** When the sequence came that is next in the queue; there must be one. */
  long nextArrivalNanos() {
    return waiting.element().arrivalNanos();
  }

  int waiting() {
    return waiting.size();
  }

  int running() {
    return (int) running.stream().filter(sequence -> !sequence.ended()).count();
  }

  long preemptions() {
    return preemptions;
  }

  /** The share of the cache's blocks that sequences hold, from 0 to 1. */
  double cacheUsage() {
    return 1 - (double) cache.freeBlocks() / cache.blocks();
  }
}
