package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.ServerSettings.ReasoningField;
import dev.gatlingllm.server.ServerSettings.UsageReport;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Later prompts are as long as we say, whatever part of a response is sent again. */
class HistoryIT {

  static Stream<Named<UnaryOperator<ServerSettings.Builder>>> servers() {
    return Stream.of(
        Named.of("reasoning of 7 tokens", s -> s.reasoningTokens(Distribution.constant(7))),
        Named.of("nothing but reasoning", s -> s.reasoningTokens(Distribution.constant(16))),
        Named.of(
            "hidden reasoning",
            s -> s.reasoningTokens(Distribution.constant(7)).reasoningField(ReasoningField.NONE)),
        Named.of(
            "reasoning without usage",
            s -> s.reasoningTokens(Distribution.constant(7)).usage(UsageReport.NONE)),
        Named.of(
            "a counted end of the sequence",
            s -> s.countEndOfSequence(true).replyTokens(Distribution.constant(9))));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void promptsAreAsLongAsExpected(
      UnaryOperator<ServerSettings.Builder> settings, @TempDir Path results) throws Exception {
    try (SimulatedServer server =
        SimulatedServer.start(s -> settings.apply(s.engine(EngineProfile.FAST)))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.ignoreEos", false)
              .run(ReasoningAndTools.class);

      assertThat(run.exit()).as(run.output()).isZero();
      List<JsonNode> requests = run.requests();
      assertThat(requests).hasSize(8 * 3 + 8).allMatch(r -> r.get("status").asText().equals("OK"));
      for (JsonNode request : requests) {
        RequestTruth truth = server.truth(request.get("responseId").asText()).orElseThrow();
        assertThat(request.get("inputTokensExpected").asInt())
            .as("%s", request)
            .isEqualTo(truth.tokens().input());
        boolean hasText =
            request.get("request").asText().equals("answer") && !request.get("ttfoMillis").isNull();
        assertThat(request.path("oddities").toString().contains("noText")).isNotEqualTo(hasText);
      }
      assertThat(run.tokens().get("notes").findValuesAsText("kind")).contains("no-text");
    }
  }
}
