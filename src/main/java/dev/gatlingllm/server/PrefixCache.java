package dev.gatlingllm.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which blocks the simulated model has computed and still holds: a set of block hashes, of which
 * the least recently used go first when it is full. Any thread may call any method.
 */
final class PrefixCache {

  private final Map<Long, Boolean> blocks;

  /**
   * @param capacity blocks, 0 or more
   */
  PrefixCache(int capacity) {
    blocks =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > capacity;
          }
        };
  }

  /** How many of the first {@code limit} blocks are cached in one run from the start; uses them. */
  synchronized int use(BlockChain chain, int limit) {
    int cached = 0;
    while (cached < limit && blocks.containsKey(chain.hash(cached))) {
      cached++;
    }
    add(chain, cached);
    return cached;
  }

  /** Holds the first {@code count} blocks from now on, as the most recently used. */
  synchronized void add(BlockChain chain, int count) {
    // from the end: a block is of no use without those before it, so these must outlive it
    for (int block = count - 1; block >= 0; block--) {
      blocks.put(chain.hash(block), Boolean.TRUE);
    }
  }
}
