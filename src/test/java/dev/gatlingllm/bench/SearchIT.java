package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.benchmarks.GatlingHost;
import dev.gatlingllm.benchmarks.ShortRun;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search in forks, against a server whose limit is known. */
class SearchIT {

  /**
   * One sequence runs at a time, for 16 steps of 30 ms: alone a user waits for one step, and with
   * another one for a whole response more.
   */
  private static final ServerSettings ONE_AT_A_TIME =
      ServerSettings.builder()
          .tokenizer(Tokenizers.resolve("r50k_base"))
          .engine(
              EngineProfile.PLEASANT.settings().toBuilder()
                  .maxNumSeqs(1)
                  .stepBase(Duration.ofMillis(30))
                  .build())
          .build();

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void findsLimitOfServer() throws Exception {
    Path results = folder.resolve("jmh.json");
    int status;
    try (SimulatedServer server = SimulatedServer.start(ONE_AT_A_TIME)) {
      PrintWriter console = new PrintWriter(out, true, StandardCharsets.UTF_8);
      status =
          Main.of(new BenchCommand())
              .setOut(console)
              .setErr(console)
              .execute(
                  "Sample13Search",
                  "-search",
                  "users=1..8",
                  "-objective",
                  "ttft p50 < 300ms",
                  "-f",
                  "1",
                  "-wi",
                  "1",
                  "-w",
                  "1500ms",
                  "-i",
                  "3",
                  "-r",
                  "2s",
                  "-rff",
                  results.toString(),
                  "-reports",
                  folder.resolve("reports").toString(),
                  "-jvmArgs",
                  "-Xmx256m "
                      + String.join(" ", ShortRun.OPTIONS)
                      + " "
                      + String.join(" ", GatlingHost.archive())
                      + " -Dllm.tokenizer=r50k_base -Dllm.baseUrl="
                      + server.baseUrl(),
                  "-Dgatling.charting.noReports=true");
    }

    String printed = out.toString(StandardCharsets.UTF_8);
    assertThat(status).as(printed).isZero();
    assertThat(printed)
        .as("a line for each step, and none of its forks")
        .contains("# Benchmark: ", "Search users=1: ", "Search users=2: ")
        .doesNotContain("# Fork: ", "Iteration   1", "Result \"");
    JsonNode search = new ObjectMapper().readTree(folder.resolve("jmh-search.json").toFile());
    assertThat(search.get("limit").asDouble()).as(printed).isEqualTo(1);
    assertThat(search.get("next").asDouble()).isEqualTo(2);
    assertThat(folder.resolve("jmh-search.html"))
        .content()
        .containsPattern("1\\d* users? met every objective");
    assertThat(folder.resolve("jmh.html")).content().contains("Llm.matrixPage()", "\"users\"");
    assertThat(new ObjectMapper().readTree(results.toFile())).hasSize(2);
  }
}
