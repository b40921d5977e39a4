package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import contract.OwnRequests;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.*;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Fork;

/** Every sample runs and shows what it is about. */
@Order(7)
class SamplesIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path results;

  @BeforeAll
  static void runAll(@TempDir Path fork) throws Exception {
    Run run =
        new GatlingFork(fork)
            .with("llm.gpus", 2)
            .with("llm.costPerHour", 36)
            .with("llm.benchmark", "-p users=2 -wi 0 -i 2 -r 1s")
            .runMain(SampleRuns.class, results.toString());
    assertThat(run.exit()).as(run.output()).isZero();
    Path shards = Files.createDirectory(results.resolve(Sample11Shards.class.getSimpleName()));
    Run shard = new GatlingFork(shards).with("llm.shard", "2/2").run(Sample11Shards.class);
    assertThat(shard.exit()).as(shard.output()).isZero();
  }

  static Stream<Class<? extends Simulation>> samples() {
    return Stream.concat(SampleRuns.SAMPLES.stream(), Stream.of(Sample11Shards.class));
  }

  private static Path folder(Class<?> sample) throws IOException {
    try (Stream<Path> folders = Files.list(results.resolve(sample.getSimpleName()))) {
      return folders.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static JsonNode tokens(Class<?> sample) throws IOException {
    return JSON.readTree(folder(sample).resolve("tokens.json").toFile());
  }

  private static List<JsonNode> requests(Class<?> sample) throws IOException {
    List<JsonNode> requests = new ArrayList<>();
    for (String line : Files.readAllLines(folder(sample).resolve("requests.jsonl"))) {
      requests.add(JSON.readTree(line));
    }
    return requests;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void hasAReportWithATokensTab(Class<?> sample) throws IOException {
    assertThat(folder(sample).resolve("index.html")).content().contains("llm-data");
    assertThat(requests(sample)).isNotEmpty();
    if (sample != Sample07FailuresAndRetries.class) {
      assertThat(requests(sample)).allMatch(r -> r.get("status").asText().equals("OK"));
    }
  }

  @Test
  void benchmarksHaveIterations() throws IOException {
    assertThat(tokens(Sample12Benchmark.class).get("byIteration").size()).isEqualTo(2);
    assertThat(Sample12Benchmark.class.getAnnotation(Fork.class).value())
        .as("forks that a comparison needs")
        .isGreaterThanOrEqualTo(3);
    assertThat(tokens(Sample13Search.class).get("byIteration").size()).isEqualTo(2);
  }

  @Test
  void prefixesComeFromTheCache() throws IOException {
    assertThat(tokens(Sample03SharedPrefix.class).at("/totals/cacheHitPercent").asDouble())
        .isGreaterThan(20);
  }

  @Test
  void usersWithAndWithoutAPinnedStepArriveOnce() throws IOException {
    // 8 with it and 8 without, of whom some come in the warm-up
    assertThat(tokens(Sample03SharedPrefix.class).at("/arrivals/users").asInt()).isBetween(9, 16);
  }

  @Test
  void onlyTheSampleOfGoodputHasObjectives() throws IOException {
    assertThat(tokens(Sample05Goodput.class).at("/totals/goodput/objectives").size()).isEqualTo(2);
    assertThat(tokens(Sample06ContextWindow.class).at("/totals/goodput").isNull()).isTrue();
  }

  @Test
  void costFollowsFromTheSettings() throws IOException {
    JsonNode totals = tokens(Sample05Goodput.class).get("totals");
    double perSecond = totals.get("outputTokensPerSecond").asDouble();

    assertThat(totals.get("outputTokensPerSecondPerGpu").asDouble())
        .isCloseTo(perSecond / 2, within(0.01));
    // a hundredth per second
    assertThat(totals.get("costPerMillionOutputTokens").asDouble())
        .isCloseTo(1e4 / perSecond, withinPercentage(1));
    assertThat(totals.get("costPerThousandGoodRequests").asDouble())
        .isCloseTo(10 / totals.at("/goodput/perSecond").asDouble(), withinPercentage(1));
  }

  @Test
  void turnsAreDroppedWhereTheContextWindowIsFull() throws IOException {
    assertThat(requests(Sample06ContextWindow.class))
        .anyMatch(r -> r.get("droppedTokens").asInt() > 0)
        .allMatch(r -> r.get("inputTokens").asInt() <= 320 - 16);
  }

  @Test
  void failedTurnsAreSentAgain() throws IOException {
    assertThat(requests(Sample07FailuresAndRetries.class))
        .extracting(r -> r.get("failure").asText("") + r.get("attempt").asInt())
        .contains("1", "2", "http 503 overloaded_error1");
  }

  @Test
  void replayedQuestionsAreThoseOfTheFile() throws IOException {
    assertThat(requests(Sample09Replay.class))
        .allMatch(r -> r.get("inputTokens").equals(r.get("inputTokensExpected")));
  }

  @Test
  void agentsSendResultsOfToolsInPromptsOfTheLengthAskedFor() throws IOException {
    List<JsonNode> requests = requests(Sample15Agents.class);
    JsonNode conversations = tokens(Sample15Agents.class).get("conversations");

    assertThat(requests)
        .allMatch(r -> r.get("inputTokens").equals(r.get("inputTokensExpected")))
        .filteredOn(r -> r.path("afterTools").asBoolean())
        .hasSizeBetween(4 * 2, 4 * 2 * 3)
        .allMatch(r -> r.get("reusableTokens").asInt() >= 800 + 256);
    assertThat(conversations.get("completed").asInt()).isEqualTo(4);
    assertThat(conversations.at("/turns/mean").asDouble()).isEqualTo(requests.size() / 4.0);
    assertThat(conversations.at("/toolTime/min").asDouble()).isPositive();
    assertThat(conversations.at("/thinkTime/min").asDouble()).isGreaterThanOrEqualTo(50);
    assertThat(conversations.at("/duration/mean").asDouble())
        .isCloseTo(
            conversations.at("/modelTime/mean").asDouble()
                + conversations.at("/toolTime/mean").asDouble()
                + conversations.at("/thinkTime/mean").asDouble(),
            within(0.1));
  }

  @Test
  void reportNamesTheModelsAndTellsThemApart() throws IOException {
    JsonNode tokens = tokens(Sample10SeveralModels.class);

    assertThat(tokens.at("/run/model").asText()).contains("base=3", "support-lora=1");
    assertThat(tokens.get("byModel").fieldNames())
        .toIterable()
        .containsExactly("base", "support-lora");
  }

  @ParameterizedTest
  @ValueSource(classes = {ShopAssistant.class, OwnRequests.class})
  void requestsOfTheUsersOwnCarryTheConversation(Class<?> sample) throws IOException {
    assertThat(requests(sample))
        .allMatch(r -> r.get("inputTokens").equals(r.get("inputTokensExpected")))
        .filteredOn(r -> r.get("turn").asInt() > 1)
        .hasSize(2 * requests(sample).size() / 3)
        .allMatch(r -> r.get("reusableTokens").asInt() > 0 && r.get("messages").asInt() > 2);
  }

  @Test
  void embeddingsHaveInputAndNoOutput() throws IOException {
    JsonNode tokens = tokens(Sample16EmbeddingsAndRerank.class);

    assertThat(requests(Sample16EmbeddingsAndRerank.class))
        .hasSize(20)
        .allMatch(r -> r.get("inputTokens").asInt() > 0 && r.get("outputTokens").asInt() == 0);
    assertThat(tokens.at("/metrics/ttft").isNull()).isTrue();
    assertThat(tokens.at("/run/model").isNull()).as("the requests' bodies name it").isTrue();
    assertThat(tokens.get("notes").findValuesAsText("kind"))
        .doesNotContain("usage-not-reported", "finish-reason-missing", "not-streamed");
  }

  @Test
  void shardTakesEverySecondConversation() throws IOException {
    assertThat(requests(Sample11Shards.class))
        .extracting(r -> r.get("conversation").asText())
        .allMatch(id -> id.matches("conversation-\\d*[13579]"));
  }
}
