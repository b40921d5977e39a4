package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.samples.SharedPrefixChat;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.FeederColumns;
import dev.gatlingllm.workload.Shard;
import dev.gatlingllm.workload.SharedPrefixScripts;
import dev.gatlingllm.workload.SharedPrefixShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled simulation against the embedded server, in a process of its own. */
class SharedPrefixChatIT {

  /** A text so long that requests refer to it, outside of the heap. */
  private static final int SYSTEM_TOKENS = 4_096;

  @TempDir static Path results;
  private static Run run;

  @BeforeAll
  static void runOnce() throws IOException, InterruptedException {
    run = small(new GatlingFork(results)).run(SharedPrefixChat.class);
  }

  private static GatlingFork small(GatlingFork fork) {
    return fork.with("llm.users", 4)
        .with("llm.duration", "3s")
        .with("llm.warmup", "1s")
        .with("llm.groups", 2)
        .with("llm.systemPromptTokens", SYSTEM_TOKENS)
        .with("llm.privateContextTokens", 0)
        .with("llm.questionTokens", "uniform(8,24)")
        .with("llm.outputTokens", 12)
        .with("llm.turns", "uniform(2,4)")
        .with("llm.seed", 5);
  }

  private static final SharedPrefixShape SHAPE =
      LlmSettings.defaults()
          .with(Setting.GROUPS, 2)
          .with(Setting.SYSTEM_PROMPT_TOKENS, Distribution.constant(SYSTEM_TOKENS))
          .with(Setting.QUESTION_TOKENS, Distribution.uniform(8, 24))
          .with(Setting.OUTPUT_TOKENS, Distribution.constant(12))
          .with(Setting.TURNS, Distribution.uniform(2, 4))
          .with(Setting.SEED, 5L)
          .sharedPrefixShape();

  @Test
  void allResponsesSucceedAndGatlingCountsThem() throws IOException {
    assertThat(run.exit()).as(run.output()).isZero();
    List<JsonNode> requests = run.requests();

    assertThat(requests).isNotEmpty().allMatch(r -> r.get("status").asText().equals("OK"));
    assertThat(run.output()).containsPattern("> request count +\\| +" + requests.size() + " ");
  }

  @Test
  void promptTokensAreTheArithmeticOfTheConversation() throws IOException {
    promptTokensAreTheArithmeticOfTheConversation(run);
  }

  /** The users beyond the cap end without an error. */
  @ParameterizedTest
  @CsvSource({"completions, messages", "messages, messages", "responses, server"})
  void otherApisHaveTheSameArithmeticAndConversationsMayBeCapped(
      String api, String history, @TempDir Path folder) throws IOException, InterruptedException {
    Run capped =
        small(new GatlingFork(folder))
            .with("llm.api", api)
            .with("llm.history", history)
            .with("llm.maxConversations", 5)
            .run(SharedPrefixChat.class);

    promptTokensAreTheArithmeticOfTheConversation(capped);
    assertThat(capped.tokens().at("/run/durationSeconds").asDouble())
        .as("the load ended before its window of 3 s")
        .isLessThan(3)
        .as("the server's figures end with the load")
        .isCloseTo(capped.tokens().at("/server/toSecond").asDouble(), within(0.001));
    assertThat(capped.requests())
        .extracting(request -> request.get("conversation").asText())
        .containsOnly(
            "conversation-0",
            "conversation-1",
            "conversation-2",
            "conversation-3",
            "conversation-4");
  }

  @Test
  void conversationsEndWithAFullContextThatOnlyWeCount(@TempDir Path folder) throws Exception {
    try (SimulatedServer server =
        SimulatedServer.start(
            s ->
                s.tokenizer(GatlingFork.TOKENIZER)
                    .engine(EngineProfile.FAST)
                    .usage(UsageReport.NONE))) {
      Run full =
          small(new GatlingFork(folder))
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.turns", 50)
              .with("llm.contextPolicy", "stop")
              .with("llm.maxModelTokens", SYSTEM_TOKENS + 100)
              .run(SharedPrefixChat.class);

      assertThat(full.exit()).as(full.output()).isZero();
      assertThat(full.tokens().at("/conversations/completed").asInt()).isPositive();
    }
  }

