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

  @Test
  void skipsAFailedTurnAndContinuesFromTheLastGoodContext(@TempDir Path results) throws Exception {
    String good = ScriptedServer.stream("data: [DONE]\n\n", "fine");
    try (ScriptedServer server =
        ScriptedServer.start(
            exchange -> {
              boolean second = exchange.getRequestHeaders().getFirst("X-Turn").equals("2");
              if (second) {
                ScriptedServer.send(exchange, 503, JSON, "{\"error\":{\"message\":\"busy\"}}");
              } else {
                ScriptedServer.send(exchange, 200, SSE, good);
              }
            })) {
      Run run =
          new GatlingFork(results).with("llm.baseUrl", server.baseUrl()).run(SecondTurnFails.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests())
          .extracting(r -> r.get("turn").asInt() + " " + r.get("status").asText())
          .containsExactly("1 OK", "2 KO", "3 OK");
      assertThat(run.requests())
          .extracting(r -> r.get("outputTokensSource").asText())
          .startsWith("tokenizer");
      // 10 system + 5 a question + 1 "fine": the second question is not in later prompts
      assertThat(run.requests())
          .extracting(r -> r.get("inputTokensExpected").asInt())
          .containsExactly(15, 21, 21);
      assertThat(server.bodies().get(2).split("\"role\"")).hasSize(1 + 4);
      assertThat(server.bodies().get(2)).contains("\"content\":\"fine\"");
    }
  }

  /** Fails the first requests, {@code failures} in all. */
  private static ScriptedServer.Answer failingFirst(int failures) {
    AtomicInteger left = new AtomicInteger(failures);
    return exchange -> {
      if (left.getAndDecrement() > 0) {
        exchange.getResponseHeaders().set("Retry-After", "0");
        ScriptedServer.send(exchange, 503, JSON, "{\"error\":{\"message\":\"busy\"}}");
      } else {
        ScriptedServer.send(exchange, 200, SSE, ScriptedServer.stream("data: [DONE]\n\n", "fine"));
      }
    };
  }

  @Test
  void countsRetriesAndDoesNotFailTheUser(@TempDir Path results) throws Exception {
    try (ScriptedServer server = ScriptedServer.start(failingFirst(2))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.onFailure", "retry(3,20ms)")
              .run(SecondTurnFails.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests())
          .extracting(
              r ->
                  r.get("turn").asInt()
                      + "."
                      + r.get("attempt").asInt()
                      + " "
                      + r.get("status").asText())
          .containsExactly("1.1 KO", "1.2 KO", "1.3 OK", "2.1 OK", "3.1 OK");
      // each attempt sends the same bytes, which the server may have cached from the second one on
      assertThat(server.bodies().subList(0, 3)).containsOnly(server.bodies().get(0));
      assertThat(run.requests())
          .extracting(r -> r.get("reusableTokens").asInt())
          .startsWith(0, 15, 15);
      // the backoff is not a delay of the client: each attempt was due at the end of its backoff
      assertThat(run.requests().get(1).get("scheduleDelayMillis").isNull()).isFalse();
      assertThat(run.output()).contains("user stayed good");
    }
  }

  @Test
  void abandonedConversationHasNoFurtherTurn(@TempDir Path results) throws Exception {
    try (ScriptedServer server = ScriptedServer.start(failingFirst(1))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.onFailure", "abandon")
              .run(SecondTurnFails.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests()).hasSize(1);
    }
  }
}
