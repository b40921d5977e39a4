package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Later prompts are as long as we say, whatever part of a response is sent again. */
class HistoryIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, UnaryOperator<ServerSettings.Builder>> SERVERS =
      new LinkedHashMap<>();

  static {
    SERVERS.put("reasoning of 7 tokens", s -> s.reasoningTokens(Distribution.constant(7)));
    SERVERS.put("nothing but reasoning", s -> s.reasoningTokens(Distribution.constant(16)));
    SERVERS.put(
        "hidden reasoning",
        s -> s.reasoningTokens(Distribution.constant(7)).reasoningField(ReasoningField.NONE));
    SERVERS.put(
        "reasoning without usage",
        s -> s.reasoningTokens(Distribution.constant(7)).usage(UsageReport.NONE));
    SERVERS.put(
        "a counted end of the sequence",
        s -> s.countEndOfSequence(true).replyTokens(Distribution.constant(9)));
  }

  private static final Map<String, SimulatedServer> STARTED = new LinkedHashMap<>();

  @TempDir static Path results;
  private static Run run;

  @BeforeAll
  static void runAgainstAll() throws Exception {
    SERVERS.forEach(
        (name, settings) ->
            STARTED.put(
                name,
                SimulatedServer.start(
                    s ->
                        settings.apply(
                            s.tokenizer(GatlingFork.TOKENIZER).engine(EngineProfile.FAST)))));
    List<String> urls = STARTED.values().stream().map(SimulatedServer::baseUrl).toList();
    run =
        new GatlingFork(results)
            .with("llm.baseUrl", urls.get(0))
            .with("servers", String.join(",", urls))
            .with("llm.ignoreEos", false)
            .run(ReasoningAndTools.class);
    assertThat(run.exit()).as(run.output()).isZero();
  }

  @AfterAll
  static void stop() {
    STARTED.values().forEach(SimulatedServer::close);
  }

  static Set<String> servers() {
    return SERVERS.keySet();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void promptsAreAsLongAsExpected(String server) throws Exception {
    String number = " " + List.copyOf(STARTED.keySet()).indexOf(server);
    List<JsonNode> requests =
        run.requests().stream()
            .filter(request -> request.get("scenario").asText().endsWith(number))
            .toList();

    assertThat(requests).hasSize(8 * 3 + 8).allMatch(r -> r.get("status").asText().equals("OK"));
    int definitions =
        GatlingFork.TOKENIZER.count(JSON.readTree(ReasoningAndTools.TOOLS).toString());
    for (JsonNode request : requests) {
      RequestTruth truth =
          STARTED.get(server).truth(request.get("responseId").asText()).orElseThrow();
      assertThat(request.get("inputTokensExpected").asInt())
          .as("%s", request)
          // definitions of tools that a turn adds are not known to the workload
          .isEqualTo(
              truth.tokens().input()
                  - (request.get("request").asText().equals("call") ? definitions : 0));
      boolean hasText =
          request.get("request").asText().equals("answer") && !request.get("ttfoMillis").isNull();
      assertThat(request.path("oddities").toString().contains("noText")).isNotEqualTo(hasText);
    }
  }

  @Test
  void responsesWithoutTextAreAFinding() throws Exception {
    assertThat(run.tokens().get("notes").findValuesAsText("kind")).contains("no-text");
  }
}
