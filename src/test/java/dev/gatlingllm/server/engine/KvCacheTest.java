package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.engine.KvCache.BlockTable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KvCacheTest {

  private static final int BLOCK = 4;

  private static BlockTable table(int firstToken, int blocks) {
    return new BlockTable(
        0, IntStream.range(firstToken, firstToken + BLOCK * blocks).toArray(), BLOCK);
  }

  private static BlockTable compute(KvCache cache, int firstToken, int blocks) {
    BlockTable table = table(firstToken, blocks);
    assertThat(cache.allocate(table, cached(cache, firstToken, blocks), blocks)).isTrue();
    cache.computed(table, BLOCK * blocks);
    return table;
  }

  private static int cached(KvCache cache, int firstToken, int blocks) {
    return cache.cached(table(firstToken, blocks), blocks);
  }

  @Test
  void countsOnlyFullBlocks() {
    assertThat(new BlockTable(0, new int[11], BLOCK).hashes.length).isEqualTo(2);
  }

  @Test
  void findsBlockOnlyAfterTheSameBlocks() {
    KvCache cache = new KvCache(100, true);
    compute(cache, 0, 3);

    assertThat(cached(cache, 0, 5)).isEqualTo(3);
    assertThat(cached(cache, 4, 2)).isZero();
  }

  @Test
  void doesNotFindUncomputedBlocks() {
    KvCache cache = new KvCache(100, true);
    BlockTable table = table(0, 3);
    cache.allocate(table, 0, 3);
    cache.computed(table, 2 * BLOCK - 1);

    assertThat(cached(cache, 0, 3)).isEqualTo(1);
  }

  @Test
  void resetHidesContentButKeepsHeldBlocks() {
    KvCache cache = new KvCache(10, true);
    BlockTable first = compute(cache, 0, 3);
    cache.reset();

    assertThat(cached(cache, 0, 3)).isZero();
    assertThat(cache.freeBlocks()).isEqualTo(7);
    compute(cache, 0, 3);
    cache.free(first);
    assertThat(cached(cache, 0, 3)).isEqualTo(3);
    assertThat(cache.freeBlocks()).isEqualTo(7);
  }

  @Test
  void releasesSharedBlocksWithTheLastSequence() {
    KvCache cache = new KvCache(10, true);
    BlockTable first = compute(cache, 0, 3);
    BlockTable second = compute(cache, 0, 5);

    assertThat(cache.freeBlocks()).isEqualTo(5);
    cache.free(first);
    assertThat(cache.freeBlocks()).isEqualTo(5);
    cache.free(second);
    assertThat(cache.freeBlocks()).isEqualTo(10);
  }

  @Test
  void evictsLeastRecentlyUsedFirst() {
    KvCache cache = new KvCache(6, true);
    cache.free(compute(cache, 0, 3));
    cache.free(compute(cache, 1000, 3));
    cache.free(compute(cache, 0, 3));
    cache.free(compute(cache, 2000, 3));

    assertThat(cached(cache, 0, 3)).isEqualTo(3);
    assertThat(cached(cache, 1000, 3)).isZero();
  }

  @Test
  void evictsEndOfSequenceBeforeItsBeginning() {
    KvCache cache = new KvCache(6, true);
    cache.free(compute(cache, 0, 5));
    cache.free(compute(cache, 1000, 3));

    assertThat(cached(cache, 0, 5)).isEqualTo(3);
  }

  @Test
  void doesNotEvictHeldBlocks() {
    KvCache cache = new KvCache(6, true);
    compute(cache, 0, 4);

    assertThat(cache.allocate(table(1000, 3), 0, 3)).isFalse();
    assertThat(cached(cache, 0, 4)).isEqualTo(4);
    assertThat(cache.freeBlocks()).isEqualTo(2);
  }

  @Test
  void countsUnusedCachedBlocksAsFreeForOthersOnly() {
    KvCache cache = new KvCache(6, true);
    cache.free(compute(cache, 0, 4));
    BlockTable growing = table(0, 7);

    assertThat(cache.allocate(growing, 4, 7)).isFalse();
    assertThat(growing.size).isZero();
    assertThat(cache.allocate(growing, 4, 6)).isTrue();
    assertThat(cache.freeBlocks()).isZero();
  }

  @Test
  void keepsOneCopyOfContentComputedTwice() {
    KvCache cache = new KvCache(4, true);
    BlockTable first = table(0, 2);
    BlockTable second = table(0, 2);
    cache.allocate(first, 0, 2);
    cache.allocate(second, 0, 2);
    cache.computed(first, 2 * BLOCK);
    cache.computed(second, 2 * BLOCK);
    cache.free(first);
    cache.free(second);
    // takes the blocks of the first, which are the shared ones
    compute(cache, 1000, 2);

    assertThat(cached(cache, 0, 2)).isZero();
    assertThat(cached(cache, 1000, 2)).isEqualTo(2);
  }

  @Test
  void findsNothingWithoutPrefixCaching() {
    KvCache cache = new KvCache(10, false);
    compute(cache, 0, 3);

    assertThat(cached(cache, 0, 3)).isZero();
    assertThat(cache.freeBlocks()).isEqualTo(7);
  }
}
