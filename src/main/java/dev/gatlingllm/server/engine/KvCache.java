package dev.gatlingllm.server.engine;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys and values of the tokens that the simulated model has computed, in blocks of equal size.
 * Full blocks can be found by what they hold, and serve any number of sequences at once; a block
 * that none uses keeps its content until it is needed for something else, least recently used
 * first. Used by one thread.
 */
final class KvCache {

  private final boolean prefixCaching;
  private final int[] users;
  private final long[] hashes;
  private final BitSet known;
  private final FreeBlocks free;
  private final Map<Long, Integer> byHash = new HashMap<>();

  /**
   * @param blocks how many blocks there are, 1 or more
   * @param prefixCaching whether blocks can be found by what they hold
   */
  KvCache(int blocks, boolean prefixCaching) {
    this.prefixCaching = prefixCaching;
    users = new int[blocks];
    hashes = new long[blocks];
    known = new BitSet(blocks);
    free = new FreeBlocks(blocks);
  }

  int blocks() {
    return users.length;
  }

  /** Blocks that a sequence can get: empty, or with content that none uses. */
  int freeBlocks() {
    return free.size();
  }

  /** How many of the first {@code limit} blocks are cached in one run from the start. */
  int cached(BlockChain chain, int limit) {
    int cached = 0;
    while (cached < limit && byHash.containsKey(chain.hash(cached))) {
      cached++;
    }
    return cached;
  }

  /**
   * Gives a sequence the blocks that it lacks, or none at all when they are too few.
   *
   * @param cached how many blocks from the start are cached; no more than the sequence has already,
   *     unless it has none
   * @param blocks how many blocks the sequence needs in all
   * @return whether it has them now
   */
  boolean allocate(BlockTable table, int cached, int blocks) {
    int held = table.size();
    int unused = 0;
    for (int i = held; i < cached; i++) {
      unused += users[byHash.get(table.chain().hash(i))] == 0 ? 1 : 0;
    }
    if (free.size() - unused < blocks - Math.max(held, cached)) {
      return false;
    }
    for (int i = held; i < cached; i++) {
      table.add(share(byHash.get(table.chain().hash(i))));
    }
    for (int i = table.size(); i < blocks; i++) {
      table.add(take());
    }
    table.share(Math.max(table.shared(), cached));
    return true;
  }

  /**
   * Lets others find a sequence's full blocks once its first {@code tokens} tokens are computed.
   */
  void computed(BlockTable table, int tokens) {
    BlockChain chain = table.chain();
    int full = Math.min(chain.blocksIn(tokens), chain.blocks());
    if (!prefixCaching || full <= table.shared()) {
      return;
    }
    for (int i = table.shared(); i < full; i++) {
      int block = table.block(i);
      // two sequences may have computed the same at the same time: one copy is enough
      if (byHash.putIfAbsent(chain.hash(i), block) == null) {
        known.set(block);
        hashes[block] = chain.hash(i);
      }
    }
    table.share(full);
  }

  /** Takes all blocks from a sequence; their content stays until they are needed. */
  void free(BlockTable table) {
    // from the end: a block is of no use without those before it, so these must outlive it
    for (int i = table.size() - 1; i >= 0; i--) {
      int block = table.block(i);
      if (--users[block] == 0) {
        free.add(block);
      }
    }
    table.clear();
  }

  /** Forgets what blocks hold: they are found no more, but stay with those who use them. */
  void forget() {
    byHash.clear();
    known.clear();
  }

  private int share(int block) {
    if (users[block]++ == 0) {
      free.remove(block);
    }
    return block;
  }

  private int take() {
    int block = free.poll();
    if (known.get(block)) {
      known.clear(block);
      byHash.remove(hashes[block]);
    }
    users[block] = 1;
    return block;
  }
}
