package dev.gatlingllm;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.workload.ArrivalPattern;
import dev.gatlingllm.workload.ArrivalRate;
import dev.gatlingllm.workload.Shard;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load of the settings is that of all shards together. */
class ShardedLoadTest {

  private static final ScenarioBuilder CHAT = scenario("chat").exec(exec(session -> session));

  private static final LlmSettings SETTINGS =
      LlmSettings.defaults()
          .with(Setting.WARMUP, Duration.ofSeconds(1))
          .with(Setting.DURATION, Duration.ofSeconds(9));

  private static LlmSettings shard(LlmSettings settings, int index, int count) {
    return settings.with(Setting.SHARD, new Shard(index, count));
  }

  /** Returns the injection profile of each of four shards. */
  private static Stream<String> profiles(LlmSettings settings) {
    return IntStream.rangeClosed(1, 4)
        .mapToObj(index -> shard(settings, index, 4))
        .map(own -> ShardedLoad.of(own).inject(CHAT, new SharedPrefixWorkload(own)))
        .map(population -> population.asScala().injectionProfile())
        .map(
            profile ->
                profile.totalUserCount().isDefined()
                    ? profile.totalUserCount().get() + " users"
                    : profile.toString().replaceAll(".*Injection\\((\\d+),.*", "$1 at a time"));
  }

  @Test
  void dividesUsersOfAllShards() {
    assertThat(profiles(SETTINGS.with(Setting.USERS, 10)))
        .containsExactly("3 at a time", "3 at a time", "2 at a time", "2 at a time");
  }

  @Test
  void usersPerShardAreNotDivided() {
    assertThat(profiles(SETTINGS.with(Setting.USERS_PER_SHARD, 10)))
        .containsOnly("10 at a time")
        .hasSize(4);
  }

  @Test
  void dividesTheRateOfAllShards() {
    assertThat(profiles(SETTINGS.with(Setting.RATE, ArrivalRate.parse("0.9"))))
        .containsExactly("3 users", "2 users", "2 users", "2 users");
    assertThat(profiles(SETTINGS.with(Setting.RATE_PER_SHARD, ArrivalRate.parse("0.9"))))
        .containsExactly("9 users", "9 users", "9 users", "9 users");
  }

  @Test
  void rejectsALoadOfFewerUsersThanShardsInEachShard() {
    LlmSettings users = SETTINGS.with(Setting.USERS, 3);
    LlmSettings rate = SETTINGS.with(Setting.RATE, ArrivalRate.parse("0.3"));

    for (int index = 1; index <= 4; index++) {
      int number = index;
      assertThatThrownBy(() -> inject(shard(users, number, 4)))
          .isInstanceOf(SettingException.class)
          .hasMessage(
              "llm.users = 3: 4 shards need at least one user each; use at most 3 shards, raise"
                  + " llm.users, or set llm.usersPerShard instead");
      assertThatThrownBy(() -> inject(shard(rate, number, 4)))
          .isInstanceOf(SettingException.class)
          .hasMessage(
              "llm.rate = 0.3: starts 3 users within llm.warmup and llm.duration, together 10s;"
                  + " raise one of them, or use at most 3 shards");
    }
    assertThatThrownBy(() -> inject(SETTINGS.with(Setting.RATE, ArrivalRate.parse("0.01"))))
        .hasMessage(
            "llm.rate = 0.01: starts no user within llm.warmup and llm.duration, together 10s;"
                + " raise one of them");
    assertThatThrownBy(() -> inject(SETTINGS.with(Setting.RATE, ArrivalRate.parse("1e9"))))
        .hasMessage(
            "llm.rate = 1000000000: starts more than 1,000,000,000 users within llm.warmup and"
                + " llm.duration, together 10s; lower one of them");
    assertThatThrownBy(() -> LlmDsl.poissonUsersPerSec(1e9).during(9))
        .hasMessage("users must be at most 1,000,000,000, got 9000000000");
  }

  @Test
  void dividesARampAndStepsOfAllShards() {
    assertThat(profiles(SETTINGS.with(Setting.RATE, ArrivalRate.parse("ramp(1,3)"))))
        .containsExactly("5 users", "5 users", "5 users", "4 users");
    assertThat(profiles(SETTINGS.with(Setting.RATE_PER_SHARD, ArrivalRate.parse("steps(1,2,3)"))))
        .containsOnly("19 users")
        .hasSize(4);
  }

  private static void inject(LlmSettings settings) {
    ShardedLoad.of(settings).inject(CHAT, new SharedPrefixWorkload(settings));
  }

  @Test
  void rejectsFewerConversationsThanShards() {
    LlmSettings settings = shard(SETTINGS.with(Setting.MAX_CONVERSATIONS, 2L), 1, 4);

    assertThatThrownBy(() -> new SharedPrefixWorkload(settings).feeder())
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.maxConversations = 2: 4 shards need at least one conversation each; use fewer"
                + " shards, or raise it");
  }

  @Test
  void rejectsATraceWithFewerRequestsThanShards(@TempDir Path folder) throws Exception {
    Path trace =
        Files.write(
            folder.resolve("trace.jsonl"),
            Stream.of(0, 1000, 20_000)
                .map(
                    millis ->
                        "{\"timestamp\":%d,\"input_length\":9,\"output_length\":5,\"hash_ids\":[1]}"
                            .formatted(millis))
                .toList());
    LlmSettings replay = SETTINGS.with(Setting.REPLAY, trace).with(Setting.REPLAY_LOOP, false);

    assertThatThrownBy(
            () -> new ReplayWorkload(shard(replay, 3, 3)).arrivals(Duration.ofSeconds(9)))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.replay = "
                + trace
                + ": its 2 requests within the load are fewer than the 3 shards; use fewer shards,"
                + " or a longer load");
    assertThatThrownBy(() -> new ReplayWorkload(shard(replay, 3, 4)).feeder())
        .hasMessageContaining(
            "its 3 entries are fewer than the 4 shards; use fewer shards, or llm.replayLoop ="
                + " true");
  }

  @Test
  void rejectsArrivalsOfATraceWithoutTimes() {
    LlmSettings messages =
        SETTINGS
            .with(Setting.REPLAY, Path.of("src/test/resources/replay/messages.jsonl"))
            .with(Setting.ARRIVALS, ArrivalPattern.TRACE);

    assertThatThrownBy(() -> new ReplayWorkload(messages).arrivals(Duration.ofSeconds(9)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(
            "llm.arrivals = trace: src/test/resources/replay/messages.jsonl has no")
        .hasMessageContaining("arrival times; set llm.rate instead");
  }

  @Test
  void sharesUsersOfAnInjectionByHand() {
    ShardedLoad load = ShardedLoad.of(shard(SETTINGS, 2, 4));

    assertThat(load.shareOf(9)).isEqualTo(2);
    assertThat(load.shareOf(0)).isZero();
    assertThat(load.shareOf(List.of(atOnceUsers(9))).get(0).asScala().users()).isEqualTo(2);
    assertThatThrownBy(() -> load.shareOf(3))
        .hasMessage("users must be 0, or at least one for each of the 4 shards, got 3");
    assertThatThrownBy(() -> load.shareOf(List.of(atOnceUsers(3))))
        .hasMessage(
            "users of the injection steps must be at least one for each of the 4 shards, got 3");
  }
}
