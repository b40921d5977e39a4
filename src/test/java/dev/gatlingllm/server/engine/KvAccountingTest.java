package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.engine.KvCache.BlockTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** No block is ever lost, allocated twice, or found under a wrong hash. */
class KvAccountingTest {

  private static final int BLOCK = 4;

  @Property(tries = 300)
  void blocksAreFreeOrHeldBySequencesWithTheirContent(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int blocks) {
    KvCache cache = new KvCache(blocks, true);
    Random random = new Random(seed);
    List<BlockTable> tables = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int choice = random.nextInt(3);
      if (choice == 0 || tables.isEmpty()) {
        begin(cache, table(random), random, tables);
      } else if (choice == 1) {
        grow(cache, tables.get(random.nextInt(tables.size())), random);
      } else {
        cache.free(tables.remove(random.nextInt(tables.size())));
      }
      check(cache, tables);
    }
    tables.forEach(cache::free);
    assertThat(cache.freeBlocks()).isEqualTo(blocks);
  }

  private static void begin(
      KvCache cache, BlockTable table, Random random, List<BlockTable> tables) {
    int cached = cache.cached(table, table.hashes.length);
    int needed = Math.max(cached, 1 + random.nextInt(table.hashes.length));
    int free = cache.freeBlocks();
    if (cache.allocate(table, cached, needed)) {
      assertThat(table.size).isEqualTo(needed);
      tables.add(table);
    } else {
      assertThat(cache.freeBlocks()).isEqualTo(free);
      assertThat(table.size).isZero();
    }
  }

  private static void grow(KvCache cache, BlockTable table, Random random) {
    int blocks = table.hashes.length;
    cache.allocate(table, 0, Math.min(blocks, table.size + random.nextInt(3)));
    cache.computed(table, BLOCK * random.nextInt(table.size + 1));
  }

  private static BlockTable table(Random random) {
    return new BlockTable(0, tokens(random), BLOCK);
  }

  /** Returns the tokens of one of few groups, so that many prefixes are shared. */
  private static int[] tokens(Random random) {
    int group = random.nextInt(3);
    int length = BLOCK * (1 + random.nextInt(12));
    int common = random.nextInt(length);
    int own = random.nextInt(100);
    return IntStream.range(0, length).map(i -> i < common ? group : own).toArray();
  }

  private static void check(KvCache cache, List<BlockTable> tables) {
    Map<Integer, Long> content = new HashMap<>();
    for (BlockTable table : tables) {
      for (int i = 0; i < table.size; i++) {
        long hash = table.hashes[i];
        assertThat(content.merge(table.blocks[i], hash, (known, same) -> known)).isEqualTo(hash);
      }
    }
    assertThat(cache.freeBlocks()).isEqualTo(cache.blocks() - content.size());
  }

  @Property(tries = 100)
  void allSequencesFinishAndReleaseTheCache(
      @ForAll long seed,
      @ForAll @IntRange(min = 16, max = 60) int blocks,
      @ForAll @IntRange(min = 1, max = 8) int maxNumSeqs,
      @ForAll @IntRange(min = 8, max = 64) int budget,
      @ForAll boolean prefixCaching) {
    var scheduler =
        new Scheduler<>(
            EngineProfile.INSTANT.settings().toBuilder()
                .blockSize(BLOCK)
                .kvBlocks(blocks)
                .maxNumSeqs(maxNumSeqs)
                .maxNumBatchedTokens(budget)
                .prefixCaching(prefixCaching)
                .build());
    Random random = new Random(seed);
    List<Sequence> all = new ArrayList<>();
    List<Sequence> aborted = new ArrayList<>();
    Map<Sequence, Integer> tokens = new HashMap<>();
    int steps = 0;
    while (steps < 30 || !all.stream().allMatch(sequence -> sequence.ended)) {
      if (steps < 30) {
        Sequence sequence = sequence(random);
        all.add(sequence);
        scheduler.enqueue(sequence);
      }
      List<Sequence> step = scheduler.schedule(0);
      assertThat(scheduler.running()).isLessThanOrEqualTo(maxNumSeqs);
      assertThat(step.size()).isPositive().isLessThanOrEqualTo(maxNumSeqs);
      assertThat(scheduler.prefillTokens()).isLessThanOrEqualTo(budget);
      if (random.nextInt(10) == 0) {
        Sequence leaving = all.get(random.nextInt(all.size()));
        if (!leaving.ended) {
          scheduler.abort(leaving);
          aborted.add(leaving);
        }
      }
      for (Sequence sequence : step) {
        if (scheduler.complete(sequence)) {
          tokens.merge(sequence, 1, Integer::sum);
        }
      }
      steps++;
    }
    assertThat(all)
        .filteredOn(sequence -> !aborted.contains(sequence))
        .allMatch(sequence -> tokens.get(sequence) == 10)
        .allMatch(sequence -> sequence.generated == 10);
    assertThat(scheduler.cacheUsage()).isZero();
    assertThat(scheduler.waiting()).isZero();
  }

  private static Sequence sequence(Random random) {
    int[] prompt = tokens(random);
    int[] tokens = Arrays.copyOf(prompt, prompt.length + 10);
    return new Sequence(prompt.length, 10, new BlockTable(0, tokens, BLOCK));
  }
}
