package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.report.runs.PreviousRun;
import dev.gatlingllm.report.runs.RunsIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviousRunTest {

  @TempDir private Path results;

  private Path run(String name, String simulation, String start) throws IOException {
    Path folder = results.resolve(name);
    Load.leave(folder, Load.responses(9), response -> true, false, true);
    TokensJson.write(KeptRun.in(folder).orElseThrow().report(), folder);
    Path file = folder.resolve(TokensJson.FILE_NAME);
    ObjectNode tokens = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    ((ObjectNode) tokens.get("run")).put("simulation", simulation).put("start", start);
    Files.writeString(file, tokens.toString());
    return folder;
  }

  @Test
  void isTheNewestEarlierRunOfTheSimulation() throws IOException {
    run("a-1", "a.Chat", "2026-01-01T01:00:00Z");
    run("a-2", "a.Chat", "2026-01-01T02:00:00Z");
    run("b-3", "b.Chat", "2026-01-01T03:00:00Z");
    Path last = run("a-4", "a.Chat", "2026-01-01T04:00:00Z");
    run("a-5", "a.Chat", "2026-01-01T05:00:00Z");
    RunsIndex.update(last);

    assertThat(PreviousRun.of(last).orElseThrow().get("folder").asText()).isEqualTo("a-2");
    assertThat(PreviousRun.of(results.resolve("a-1"))).isEmpty();
    assertThat(PreviousRun.of(results.resolve("b-3"))).isEmpty();
  }

  @Test
  void isTheSameShardOfTheLoad() throws IOException {
    shard(run("a-1", "a.Chat", "2026-01-01T01:00:00Z"), 1, 2);
    shard(run("a-2", "a.Chat", "2026-01-01T01:00:01Z"), 2, 2);
    shard(run("a-3", "a.Chat", "2026-01-01T02:00:00Z"), 1, 2);
    Path last = run("a-4", "a.Chat", "2026-01-01T03:00:00Z");
    RunsIndex.update(last);

    assertThat(PreviousRun.of(results.resolve("a-3")).orElseThrow().get("folder").asText())
        .isEqualTo("a-1");
    assertThat(PreviousRun.of(last)).isEmpty();
  }

  private static void shard(Path folder, int index, int count) throws IOException {
    Path file = folder.resolve(TokensJson.FILE_NAME);
    ObjectNode tokens = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    ((ObjectNode) tokens.at("/run/shard")).put("index", index).put("count", count);
    Files.writeString(file, tokens.toString());
  }

  @Test
  void isUnknownWithoutAListThatCanBeRead() throws IOException {
    Path only = run("a-1", "a.Chat", "2026-01-01T01:00:00Z");

    assertThat(PreviousRun.of(only)).isEmpty();
    Files.writeString(results.resolve("index.html"), HtmlPage.DATA_TAG + "{</script>");
    assertThatThrownBy(() -> PreviousRun.of(only)).isInstanceOf(IOException.class);
  }
}
