package dev.gatlingllm.server.engine;

import dev.gatlingllm.server.engine.KvCache.BlockTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Decides what each step computes. Running sequences come first, in the order of their start, then
 * waiting ones in FIFO order, within the limits of the step's token budget, the batch size and the
 * KV cache. If a running sequence lacks a block, the sequence that started last is preempted: it
 * loses its blocks, returns to the head of the queue and is computed again. Not thread-safe.
 */
final class Scheduler<S extends Sequence> {

  private final EngineSettings settings;
  private final KvCache cache;
  private final Deque<S> waiting = new ArrayDeque<>();
  private final List<S> running = new ArrayList<>();
  private final List<S> step = new ArrayList<>();
  private int prefillTokens;
  private long contextTokens;
  private long preemptions;

  Scheduler(EngineSettings settings) {
    this.settings = settings;
    this.cache = new KvCache(settings.kvBlocks, settings.prefixCaching);
  }

  void enqueue(S sequence) {
    waiting.add(sequence);
  }

  /**
   * Returns the sequences of the next step, in the order in which they get their tokens; none if
   * there is nothing to do. The list is always the same. The previous step must be complete.
   *
   * @param nanos when the step begins; later arrivals are ignored
   */
  List<S> schedule(long nanos) {
    running.removeIf(sequence -> sequence.ended);
    step.clear();
    prefillTokens = 0;
    contextTokens = 0;
    long preemptedBefore = preemptions;
    int budget = continueRunning(settings.maxNumBatchedTokens);
    if (preemptions == preemptedBefore) {
      admit(nanos, budget);
    }
    return step;
  }

  /** Schedules the running sequences and returns the remaining budget. */
  private int continueRunning(int budget) {
    int left = budget;
    // preemption can shorten the list
    for (int i = 0; i < running.size() && left > 0; i++) {
      S sequence = running.get(i);
      int tokens = Math.min(sequence.tokens() - sequence.computed, left);
      if (makeRoom(sequence, tokens)) {
        add(sequence, tokens);
        left -= tokens;
      }
    }
    return left;
  }

  /** Preempts from the end until a running sequence has its blocks or is preempted itself. */
  private boolean makeRoom(S sequence, int tokens) {
    int blocks = settings.blocksFor(sequence.computed + tokens);
    while (!cache.allocate(sequence.blocks, 0, blocks)) {
      S last = running.remove(running.size() - 1);
      preemptions++;
      cache.free(last.blocks);
      // all known tokens must be computed again
      last.computed = 0;
      last.decoding = false;
      waiting.addFirst(last);
      if (last == sequence) {
        return false;
      }
    }
    return true;
  }

  private void admit(long nanos, int budget) {
    int left = budget;
    while (left > 0 && running.size() < settings.maxNumSeqs && !waiting.isEmpty()) {
      S next = waiting.peek();
      BlockTable table = next.blocks;
      // the last token is always computed, because the next one is sampled from its output
      int cachedBlocks = cache.cached(table, (next.tokens() - 1) / settings.blockSize);
      int cached = cachedBlocks * settings.blockSize;
      int uncached = next.tokens() - cached;
      int tokens = Math.min(uncached, left);
      if (next.arrivalNanos > nanos
          || (tokens < uncached && !settings.chunkedPrefill)
          || !cache.allocate(table, cachedBlocks, settings.blocksFor(cached + tokens))) {
        return;
      }
      waiting.remove();
      running.add(next);
      next.computed = cached;
      add(next, tokens);
      left -= tokens;
    }
  }

  private void add(S sequence, int tokens) {
    // a step computes layer by layer, so sequences can share blocks within the same step
    cache.computed(sequence.blocks, sequence.computed + tokens);
    sequence.scheduled = tokens;
    step.add(sequence);
    if (sequence.decoding) {
      contextTokens += sequence.computed;
    } else {
      prefillTokens += tokens;
    }
  }

  /**
   * Completes the step for one of its sequences.
   *
   * @return whether the sequence got a token
   */
  boolean complete(S sequence) {
    if (sequence.ended || !sequence.advance()) {
      return false;
    }
    if (sequence.ended) {
      cache.free(sequence.blocks);
    }
    return true;
  }

  /** Ends a waiting or running sequence early. */
  void abort(S sequence) {
    sequence.ended = true;
    waiting.remove(sequence);
    cache.free(sequence.blocks);
  }

  /** Makes all cached prefixes unavailable to later sequences. */
  void resetPrefixCache() {
    cache.reset();
  }

  /** Returns the sequences of the most recent step. */
  List<S> step() {
    return step;
  }

  /** Returns how many tokens the step prefills, including those computed again. */
  int prefillTokens() {
    return prefillTokens;
  }

  /** Returns the sum of the context lengths of the step's decoding sequences, in tokens. */
  long contextTokens() {
    return contextTokens;
  }

  /** Returns when the head of the queue arrived; the queue must not be empty. */
  long nextArrivalNanos() {
    return waiting.element().arrivalNanos;
  }

  int waiting() {
    return waiting.size();
  }

  int running() {
    return (int) running.stream().filter(sequence -> !sequence.ended).count();
  }

  long preemptions() {
    return preemptions;
  }

  int blocks() {
    return cache.blocks();
  }

  int blockSize() {
    return settings.blockSize;
  }

  /** Returns how many cached tokens made room for others. */
  long evictedTokens() {
    return cache.evictedBlocks() * settings.blockSize;
  }

  /** Returns the fraction of the cache's blocks in use, from 0 to 1. */
  double cacheUsage() {
    return 1 - (double) cache.freeBlocks() / cache.blocks();
  }
}