  private static void promptTokensAreTheArithmeticOfTheConversation(Run apiRun) throws IOException {
    SharedPrefixScripts scripts =
        new SharedPrefixScripts(
            SHAPE,
            ExactText.of(GatlingFork.TOKENIZER),
            new FeederColumns(Map.of(), 0, text -> new int[0]),
            Shard.WHOLE);
    Map<Long, Integer> said = new HashMap<>();

    assertThat(apiRun.exit()).as(apiRun.output()).isZero();
    assertThat(apiRun.requests()).hasSizeGreaterThan(8);
    for (JsonNode request : apiRun.requests()) {
      long user = request.get("user").asLong();
      ConversationScript script = scripts.find(user - 1).orElseThrow();
      int question = script.question(request.get("turn").asInt()).passage().tokens();
      int prompt = SYSTEM_TOKENS + said.getOrDefault(user, 0) + question;

      assertThat(request.get("conversation").asText()).isEqualTo(script.id());
      assertThat(request.get("group").asInt()).isEqualTo(script.group());
      assertThat(request.get("inputTokens").asInt()).as("%s", request).isEqualTo(prompt);
      assertThat(request.get("inputTokensExpected").asInt()).isEqualTo(prompt);
      assertThat(request.get("outputTokens").asInt()).isEqualTo(12);
      said.merge(user, question + 12, Integer::sum);
    }
  }

  @Test
  void tokensJsonAgreesWithRequestsJsonl() throws IOException {
    JsonNode tokens = run.tokens();
    List<JsonNode> measured =
        run.requests().stream().filter(r -> r.get("iteration").asText().equals("1")).toList();

    assertThat(tokens.get("schema").asText()).isEqualTo("gatling-llm/1");
    assertThat(tokens.get("totals").get("requests").asInt()).isEqualTo(measured.size());
    assertThat(tokens.get("totals").get("ko").asInt()).isZero();
    assertThat(tokens.get("totals").get("inputTokens").asInt())
        .isEqualTo(sum(measured, "inputTokens"));
    assertThat(tokens.get("totals").get("cachedTokens").asInt())
        .isEqualTo(sum(measured, "cachedTokens"))
        .isPositive();
    assertThat(tokens.get("metrics").get("e2e").get("count").asInt())
        .as("without those written in the warm-up")
        .isPositive()
        .isEqualTo(measured.size() - tokens.get("totals").get("writtenInWarmUp").asInt());
    assertThat(tokens.get("metrics").get("tokenizerDifference").get("max").asInt()).isZero();
    assertThat(tokens.get("byTurn").has("1")).isTrue();
    assertThat(tokens.get("byRequest").has("turn")).isTrue();
    assertThat(tokens.get("byGroup").size()).isEqualTo(2);
    assertThat(tokens.get("run").get("seed").asInt()).isEqualTo(5);
    assertThat(tokens.get("run").get("tokenizer").asText()).isEqualTo(GatlingFork.TOKENIZER.name());
    assertThat(tokens.get("run").get("simulation").asText())
        .isEqualTo("dev.gatlingllm.samples.SharedPrefixChat");
    assertThat(tokens.get("run").get("id").asText())
        .isEqualTo(run.folder().getFileName().toString());
    assertThat(tokens.get("run").get("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  private static int sum(List<JsonNode> requests, String field) {
    return requests.stream().mapToInt(request -> request.get(field).asInt()).sum();
  }

  @Test
  void reportHasATokensTabOnTheIndexAndOnRequestPages() throws IOException {
    assertThat(run.page("index.html")).contains("llm-data", "ttft");
    assertThat(run.texts().keySet().stream().filter(name -> name.startsWith("req_turn")))
        .singleElement()
        .satisfies(name -> assertThat(run.page(name)).contains("llm-data", "ttft"));
  }

  @Test
  void consoleEndsWithTheHeadlineFigures() {
    assertThat(run.output()).contains("> TTFT", "> output tokens/s", "> cache hit");
  }

  @Test
  void filesContainNoLocalPaths() throws IOException {
    String home = System.getProperty("user.dir");

    assertThat(run.tokens().toString()).doesNotContain(home, results.toString());
    assertThat(run.page("index.html")).doesNotContain(home, results.toString());
  }

  @Test
  void agedConversationsWithCommonAndPrivateTextSendExactlyWhatIsExpected(@TempDir Path folder)
      throws IOException, InterruptedException {
    Run aged =
        small(new GatlingFork(folder))
            .with("llm.rampedAges", true)
            .with("llm.commonPrefixTokens", 32)
            .with("llm.privateContextTokens", 16)
            .with("llm.groupWeights", "zipf(1)")
            .run(SharedPrefixChat.class);

    assertThat(aged.exit()).as(aged.output()).isZero();
    assertThat(aged.requests())
        .allMatch(r -> r.get("status").asText().equals("OK"))
        .allMatch(r -> r.get("inputTokens").asInt() == r.get("inputTokensExpected").asInt())
        .allMatch(r -> r.get("inputTokens").asInt() > 32 + 128 + 16);
    assertThat(aged.requests())
        .filteredOn(request -> request.get("user").asInt() == 1)
        .extracting(request -> request.get("turn").asInt())
        .isNotEmpty()
        .doesNotContain(1);
  }
}
