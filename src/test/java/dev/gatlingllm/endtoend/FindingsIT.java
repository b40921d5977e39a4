package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import dev.gatlingllm.server.Dialect;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers and gateways that make figures wrong or empty are named. */
class FindingsIT {

  @TempDir Path results;

  private Run runAgainst(ServerSettings settings) throws Exception {
    return runAgainst(settings, new GatlingFork(results));
  }

  private static Run runAgainst(ServerSettings settings, GatlingFork fork) throws Exception {
    try (SimulatedServer server = SimulatedServer.start(settings)) {
      Run run =
          fork.with("llm.baseUrl", server.baseUrl())
              .with("llm.users", 4)
              .with("llm.warmup", "1s")
              .with("llm.duration", "4s")
              .with("llm.systemPromptTokens", 8)
              .with("llm.outputTokens", 16)
              .with("llm.turns", 3)
              .with("llm.images", 1)
              .with("llm.imageSize", "64x64")
              .with("llm.imageTokens", 256)
              .run(SharedPrefixChat.class);
      assertThat(run.exit()).as(run.output()).isZero();
      return run;
    }
  }

  private static List<String> kinds(Run run) throws Exception {
    return run.tokens().get("notes").findValuesAsText("kind");
  }

  @Test
  void namesAGatewayThatBunchesAndAServerWithoutUsageThatRepeatsItself() throws Exception {
    Run run =
        runAgainst(
            ServerSettings.builder()
                .tokenizer(GatlingFork.TOKENIZER)
                .faults("buffer=1;for=60ms")
                .usage(UsageReport.NONE)
                .dialect(Dialect.DASHSCOPE)
                .build());

    assertThat(kinds(run))
        .contains("stream-bunched", "usage-not-reported", "deltas-cumulative")
        .doesNotContain("cached-tokens-not-reported", "failures");
    // the console wraps the texts of findings
    assertThat(run.output().replaceAll("\\s+", " "))
        .contains(
            "> input tokens (counted by the client) ", "option http-no-delay", "no usage with");
  }

  @Test
  void boundsTheHitRateOfAServerThatLeavesOutZerosAndDoesNotBelieveZeroUsage() throws Exception {
    Run run =
        runAgainst(
            ServerSettings.builder()
                .tokenizer(GatlingFork.TOKENIZER)
                .faults("no-finish=1")
                .usage(UsageReport.ZERO)
                .reportZeroCachedTokens(false)
                .build());
    List<JsonNode> measured =
        run.requests().stream()
            .filter(request -> request.get("iteration").asText().equals("1"))
            .toList();
    double input = sum(measured, "inputTokens");
    List<JsonNode> reported =
        measured.stream().filter(request -> !request.get("cachedTokens").isNull()).toList();
    JsonNode totals = run.tokens().get("totals");

    assertThat(kinds(run))
        .contains("usage-zero", "finish-reason-missing", "cached-tokens-partly-reported");
    assertThat(reported).hasSizeLessThan(measured.size());
    assertThat(totals.get("cacheHitPercent").asDouble())
        .isCloseTo(100 * sum(reported, "cachedTokens") / input, within(0.01));
    assertThat(totals.get("cacheHitPercentUpper").asDouble())
        .isCloseTo(
            100 * sum(reported, "cachedTokens") / sum(reported, "inputTokens"), within(0.01));
    assertThat(measured)
        .allMatch(request -> request.get("outputTokens").asInt() == 16)
        .allMatch(request -> request.get("images").asInt() == 1)
        .allMatch(request -> request.get("inputTokens").equals(request.get("inputTokensExpected")));
    assertThat(run.tokens().at("/metrics/imageTokens/min").asInt()).isEqualTo(256);
    assertThat(run.tokens().at("/metrics/imageTokens/max").asInt()).isEqualTo(256);
  }

  private static double sum(List<JsonNode> requests, String field) {
    return requests.stream().mapToDouble(request -> request.get(field).asDouble()).sum();
  }

  @Test
  void namesAServerThatDoesNotStreamAndCutsJsonAndReadsTheCacheOfLlamaCpp() throws Exception {
    // the value is drawn: a number fits the length of responses, the text does not
    String form = "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,\"%s\"]}}}";
    Path schema =
        Files.writeString(results.resolve("schema.json"), form.formatted("many words ".repeat(20)));
    Run run =
        runAgainst(
            ServerSettings.builder()
                .tokenizer(GatlingFork.TOKENIZER)
                .faults("whole=1")
                .dialect(Dialect.LLAMA_CPP)
                .build(),
            new GatlingFork(results).with("llm.jsonSchema", schema));

    assertThat(kinds(run))
        .contains("not-streamed", "json-invalid")
        .doesNotContain("cached-tokens-not-reported");
    assertThat(run.tokens().at("/totals/cacheHitPercent").asDouble()).isPositive();
    assertThat(run.tokens().at("/metrics/tpot").isNull()).isTrue();
    assertThat(run.requests())
        .filteredOn(request -> request.has("validJson"))
        .extracting(r -> r.get("finishReason").asText() + " " + r.get("validJson").asText())
        .contains("stop true", "length false")
        .isSubsetOf("stop true", "length false");
  }
}
