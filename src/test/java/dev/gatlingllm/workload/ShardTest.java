package dev.gatlingllm.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShardTest {

  @Test
  void sharesAddUpAndRemaindersGoToTheFirstShards() {
    assertThat(shares(10, 4)).containsExactly(3L, 3L, 2L, 2L);
    assertThat(shares(8, 4)).containsExactly(2L, 2L, 2L, 2L);
    assertThat(shares(7, 1)).containsExactly(7L);
    assertThat(shares(0, 2)).containsExactly(0L, 0L);
  }

  private static List<Long> shares(long whole, int count) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(index -> new Shard((int) index, count).share(whole))
        .toList();
  }

  @Test
  void theFirstUsersOfAllShardsHaveTheFirstConversations() {
    for (int count = 1; count <= 9; count++) {
      List<Long> conversations = new ArrayList<>();
      for (int index = 1; index <= count; index++) {
        Shard shard = new Shard(index, count);
        LongStream.range(0, shard.share(31)).map(shard::conversation).forEach(conversations::add);
      }

      assertThat(conversations)
          .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 31).boxed().toList());
    }
  }

  @Test
  void saysWhetherAShardWouldHaveNone() {
    assertThat(new Shard(1, 4).isTooFew(3)).isTrue();
    assertThat(new Shard(1, 4).isTooFew(4)).isFalse();
    assertThat(new Shard(1, 4).isTooFew(0)).isFalse();
  }
}
