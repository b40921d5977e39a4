package dev.gatlingllm.report.runs;

import static dev.gatlingllm.report.runs.ShardInfos.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.report.Load;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.report.runs.ShardCheck.Begun;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which runs are the shards of one load, and the messages that refuse others. */
class ShardCheckTest {

  private static Begun complete(String folder, RunInfo info) {
    return new Begun(Path.of(folder), true, info);
  }

  private static String missing(int count, Begun... runs) throws MergeException {
    return new ShardCheck(count).missing(List.of(runs));
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(int count, Begun... runs) {
    return assertThatThrownBy(() -> missing(count, runs)).isInstanceOf(MergeException.class);
  }

  @Test
  void acceptsEachShardOnce() throws MergeException {
    assertThat(missing(2, complete("a", shard(2, 2)), complete("b", shard(1, 2)))).isEmpty();
    assertThat(missing(1, complete("a", shard(1, 1)))).isEmpty();
  }

  @Test
  void namesMissingShards() throws MergeException {
    assertThat(missing(2, complete("a", shard(2, 2)))).isEqualTo("shard 1 of 2 is missing");
    assertThat(missing(9, complete("a", shard(3, 9)), complete("b", shard(7, 9))))
        .isEqualTo("shards 1, 2, 4 to 6, 8, 9 of 9 are missing");
    assertThat(missing(4)).isEqualTo("shards 1 to 4 of 4 are missing");
  }

  @Test
  void namesShardsThatAreNotComplete() throws MergeException {
    assertThat(
            missing(
                3, complete("a", shard(1, 3)), new Begun(Path.of("runs/b"), false, shard(2, 3))))
        .isEqualTo(
            "shard 3 of 3 is missing; shard 2/3 is not complete: runs/b is still running, or was"
                + " stopped");
  }

  @Test
  void refusesTwoRunsOfOneShard() {
    assertRefused(
            2,
            new Begun(Path.of("runs/killed"), false, shard(1, 2)),
            complete("runs/restarted", shard(1, 2)))
        .hasMessage(
            "Two runs are shard 1/2: runs/killed, started 2026-01-02T02:54:05Z, not complete; and"
                + " runs/restarted, started 2026-01-02T02:54:05Z. A shard that runs twice sends its"
                + " part of the load twice. Move the run that must not count to another folder");
  }

  @Test
  void refusesAFolderThatIsNamedTwice() {
    assertRefused(2, complete("runs/a", shard(1, 2)), complete("./runs/a", shard(1, 2)))
        .hasMessage("./runs/a is named twice");
  }

  @Test
  void refusesAnotherNumberOfShards() {
    assertRefused(4, complete("runs/a", shard(3, 4)), complete("runs/b", shard(2, 8)))
        .hasMessage(
            "runs/b is shard 2/8, but --expect 4 takes the shards of 4. Leave it out, or use"
                + " --expect 8");
  }

  @Test
  void refusesARunThatSentTheWholeLoad() {
    assertRefused(4, complete("runs/a", shard(1, 1)))
        .hasMessage(
            "runs/a sent the whole load: llm.shard was not set. --expect 4 takes the shards 1/4 to"
                + " 4/4. Leave it out, or run it again with llm.shard");
  }

  @Test
  void refusesAMergedRun() {
    RunInfo info = Load.info("merged", "llama");
    RunInfo merged =
        new RunInfo(
            info.id(),
            info.simulation(),
            info.start(),
            info.versions(),
            info.seed(),
            info.target(),
            info.load(),
            null,
            null,
            Assertions.NONE,
            List.of(),
            List.of());

    assertRefused(2, complete("runs/merged", merged))
        .hasMessage(
            "runs/merged is a merged run, and no shard. Name the runs of the shards alone, or move"
                + " it to another folder");
  }

  @Test
  void refusesOtherSettings() {
    assertRefused(
            2,
            complete("a", shard(1, 2, "turns", "3", "users", "10")),
            complete("b", shard(2, 2, "turns", "3", "users", "12", "groups", "4")))
        .hasMessage(
            "The runs are of different loads: llm.users is 10 in a, and 12 in b. Leave out the runs"
                + " of another load; shards of one load must have the same settings");
    assertRefused(2, complete("a", shard(1, 2)), complete("b", shard(2, 2, "maxTokens", "9")))
        .hasMessageContaining("llm.maxTokens is not set in a, and 9 in b");
  }

  @Test
  void comparesTheSettingsOfCompleteRunsOnly() throws MergeException {
    Begun goesOn = new Begun(Path.of("a"), false, shard(1, 2));

    assertThat(missing(2, goesOn, complete("b", shard(2, 2, "insecure", "false"))))
        .startsWith("shard 1/2 is not complete");
  }

  @Test
  void acceptsAReplicaAndFilesOfEachShard() throws MergeException {
    assertThat(
            missing(
                2,
                complete("a", shard(1, 2, "baseUrl", "http://a", "replay", "/mnt/trace.jsonl")),
                complete(
                    "b",
                    shard(
                        2,
                        2,
                        "baseUrl",
                        "http://b",
                        "chunkTimes",
                        "true",
                        "replay",
                        "trace.jsonl"))))
        .isEmpty();
  }

  @Test
  void refusesAShardThatWasRecoveredByAMerge() {
    RunInfo killed = shard(2, 2);
    RunInfo recovered =
        new RunInfo(
            "recovered",
            killed.simulation(),
            killed.start(),
            killed.versions(),
            killed.seed(),
            killed.target(),
            killed.load(),
            killed.shard(),
            null,
            killed.assertions(),
            List.of(),
            List.of(new RunInfo.Merged("killed", killed.start(), killed.shard())));

    assertRefused(2, complete("runs/a", shard(1, 2)), complete("runs/recovered", recovered))
        .hasMessageContaining("runs/recovered is a merged run, and no shard");
  }

  /** Returns a run with another simulation, and the seed 7. */
  private static RunInfo of(RunInfo run, @Nullable String simulation) {
    return new RunInfo(
        run.id(),
        simulation,
        run.start(),
        run.versions(),
        7L,
        run.target(),
        run.load(),
        run.shard(),
        null,
        Assertions.NONE,
        List.of(),
        List.of());
  }

  @Test
  void refusesAnotherSimulationSeedOrModel() {
    RunInfo other = shard(2, 2);
    RunInfo simulation = of(other, "Billing");
    RunInfo seed = of(other, other.simulation());

    assertRefused(2, complete("a", shard(1, 2)), complete("b", simulation))
        .hasMessageContaining("the simulation is SupportChat in a, and Billing in b");
    assertRefused(2, complete("a", shard(1, 2)), complete("b", seed))
        .hasMessageContaining("llm.seed is 42 in a, and 7 in b");
  }
}
