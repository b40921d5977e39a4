package dev.gatlingllm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.report.PageFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the commands work. Their results depend on the machine. */
class CommandsIT {

  @BeforeAll
  static void startFast() throws Exception {
    List<String> options = new ArrayList<>(ShortRun.OPTIONS);
    options.addAll(GatlingHost.archive());
    JavaProcess.giveAll(options);
  }

  @Test
  void placementHasATableAndAPageOfCharts(@TempDir Path folder) throws Exception {
    PlacementCommand.main(
        ("--streams 2 --warmup 0 --seconds 2 --reply-tokens 16 --placement shared --out " + folder)
            .split(" "));

    assertThat(Files.readAllLines(folder.resolve("placement.md")).get(2))
        .startsWith("| 2, cores shared ")
        .doesNotContain("–");
    assertThat(PageFile.data(folder.resolve("placement.html")).at("/rows/0/metrics")).hasSize(6);
  }

  @Test
  void serverSpeedReportsEveryStream() throws Exception {
    assertThat(ServerSpeedCommand.run(List.of("4", "20", "--step-base", "1ms")))
        .startsWith("4 streams of 20 tokens: ")
        .containsPattern("written after it was due, ms: median \\d")
        .containsPattern("arrived after it was due, ms: median \\d");
  }

  @Test
  void contextsReportsWhatARequestCosts() throws Exception {
    assertThat(
            ContextsCommand.with(
                    ("--pause 100 --users 2 --tokens 1000 --warmup 0 --seconds 6"
                            + " --bodies 16 --rounds 1")
                        .split(" "))
                .tables())
        .contains("| 1,000 tokens, 2 ", "| 16 KB ")
        .containsPattern("\\| +0 \\|\n");
  }

  @Test
  void requestsComparesClientsByTheirRequestsASecond() throws Exception {
    RequestsCommand command =
        RequestsCommand.with(
            "--users 2 --warmup 0 --seconds 1 --responses JSON --placement shared".split(" "));

    assertThat(command.table(command.placements().get(0), ShortResponse.JSON).toString())
        .containsPattern("(?m)^\\| plain Gatling http +\\| +[1-9][0-9,]* \\| +[0-9.]+ \\| +1 \\|")
        .containsPattern("(?m)^\\| tokenTimed +\\| +[1-9][0-9,]* \\|");
  }
}
