package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixCacheTest {

  private static BlockChain chain(int firstToken, int blocks) {
    return new BlockChain(IntStream.range(firstToken, firstToken + 4 * blocks).toArray(), 4);
  }

  private static int cached(PrefixCache cache, BlockChain chain) {
    return cache.use(chain, chain.blocks());
  }

  @Test
  void onlyFullBlocksCount() {
    assertThat(new BlockChain(new int[11], 4).blocks()).isEqualTo(2);
  }

  @Test
  void aBlockIsOnlyFoundBehindTheSameBlocks() {
    PrefixCache cache = new PrefixCache(100);
    cache.add(chain(0, 3), 3);

    assertThat(cached(cache, chain(0, 5))).isEqualTo(3);
    assertThat(cached(cache, chain(4, 2))).isZero();
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() {
    PrefixCache cache = new PrefixCache(6);
    cache.add(chain(0, 3), 3);
    cache.add(chain(1000, 3), 3);
    cached(cache, chain(0, 3));
    cache.add(chain(2000, 3), 3);

    assertThat(cached(cache, chain(0, 3))).isEqualTo(3);
    assertThat(cached(cache, chain(1000, 3))).isZero();
  }

  @Test
  void aSequenceLosesItsEndBeforeItsBeginning() {
    PrefixCache cache = new PrefixCache(6);
    cache.add(chain(0, 5), 5);
    cache.add(chain(1000, 3), 3);

    assertThat(cached(cache, chain(0, 5))).isEqualTo(3);
  }

  @Test
  void aSequenceLongerThanTheCacheLeavesItsBeginning() {
    PrefixCache cache = new PrefixCache(6);
    cache.add(chain(0, 10), 10);

    assertThat(cached(cache, chain(0, 10))).isEqualTo(6);
  }

  @Test
  void aCacheWithoutCapacityHoldsNothing() {
    PrefixCache cache = new PrefixCache(0);
    cache.add(chain(0, 3), 3);

    assertThat(cached(cache, chain(0, 3))).isZero();
  }
}
