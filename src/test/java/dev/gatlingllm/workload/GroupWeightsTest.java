package dev.gatlingllm.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupWeightsTest {

  /** How far the groups are at most from their shares, at any moment of a load. */
  private static double farthest(GroupWeights weights, double[] shares, Shard shard, int users) {
    int[] seen = new int[weights.groups()];
    double farthest = 0;
    for (int user = 0; user < users; user++) {
      seen[weights.groupOf(shard.conversation(user))]++;
      for (int group = 0; group < seen.length; group++) {
        farthest = Math.max(farthest, Math.abs(seen[group] - shares[group] * (user + 1)));
      }
    }
    return farthest;
  }

  private static double[] equalShares(int groups) {
    double[] shares = new double[groups];
    Arrays.fill(shares, 1.0 / groups);
    return shares;
  }

  @Property
  void equalGroupsStayWithinOneOfTheirShare(@ForAll @IntRange(min = 1, max = 40) int groups) {
    assertThat(farthest(GroupWeights.equal(groups), equalShares(groups), Shard.WHOLE, 1_000))
        .isLessThanOrEqualTo(1);
  }

  @Property
  void everyShardGetsBalancedGroups(
      @ForAll @IntRange(min = 1, max = 12) int groups,
      @ForAll @IntRange(min = 1, max = 8) int shards,
      @ForAll @IntRange(min = 1, max = 8) int index) {
    Shard shard = new Shard(Math.min(index, shards), shards);

    assertThat(farthest(GroupWeights.equal(groups), equalShares(groups), shard, 2_000))
        .as("of 2,000 users")
        .isLessThan(20);
  }

  @Property
  void everyShardGetsTheSharesOfUnequalGroups(
      @ForAll @IntRange(min = 1, max = 8) int shards,
      @ForAll @IntRange(min = 1, max = 8) int index) {
    Shard shard = new Shard(Math.min(index, shards), shards);

    assertThat(farthest(GroupWeights.of(5, 3, 2), new double[] {0.5, 0.3, 0.2}, shard, 2_000))
        .as("of 2,000 users")
        .isLessThan(20);
  }

  @Test
  void zipfHalvesTheSecondGroup() {
    GroupWeights weights = GroupWeights.parse("zipf(1)", 3);
    double sum = 1 + 1.0 / 2 + 1.0 / 3;

    assertThat(
            farthest(
                weights, new double[] {1 / sum, 1 / (2 * sum), 1 / (3 * sum)}, Shard.WHOLE, 5_000))
        .isLessThan(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.5,0.5     | must be a weight for each of 3 groups, got 2",
        "1,2,x       | must be equal, zipf(s) or numbers",
        "1,-2,3      | must be above 0, got [1.0, -2.0, 3.0]",
        "zipf(-1)    | must be zipf(s) with s at least 0, got zipf(-1.0)",
        "even        | must be equal, zipf(s) or numbers"
      })
  void rejectsInvalidWeights(String text, String remedy) {
    assertThatThrownBy(() -> GroupWeights.parse(text, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(remedy);
  }
}
