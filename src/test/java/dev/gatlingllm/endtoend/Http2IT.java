package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Distribution;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is measured of reasoning, of tool calls and of chunks of several tokens, over HTTP/2 and
 * TLS.
 */
class Http2IT {

  /** Of the 16 tokens of an answer 1 + 3 + 3 are reasoning and 3 + 3 + 3 are content. */
  private static final int REASONING = 7;

  private static final int CHUNKS = 6;

  @Test
  void distinguishesReasoningToolCallsAndChunks(@TempDir Path results) throws Exception {
    try (SimulatedServer server =
        SimulatedServer.start(
            s ->
                s.tokenizer(GatlingFork.TOKENIZER)
                    .tls()
                    .apiKey("sk-end-to-end")
                    .reasoningTokens(Distribution.constant(REASONING))
                    .tokensPerChunk(Distribution.constant(3)))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.insecure", true)
              .withEnvironment("LLM_API_KEY", "sk-end-to-end")
              .run(ReasoningAndTools.class);

      assertThat(run.exit()).as(run.output()).isZero();
      List<JsonNode> requests = run.requests();
      assertThat(requests)
          .hasSize(8 * 3 + 8)
          .allMatch(request -> request.get("status").asText().equals("OK"))
          .allMatch(r -> r.get("ttfoMillis").asDouble() > r.get("ttftMillis").asDouble())
          .allMatch(request -> request.get("outputTokensSource").asText().equals("usage"));
      assertThat(server.truth())
          .hasSameSizeAs(requests)
          .allMatch(RequestTruth::complete)
          .allMatch(truth -> truth.protocol().equals("HTTP/2"));
      assertThat(requests.stream().mapToLong(r -> r.get("outputTokens").asLong()).sum())
          .isEqualTo(server.truth().stream().mapToLong(truth -> truth.tokens().output()).sum());

      JsonNode answers = run.tokens().at("/byRequest/answer/metrics");
      assertThat(answers.at("/outputTokens/mean").asDouble()).isEqualTo(16);
      // a machine that is late may get all chunks of a response at once, which then has no pace
      long paced =
          requests.stream()
              .filter(request -> request.get("request").asText().equals("answer"))
              .filter(request -> request.get("tpotMillis").isNumber())
              .count();
      assertThat(paced).isPositive();
      assertThat(answers.at("/icl/count").asLong()).isEqualTo(paced * (CHUNKS - 1));
      assertThat(answers.at("/itl").isNull()).as("what a chunk is, is not a token").isTrue();
      assertThat(answers.at("/tokensPerChunk/mean").asDouble())
          .isCloseTo(16.0 / CHUNKS, within(0.01));
      JsonNode calls = run.tokens().at("/byRequest/call/metrics");
      assertThat(calls.at("/ttfo/count").asInt()).isEqualTo(8);
      assertThat(calls.at("/itl").isNull()).isTrue();
      assertThat(run.texts().values()).noneMatch(text -> text.contains("sk-end-to-end"));
    }
  }
}
