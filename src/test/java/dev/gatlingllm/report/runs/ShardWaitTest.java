package dev.gatlingllm.report.runs;

import static dev.gatlingllm.report.runs.ShardInfos.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.assertion.Assertions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for shards, in a time that passes only while it waits. */
class ShardWaitTest {

  @TempDir Path results;

  private final StringWriter said = new StringWriter();

  /** What happens, by the second of the wait in which it does. */
  private final Map<Integer, Event> events = new TreeMap<>();

  private interface Event {
    void happen() throws IOException;
  }

  private final class FakeTimer implements ShardWait.Timer {
    private int seconds;

    @Override
    public long nanos() {
      return seconds * 1_000_000_000L;
    }

    @Override
    public void pause(Duration time) {
      seconds += Math.toIntExact(time.toSeconds());
      try {
        Event event = events.get(seconds);
        if (event != null) {
          event.happen();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private String runs;

  @BeforeEach
  void pattern() {
    runs = results.resolve("runs").toString();
  }

  private List<Path> await(Duration longest, String... arguments) throws Exception {
    return new ShardWait(
            List.of(arguments), new ShardCheck(2), new PrintWriter(said), new FakeTimer())
        .await(longest);
  }

  private Path leave(String name, RunInfo info, boolean complete) throws IOException {
    Path folder = Files.createDirectories(results.resolve("runs").resolve(name));
    RunAccumulator nothing = RunAccumulator.empty(Window.openEnded(Duration.ZERO), Objectives.NONE);
    StateFile.write(info, nothing, complete, folder);
    return folder;
  }

  @Test
  void waitsForRunsThatDoNotExistYet() throws Exception {
    events.put(5, () -> leave("a", shard(1, 2), false));
    events.put(20, () -> leave("b", shard(2, 2), true));
    events.put(40, () -> leave("a", shard(1, 2), true));

    assertThat(await(Duration.ofMinutes(1), runs))
        .extracting(folder -> folder.getFileName().toString())
        .containsExactly("a", "b");
    assertThat(said.toString().lines())
        .containsExactly(
            "Waiting: shards 1, 2 of 2 are missing; there is no run in " + runs,
            "Waiting: shard 2 of 2 is missing; shard 1/2 is not complete: "
                + results.resolve("runs/a")
                + " is still running, or was stopped",
            "Waiting: shard 1/2 is not complete: "
                + results.resolve("runs/a")
                + " is still running, or was stopped");
  }

  @Test
  void returnsTheShardsInTheirOrder() throws Exception {
    leave("a", shard(2, 2), true);
    leave("b", shard(1, 2), true);

    assertThat(await(Duration.ZERO, runs))
        .extracting(folder -> folder.getFileName().toString())
        .containsExactly("b", "a");
  }

  @Test
  void waitsUntilGatlingsOwnAssertionsAreJudged() throws Exception {
    leave("a", shard(1, 2), true);
    leave("b", shard(2, 2).withAssertions(Assertions.NONE), true);
    events.put(3, () -> leave("b", shard(2, 2), true));

    assertThat(await(Duration.ofMinutes(1), runs)).hasSize(2);
    assertThat(said.toString()).contains("shard 2/2 is not complete");
  }

  @Test
  void takesAFileOnlyWhenAllOfItIsThere() throws Exception {
    leave("a", shard(1, 2), true);
    Path state = leave("b", shard(2, 2), true).resolve(StateFile.FILE_NAME);
    byte[] whole = Files.readAllBytes(state);
    Files.write(state, Arrays.copyOf(whole, whole.length - 4));
    events.put(3, () -> Files.write(state, whole));

    assertThat(await(Duration.ofMinutes(1), runs)).hasSize(2);
    assertThat(said.toString()).contains(state + " cannot be read");
  }

  @Test
  void givesUpAndSaysWhatIsMissing() throws Exception {
    leave("a", shard(1, 2), true);

    assertThatThrownBy(() -> await(Duration.ofMinutes(30), runs + "/*"))
        .isInstanceOf(MergeException.class)
        .hasMessage("Cannot merge: shard 2 of 2 is missing. Waited 30 min");
    assertThat(said.toString().lines()).hasSizeBetween(29, 31);
  }

  @Test
  void looksOnceWithoutATimeToWait() throws Exception {
    leave("a", shard(1, 2), true);

    assertThatThrownBy(() -> await(Duration.ZERO, runs))
        .hasMessage("Cannot merge: shard 2 of 2 is missing. --wait waits for what is missing");
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void refusesAtOnceWhatWillNeverFit() throws Exception {
    leave("a", shard(1, 2), true);
    leave("b", shard(1, 3), true);

    assertThatThrownBy(() -> await(Duration.ofMinutes(30), runs))
        .hasMessageContaining("b is shard 1/3");
    assertThat(said.toString()).isEmpty();
  }
}
