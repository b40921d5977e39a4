package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulations and the processes in which they run. */
class OneProcessIT {

  @TempDir Path work;

  private static Path only(Path results) throws IOException {
    try (Stream<Path> folders = Files.list(results)) {
      return folders.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static void agreesWithItsRequests(Path folder) throws IOException {
    JsonNode tokens = new ObjectMapper().readTree(folder.resolve("tokens.json").toFile());
    long requests;
    try (Stream<String> lines = Files.lines(folder.resolve("requests.jsonl"))) {
      requests = lines.filter(line -> line.contains("\"iteration\":1")).count();
    }
    assertThat(tokens.at("/run/id").asText()).isEqualTo(folder.getFileName().toString());
    assertThat(tokens.at("/totals/requests").asLong()).isPositive().isEqualTo(requests);
    assertThat(folder.resolve("index.html")).content().contains("llm-data");
  }

  private GatlingFork fork(String duration) {
    return new GatlingFork(work)
        .with("llm.users", 2)
        .with("llm.warmup", "0s")
        .with("llm.duration", duration)
        .with("llm.outputTokens", 8)
        .with("gatling.data.enableAnalytics", false);
  }

  @Test
  void keepsTwoSimulationsOneAfterTheOtherApart() throws Exception {
    Path first = Files.createDirectory(work.resolve("first"));
    Path second = Files.createDirectory(work.resolve("second"));

    Run run = fork("2s").runMain(TwoSimulations.class, first.toString(), second.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    agreesWithItsRequests(only(first));
    agreesWithItsRequests(only(second));
    assertThat(run.output().split("Tokens tab: ", -1)).as(run.output()).hasSize(3);
  }

  @Test
  void writesItsFilesBeforeTheProcessEnds() throws Exception {
    Path results = Files.createDirectory(work.resolve("results"));

    Run run = fork("1s").runMain(TwoSimulations.class, results.toString());

    assertThat(run.output()).containsPattern("Gatling is done: .* tokens.json");
  }

  @Test
  void leavesItsFiguresWhenItIsTerminated() throws Exception {
    Run run = fork("60s").terminate(SharedPrefixChat.class, 5);

    assertThat(run.tokens().at("/totals/requests").asLong()).isGreaterThanOrEqualTo(5);
    assertThat(run.output()).contains("Files of this run: ");
  }
}
