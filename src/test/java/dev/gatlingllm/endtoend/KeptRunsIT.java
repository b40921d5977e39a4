package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.cli.Main;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.report.SideBySide;
import dev.gatlingllm.report.runs.MergeCommand;
import dev.gatlingllm.samples.SharedPrefixChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real runs leave, made into reports again in other processes. */
class KeptRunsIT {

  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"llm-data\">(.*?)</script>");

  @TempDir static Path work;

  private static Run one;
  private static Run other;

  @BeforeAll
  static void runSideBySide() throws IOException {
    CompletableFuture<Run> first = CompletableFuture.supplyAsync(() -> shard(1));
    CompletableFuture<Run> second = CompletableFuture.supplyAsync(() -> shard(2));
    one = first.join();
    other = second.join();
    SideBySide.setStart(other.folder(), one.folder());
  }

  private static Run shard(int shard) {
    try {
      Path results = Files.createDirectories(work.resolve("shard " + shard));
      GatlingFork fork = small(results);
      if (shard == 1) {
        fork.with("llm.shard", "1/2");
      } else {
        // as in a pod of a Kubernetes Job
        fork.withEnvironment("LLM_SHARD", "auto")
            .withEnvironment("JOB_COMPLETION_INDEX", "1")
            .withEnvironment("LLM_SHARDS", "2");
      }
      Run run = fork.run(AssertedChat.class);
      assertThat(run.exit()).as(run.output()).isZero();
      return run;
    } catch (IOException | InterruptedException problem) {
      throw new AssertionError(problem);
    }
  }

  private static GatlingFork small(Path results) {
    return new GatlingFork(results)
        .with("llm.users", 3)
        .with("llm.warmup", "1s")
        .with("llm.duration", "3s")
        .with("llm.outputTokens", 12)
        .with("llm.goodput", "ttft<60ms")
        .with("gatling.data.enableAnalytics", false);
  }

  private static JsonNode tab(Path page) throws IOException {
    Matcher data = DATA.matcher(Files.readString(page));
    assertThat(data.find()).as("there is a Tokens tab in %s", page).isTrue();
    return new ObjectMapper().readTree(data.group(1));
  }

  private static JsonNode tokens(Path folder) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("tokens.json").toFile());
  }

  private static int merge(Path into, Path... runs) {
    List<String> arguments = new ArrayList<>(Stream.of(runs).map(Path::toString).toList());
    arguments.addAll(List.of("--into", into.toString()));
    return Main.of(new MergeCommand()).execute(arguments.toArray(String[]::new));
  }

  @Test
  void writesTheReportOfARunAgain() throws Exception {
    Path page = one.folder().resolve("index.html");
    JsonNode written = tab(page);
    Files.delete(page);

    Run again = new GatlingFork(one.folder().getParent()).reportOnly(one.folder());

    assertThat(again.exit()).as(again.output()).isZero();
    // Gatling's own percentiles are estimates, which may come out otherwise by a millisecond
    assertThat(tab(page)).isEqualTo(written);
    assertThat(tab(page).at("/totals/requests")).isEqualTo(one.tokens().at("/totals/requests"));
  }

  @Test
  void mergesTwoLoadGenerators() throws Exception {
    Path merged = work.resolve("merged");
    assertThat(merge(merged, one.folder(), other.folder())).as("an assertion fails").isEqualTo(2);

    JsonNode tokens = tokens(merged);
    for (String count : List.of("requests", "ok", "conversations", "inputTokens", "cachedTokens")) {
      assertThat(tokens.get("totals").get(count).asLong())
          .as(count)
          .isEqualTo(total(one, count) + total(other, count));
    }
    assertThat(tokens.at("/metrics/icl/count").asLong())
        .isEqualTo(
            one.tokens().at("/metrics/icl/count").asLong()
                + other.tokens().at("/metrics/icl/count").asLong());
    assertThat(one.tokens().at("/run/shard"))
        .hasToString("{\"index\":1,\"count\":2,\"source\":\"llm.shard\"}");
    assertThat(other.tokens().at("/run/shard/source").asText())
        .isEqualTo("JOB_COMPLETION_INDEX=1, LLM_SHARDS=2");
    assertThat(other.output())
        .contains("gatling-llm: shard 2/2 (JOB_COMPLETION_INDEX=1, LLM_SHARDS=2)");
    assertThat(tokens.at("/run/shard").isNull()).isTrue();
    assertThat(tab(merged.resolve("index.html")).get("totals")).isEqualTo(tokens.get("totals"));
    assertThat(Files.readAllLines(merged.resolve("requests.jsonl")))
        .hasSize(one.requests().size() + other.requests().size());
  }

  @Test
  void leavesAssertionsToTheMerge() throws Exception {
    assertThat(one.output())
        .contains("2 assertions on token figures not judged here: the merge of the 2 shards judges")
        .containsPattern("output tokens max is less than 1 .* \\(judged by the merge .* : true");
    assertThat(one.texts().get("assertions.xml"))
        .contains("failures=\"0\" errors=\"0\" skipped=\"2\"")
        .contains("<skipped message=\"judged by the merge of the 2 shards\">");

    Path judged = work.resolve("judged");
    merge(judged, one.folder(), other.folder());

    assertThat(judged.resolve("assertions.xml"))
        .content()
        .contains("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"0\"")
        .contains("name=\"output tokens/s is greater than 0 tokens/s\"></testcase>")
        .contains(
            "name=\"output tokens max is less than 1 tokens\"><failure message=\"it is 12 tok")
        .contains(one.folder().getFileName() + ": Global: count of failed events is 0.0");
    assertThat(tokens(judged).at("/verdict/text").asText())
        .startsWith("1 assertion failed: output");
  }

  private static long total(Run run, String count) throws IOException {
    return run.tokens().get("totals").get(count).asLong();
  }

  @Test
  void recoversAKilledRun() throws Exception {
    Path results = Files.createDirectory(work.resolve("killed"));
    Path folder =
        small(results)
            .with("llm.duration", "60s")
            .with("llm.costPerHour", "7.5")
            .kill(SharedPrefixChat.class, 30);
    assertThat(folder.resolve("tokens.json")).doesNotExist();

    Path recovered = results.resolve("recovered");
    assertThat(merge(recovered, folder)).isZero();

    JsonNode tokens = tokens(recovered);
    assertThat(tokens.at("/run/model").asText()).isEqualTo("simulated");
    assertThat(tokens.at("/metrics/ttft/count").asInt()).isPositive();
    assertThat(tokens.at("/metrics/icl").isNull()).isTrue();
    assertThat(tokens.at("/totals/costPerMillionOutputTokens").asDouble()).isPositive();
    assertThat(tokens.at("/notes/0/text").asText()).contains("cut off before its end");
    assertThat(Files.readString(results.resolve("index.html"))).contains("incomplete", "recovered");
  }

  @Test
  void listsEveryRunInItsResultsFolder() throws IOException {
    assertThat(Files.readString(one.folder().getParent().resolve("index.html")))
        .contains(one.folder().getFileName().toString(), "AssertedChat");
  }
}
