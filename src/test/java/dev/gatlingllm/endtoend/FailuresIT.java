package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that fails every request gets a report with the server's own messages. */
class FailuresIT {

  private static final String SSE = "text/event-stream";
  private static final String JSON = "application/json";

  private record Ending(String kind, String words, ScriptedServer.Answer answer) {}

  private static final List<Ending> ENDINGS =
      List.of(
          new Ending(
              "http 401 invalid_api_key",
              "no such key: [redacted]",
              ScriptedServer.always(
                  401,
                  JSON,
                  "{\"error\":{\"message\":\"no such key:"
                      + " sk-very-secret-key\",\"type\":\"invalid_api_key\"}}")),
          new Ending(
              "http 404 model_not_found",
              "The model `simulated` does not exist",
              ScriptedServer.always(
                  404,
                  JSON,
                  "{\"error\":{\"message\":\"The model `simulated` does not"
                      + " exist\",\"type\":\"model_not_found\"}}")),
          new Ending(
              "http 429 rate_limit_error",
              "<b>Slow</b> down</script>",
              ScriptedServer.always(
                  429,
                  JSON,
                  "{\"error\":{\"message\":\"<b>Slow</b>"
                      + " down</script>\",\"type\":\"rate_limit_error\"}}")),
          new Ending(
              "error frame overloaded",
              "CUDA out of memory",
              ScriptedServer.always(
                  200,
                  SSE,
                  ScriptedServer.stream(
                      "data: {\"error\":{\"message\":\"CUDA out of"
                          + " memory\",\"type\":\"overloaded\"}}\n\n",
                      "a",
                      "b"))),
          new Ending(
              "truncated",
              "",
              ScriptedServer.always(200, SSE, ScriptedServer.stream("", "a", "b"))),
          new Ending(
              "no output",
              "stop",
              ScriptedServer.always(
                  200,
                  SSE,
                  "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                      + "data: [DONE]\n\n")));

  @Test
  void reportsTheServersErrorMessages(@TempDir Path results) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (ScriptedServer server =
        ScriptedServer.start(
            exchange ->
                ENDINGS.get(requests.getAndIncrement() % ENDINGS.size()).answer().to(exchange))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.users", 2)
              .with("llm.duration", "2s")
              .with("llm.warmup", "0s")
              .with("llm.systemPromptTokens", 16)
              .with("llm.turns", 3)
              .with("llm.thinkTime", "100ms")
              .withEnvironment("LLM_API_KEY", "sk-very-secret-key")
              .run(SharedPrefixChat.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.tokens().get("totals").get("ok").asInt()).isZero();
      for (Ending ending : ENDINGS) {
        JsonNode failure = run.tokens().get("failures").get(ending.kind());
        assertThat(failure).as("%s", run.tokens().get("failures")).isNotNull();
        assertThat(failure.get("examples").get(0).asText()).contains(ending.words());
        // Gatling's own error table has it too
        assertThat(run.output()).contains("> " + ending.kind());
        assertThat(run.page("index.html")).contains(ending.kind());
      }
      assertThat(run.requests())
          .extracting(request -> request.get("failure").asText())
          .containsOnly(ENDINGS.stream().map(Ending::kind).toArray(String[]::new));
      assertThat(run.page("index.html")).contains("llm-data");
      // no file contains the key, and the server's markup is escaped
      assertThat(run.output()).doesNotContain("sk-very-secret-key");
      run.texts()
          .forEach((name, text) -> assertThat(text).as(name).doesNotContain("sk-very-secret-key"));
      assertThat(run.page("index.html")).doesNotContain("<b>Slow</b>");
    }
  }

  @Test
  void survivesTextsOfMillionsOfCharactersWithoutUsage(@TempDir Path results) throws Exception {
    String huge = " word".repeat(800_000);
    String stream = ScriptedServer.stream("data: [DONE]\n\n", "It", " is", huge);
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always(200, SSE, stream))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.users", 2)
              .with("llm.warmup", "0s")
              .with("llm.duration", "2s")
              .with("llm.turns", 2)
              .with("llm.requestTimeout", "30s")
              .run(SharedPrefixChat.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests())
          .hasSizeGreaterThan(2)
          .allMatch(request -> request.get("status").asText().equals("OK"))
          .allMatch(request -> request.get("outputTokens").asInt() >= 3);
    }
  }
}
