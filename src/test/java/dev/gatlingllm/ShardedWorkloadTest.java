package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.conversation.Conversation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several load generators together run the same conversations as one alone. */
class ShardedWorkloadTest {

  private static final int CONVERSATIONS = 6;
  private static final Path REPLAYS = Path.of("src/test/resources/replay");

  private static SharedPrefixWorkload workload(long seed) {
    return LlmDsl.sharedPrefix().groups(2).systemPromptTokens(8).questionTokens(4).seed(seed);
  }

  /** Describes the next conversations: first questions, and the numbers for pauses and backoffs. */
  private static List<String> next(SharedPrefixWorkload workload, int count) {
    Iterator<Map<String, Object>> feeder = workload.feeder();
    List<String> described = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Conversation conversation = (Conversation) feeder.next().get("conversation");
      described.add(
          conversation.next().questionText() + " " + conversation.random(3, 1).nextLong());
    }
    return described;
  }

  @Test
  void shardsTogetherEqualTheWhole() {
    List<String> odd = next(workload(5).shard(1, 2), CONVERSATIONS / 2);
    List<String> even = next(workload(5).shard(2, 2), CONVERSATIONS / 2);
    List<String> together = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS / 2; i++) {
      together.add(odd.get(i));
      together.add(even.get(i));
    }

    assertThat(together).isEqualTo(next(workload(5), CONVERSATIONS)).doesNotHaveDuplicates();
    assertThat(next(workload(6), CONVERSATIONS)).doesNotContainAnyElementsOf(together);
  }

  /** Sends the first turns of the next conversations and counts the tokens sent before. */
  private static long reusable(Workload workload, int count) {
    Iterator<Map<String, Object>> feeder = workload.feeder();
    return Stream.generate(() -> (Conversation) feeder.next().get("conversation"))
        .limit(count)
        .mapToLong(conversation -> conversation.next().markSent())
        .sum();
  }

  private static long reusableOfShards(int shards, SharedPrefixWorkload workload, int each) {
    return IntStream.rangeClosed(1, shards)
        .mapToLong(shard -> reusable(workload.shard(shard, shards), each))
        .sum();
  }

  @Test
  void promptsOfOtherShardsCountAsSentBefore() {
    UnaryOperator<SharedPrefixWorkload> grouped =
        workload -> workload.groups(5).groupWeights(8, 4, 2, 1, 1).commonPrefixTokens(3);
    long whole = reusable(grouped.apply(workload(5)), 24);

    assertThat(whole).isEqualTo((24 - 5) * (3 + 8) + 4 * 3);
    assertThat(reusableOfShards(3, grouped.apply(workload(5)), 8)).isEqualTo(whole);
  }

  @Test
  void repeatedConversationsOfOtherShardsCountAsSentBefore() {
    UnaryOperator<SharedPrefixWorkload> repeated =
        workload -> workload.groups(5).groupWeights(8, 4, 2, 1, 1).conversationsPerGroup(2);
    long whole = reusable(repeated.apply(workload(5)), 40);

    assertThat(whole).isBetween(20L * 12, 40L * 12);
    assertThat(reusableOfShards(4, repeated.apply(workload(5)), 10)).isEqualTo(whole);
  }

  @Test
  void replayedPromptsOfOtherShardsCountAsSentBefore() {
    ReplayWorkload replay = LlmDsl.replay(REPLAYS.resolve("messages.jsonl"));
    int twice = 2 * 3;
    long whole = reusable(replay, twice);

    assertThat(whole).isPositive();
    for (int shards : List.of(2, 3)) {
      long together = 0;
      for (int i = 1; i <= shards; i++) {
        together += reusable(replay.shard(i, shards), twice / shards);
      }
      assertThat(together).isEqualTo(whole);
    }
  }

  @Test
  void reuseOfATracesBlocksIsUnknownToAShard() {
    ReplayWorkload trace = LlmDsl.replay(REPLAYS.resolve("mooncake.jsonl"));

    assertThat(reusable(trace, 1)).isZero();
    assertThat(reusable(trace.shard(1, 2), 1)).as("unknown").isEqualTo(-1);
  }

  private static List<String> ids(SharedPrefixWorkload workload) {
    Iterator<Map<String, Object>> feeder = workload.feeder();
    return Stream.generate(() -> (String) feeder.next().get("conversationId"))
        .limit(CONVERSATIONS)
        .toList();
  }

  @Test
  void onlyWorkloadsWithTheSameConversationsHaveTheSameIds() {
    List<String> first = ids(workload(5));

    assertThat(ids(workload(5).maxConversations(100))).isEqualTo(first);
    assertThat(ids(workload(6))).doesNotContainAnyElementsOf(first);
    assertThat(ids(workload(5).questionTokens(9))).doesNotContainAnyElementsOf(first);
  }
}
