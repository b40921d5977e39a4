package dev.gatlingllm.server.engine;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The KV cache: the keys and values of computed tokens in blocks of equal size. Any number of
 * sequences can share a full block with the same hash. An unused block keeps its content until it
 * is needed for other content; the least recently used block is taken first. Not thread-safe.
 */
final class KvCache {

  private final boolean prefixCaching;
  private final int[] users;
  private final long[] hashes;
  private final BitSet known;

  /** Blocks that were used and are free again, the least recently used first. */
  private final LinkedHashSet<Integer> freed = new LinkedHashSet<>();

  private final Map<Long, Integer> byHash = new HashMap<>();

  /** How many blocks were ever used; those with higher numbers are free, too. */
  private int used;

  /**
   * @param blocks the number of blocks, at least 1
   * @param prefixCaching whether sequences can share blocks
   */
  KvCache(int blocks, boolean prefixCaching) {
    this.prefixCaching = prefixCaching;
    users = new int[blocks];
    hashes = new long[blocks];
    known = new BitSet(blocks);
  }

  int blocks() {
    return users.length;
  }

  /** Returns how many blocks no sequence uses, with or without cached content. */
  int freeBlocks() {
    return users.length - used + freed.size();
  }

  /** Returns how many of a sequence's first {@code limit} blocks are cached without a gap. */
  int cached(BlockTable table, int limit) {
    int cached = 0;
    while (cached < limit && byHash.containsKey(table.hash(cached))) {
      cached++;
    }
    return cached;
  }

  /**
   * Allocates the missing blocks of a sequence, or none if there are too few.
   *
   * @param cached how many blocks from the start are cached; 0 if the sequence already has blocks
   * @param blocks how many blocks the sequence needs in total
   * @return whether it has them now
   */
  boolean allocate(BlockTable table, int cached, int blocks) {
    int held = table.size();
    int unused = 0;
    for (int i = held; i < cached; i++) {
      unused += users[byHash.get(table.hash(i))] == 0 ? 1 : 0;
    }
    if (freeBlocks() - unused < blocks - Math.max(held, cached)) {
      return false;
    }
    for (int i = held; i < cached; i++) {
      table.add(share(byHash.get(table.hash(i))));
    }
    for (int i = table.size(); i < blocks; i++) {
      table.add(take());
    }
    table.setShared(Math.max(table.shared(), cached));
    return true;
  }

  /**
   * Makes a sequence's full blocks available to others when its first {@code tokens} tokens are
   * computed.
   */
  void computed(BlockTable table, int tokens) {
    int full = Math.min(table.fullBlocksIn(tokens), table.fullBlocks());
    if (!prefixCaching || full <= table.shared()) {
      return;
    }
    for (int i = table.shared(); i < full; i++) {
      int block = table.block(i);
      // two sequences can compute the same block in one step; one copy is enough
      if (byHash.putIfAbsent(table.hash(i), block) == null) {
        known.set(block);
        hashes[block] = table.hash(i);
      }
    }
    table.setShared(full);
  }

  /** Releases all blocks of a sequence; they keep their content until they are needed. */
  void free(BlockTable table) {
    // from the end: a block is useless without those before it, so these must be evicted later
    for (int i = table.size() - 1; i >= 0; i--) {
      int block = table.block(i);
      if (--users[block] == 0) {
        freed.add(block);
      }
    }
    table.clear();
  }

  /** Makes all cached content unavailable. Sequences keep the blocks that they hold. */
  void reset() {
    byHash.clear();
    known.clear();
  }

  private int share(int block) {
    if (users[block]++ == 0) {
      freed.remove(block);
    }
    return block;
  }

  private int take() {
    int block = used < users.length ? used++ : leastRecentlyUsed();
    if (known.get(block)) {
      known.clear(block);
      byHash.remove(hashes[block]);
    }
    users[block] = 1;
    return block;
  }

  private int leastRecentlyUsed() {
    var blocks = freed.iterator();
    int block = blocks.next();
    blocks.remove();
    return block;
  }
}
