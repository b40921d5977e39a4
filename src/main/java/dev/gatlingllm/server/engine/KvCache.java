package dev.gatlingllm.server.engine;

import static java.util.Objects.requireNonNull;

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

  private long evictedBlocks;

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

  /** Returns how many blocks with cached content were taken for other content. */
  long evictedBlocks() {
    return evictedBlocks;
  }

  /** Returns how many of a sequence's first {@code limit} blocks are cached without a gap. */
  int cached(BlockTable table, int limit) {
    int cached = 0;
    while (cached < limit && byHash.containsKey(table.hashes[cached])) {
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
    int held = table.size;
    int unused = 0;
    for (int i = held; i < cached; i++) {
      unused += users[cachedBlock(table, i)] == 0 ? 1 : 0;
    }
    if (freeBlocks() - unused < blocks - Math.max(held, cached)) {
      return false;
    }
    for (int i = held; i < cached; i++) {
      table.blocks[table.size++] = share(cachedBlock(table, i));
    }
    for (int i = table.size; i < blocks; i++) {
      table.blocks[table.size++] = take();
    }
    table.shared = Math.max(table.shared, cached);
    return true;
  }

  private int cachedBlock(BlockTable table, int block) {
    return requireNonNull(byHash.get(table.hashes[block]));
  }

  /**
   * Makes a sequence's full blocks available to others when its first {@code tokens} tokens are
   * computed.
   */
  void computed(BlockTable table, int tokens) {
    int full = Math.min(tokens / table.blockSize, table.hashes.length);
    if (!prefixCaching || full <= table.shared) {
      return;
    }
    for (int i = table.shared; i < full; i++) {
      int block = table.blocks[i];
      // two sequences can compute the same block in one step; one copy is enough
      if (byHash.putIfAbsent(table.hashes[i], block) == null) {
        known.set(block);
        hashes[block] = table.hashes[i];
      }
    }
    table.shared = full;
  }

  /** Releases all blocks of a sequence; they keep their content until they are needed. */
  void free(BlockTable table) {
    // from the end: a block is useless without those before it, so these must be evicted later
    for (int i = table.size - 1; i >= 0; i--) {
      int block = table.blocks[i];
      if (--users[block] == 0) {
        freed.add(block);
      }
    }
    table.size = 0;
    table.shared = 0;
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
      evictedBlocks++;
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

  /**
   * The blocks of one sequence, in the order of its tokens. Each full block is identified by a hash
   * of its tokens and of all tokens before them: sequences share a block only if they are equal
   * from their first token on.
   */
  static final class BlockTable {

    final long[] hashes;
    private final int blockSize;

    /** The numbers of the blocks that the sequence holds, of which there are {@code size}. */
    final int[] blocks;

    int size;

    /** How many blocks from the start other sequences can find. */
    private int shared;

    /**
     * @param salt sequences with another one share no blocks with this one
     * @param tokens all tokens of the sequence, including those that are not generated yet
     */
    BlockTable(long salt, int[] tokens, int blockSize) {
      this.blockSize = blockSize;
      hashes = new long[tokens.length / blockSize];
      blocks = new int[(tokens.length + blockSize - 1) / blockSize];
      long hash = salt;
      for (int block = 0; block < hashes.length; block++) {
        hash = TokenHash.extend(hash, tokens, block * blockSize, (block + 1) * blockSize);
        hashes[block] = hash;
      }
    }
  }
}
