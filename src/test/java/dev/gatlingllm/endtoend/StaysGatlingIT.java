package dev.gatlingllm.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gatling's features for requests work for timed requests, too. */
class StaysGatlingIT {

  private static final String SSE = "text/event-stream";
  private static final String GOOD =
      ScriptedServer.stream("data: [DONE]\n\n", "fine", " so", " far");

  @Test
  void redirectsAreFollowedWithoutCredentialsForOtherServers(@TempDir Path results)
      throws Exception {
    List<String> keys = new CopyOnWriteArrayList<>();
    try (ScriptedServer other =
            ScriptedServer.start(
                exchange -> {
                  keys.add("other server: " + authorization(exchange));
                  ScriptedServer.send(exchange, 200, SSE, GOOD);
                });
        ScriptedServer server =
            ScriptedServer.start(
                exchange -> {
                  keys.add(authorization(exchange));
                  boolean old = exchange.getRequestURI().getPath().startsWith("/old");
                  String location = old ? "/new" : other.baseUrl() + "/v1";
                  exchange.getResponseHeaders().set("Location", location);
                  exchange.sendResponseHeaders(307, -1);
                })) {
      Run run =
          fork(server, results)
              .withEnvironment("LLM_API_KEY", "sk-12345")
              .run(GatlingsOwn.Redirected.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.output()).containsPattern("> ask +\\| +1 ").contains("> ask Redirect 1");
      assertThat(run.requests())
          .singleElement()
          .satisfies(request -> assertThat(request.get("chunks").asInt()).isEqualTo(3));
      assertThat(other.bodies()).singleElement().asString().contains("\"messages\"");
      assertThat(keys).containsExactly("Bearer sk-12345", "Bearer sk-12345", "other server: null");
      assertThat(run.tokens().get("notes").toString()).contains("other-server");
    }
  }

  @Test
  void keyStaysAtTheServerUnderTest(@TempDir Path results) throws Exception {
    List<String> keys = new CopyOnWriteArrayList<>();
    ScriptedServer.Answer answer =
        exchange -> {
          keys.add(exchange.getRequestURI().getPath() + " " + authorization(exchange));
          ScriptedServer.send(exchange, 200, SSE, GOOD);
        };
    try (ScriptedServer other = ScriptedServer.start(answer);
        ScriptedServer server = ScriptedServer.start(answer)) {
      Run run =
          fork(server, results)
              .withEnvironment("LLM_API_KEY", "sk-12345")
              .with("other", other.baseUrl())
              .with("llm.users", 3)
              .run(GatlingsOwn.AsksAnotherHost.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(keys)
          .containsExactly(
              "/models Bearer sk-12345", "/plain null", "/timed null", "/own Bearer sk-12345");
      assertThat(run.output())
          .containsOnlyOnce("LLM_API_KEY is not sent to " + other.baseUrl() + ", which is no")
          .contains("> llm.users: set for this run, but without effect.");
    }
  }

  @Test
  void logShowsNoCredentialsAtAnyLevel(@TempDir Path results, @TempDir Path work) throws Exception {
    Path logback = work.resolve("logback.xml");
    Files.writeString(
        logback,
        """
        <configuration>
          <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%level %logger - %msg%n%ex</pattern></encoder>
          </appender>
          <logger name="io.gatling" level="TRACE"/>
          <root level="WARN"><appender-ref ref="CONSOLE"/></root>
        </configuration>
        """);
    try (ScriptedServer server =
        ScriptedServer.start(
            exchange -> {
              // Gatling cannot handle this response, and logs the whole request
              exchange.getResponseHeaders().set("Location", "foo://");
              exchange.sendResponseHeaders(302, -1);
            })) {
      Run run =
          fork(server, results)
              .withEnvironment("LLM_API_KEY", "sk-12345")
              .with("logback.configurationFile", logback.toString())
              .run(GatlingsOwn.Redirected.class);

      assertThat(run.output())
          .as("Gatling's own logger, as its documentation names it")
          .containsPattern("DEBUG io\\.gatling\\.http\\.engine\\.response\\.\\w+ - ")
          .containsPattern("ERROR .*ResponseProcessor crashed.*authorization: Bearer \\[redacted]")
          .doesNotContain("sk-12345");
      assertThat(String.join("\n", run.texts().values())).doesNotContain("sk-12345");
    }
  }

  private static String authorization(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Authorization");
  }

  @Test
  void countsWithTheTokenizerOfTheSettingsWithoutAWorkload(@TempDir Path results) throws Exception {
    String seven =
        ScriptedServer.stream("data: [DONE]\n\n", "One two three", " four five six seven");
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always(200, SSE, seven))) {
      Run run =
          fork(server, results)
              .with("llm.tokenizer", "cl100k_base")
              .run(GatlingsOwn.Redirected.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests())
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.get("outputTokens").asInt()).isEqualTo(7);
                assertThat(request.get("outputTokensSource").asText()).isEqualTo("tokenizer");
              });
    }
  }

  @Test
  void resourcesAreFetchedAlsoAfterAResponseThatTheTokenizerCounts(@TempDir Path results)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always(200, SSE, GOOD))) {
      Run run =
          fork(server, results)
              .with("llm.tokenizer", "cl100k_base")
              .run(GatlingsOwn.WithResource.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(server.bodies()).hasSize(2).last().isEqualTo("beside");
    }
  }

  @Test
  void neitherRetriedNorAbandonedTurnsFailTheirGroups(@TempDir Path results) throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (ScriptedServer server =
        ScriptedServer.start(
            exchange -> {
              if (count.incrementAndGet() < 5) {
                ScriptedServer.send(exchange, count.get() % 2 == 1 ? 500 : 200, SSE, GOOD);
              } else {
                exchange.getResponseHeaders().set("Content-Type", SSE);
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(ScriptedServer.stream("", "fine").getBytes(UTF_8));
                exchange.getResponseBody().flush();
              }
            })) {
      Run run =
          fork(server, results).with("llm.onFailure", "retry(1)").run(GatlingsOwn.Grouped.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests())
          .extracting(r -> r.get("status").asText())
          .containsExactly("KO", "OK", "KO", "OK", "ABANDONED");
      assertThat(run.output())
          .contains("group retried is OK")
          .contains("group failed before is KO")
          .contains("group left is OK");
    }
  }

  @Test
  void failedTurnLeavesTryMaxAndExitBlocks(@TempDir Path results) throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (ScriptedServer server =
        ScriptedServer.start(
            exchange -> {
              if (count.incrementAndGet() % 2 == 1) {
                ScriptedServer.send(exchange, 500, "text/plain", "boom");
              } else {
                ScriptedServer.send(exchange, 200, SSE, GOOD);
              }
            })) {
      Run run = fork(server, results).run(GatlingsOwn.Exits.class);

      // tryMax asks again after the first failure; the block left on failure asks nothing after it
      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.requests())
          .extracting(r -> r.get("request").asText() + " " + r.get("status").asText())
          .containsExactly("tried KO", "tried OK", "left KO", "after OK");
    }
  }

  @Test
  void checksRunAndSaveBesideTheVerdictAndTheirFailuresCount(@TempDir Path results)
      throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            ScriptedServer.always(429, "application/json", "{\"detail\":\"slow\"}"))) {
      Run run = fork(server, results).run(GatlingsOwn.Checks.class);

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.output()).contains("saved status 429").contains("> http 429: slow");
    }
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always(200, SSE, GOOD))) {
      Run run =
          fork(server, results.resolveSibling(results.getFileName() + "-2"))
              .run(GatlingsOwn.Checks.class);

      List<JsonNode> requests = run.requests();
      assertThat(requests).allMatch(r -> r.get("failure").asText().equals("check"));
      assertThat(run.tokens().get("failures").get("check").get("examples").get(0).asText())
          .contains("substring(never said)");
    }
  }

  @Test
  void throttlingHoldsForTimedRequests(@TempDir Path results) throws Exception {
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always(200, SSE, GOOD))) {
      Run run = fork(server, results).run(GatlingsOwn.Throttled.class);

      assertThat(run.exit()).as(run.output()).isZero();
      List<JsonNode> requests = run.requests();
      assertThat(requests).hasSize(8);
      long first = requests.get(0).get("startMillis").asLong();
      long last = requests.get(7).get("startMillis").asLong();
      // 8 requests at 2 a second take 3 s and more, unthrottled ones some milliseconds
      assertThat(last - first).isGreaterThanOrEqualTo(2000);
      assertThat(requests.subList(4, 8))
          .extracting(r -> r.get("scheduleDelayMillis").asDouble())
          .as("the throttle's pace, 2 s and more for these, is no delay of the load generator")
          .anyMatch(millis -> millis < 1_500);
    }
  }

  @Test
  void usersWhomAThrottleHoldsBackDoNotArrive(@TempDir Path results) throws Exception {
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always(200, SSE, GOOD))) {
      Run run = fork(server, results).run(GatlingsOwn.HeldBack.class);

      int sent = run.requests().size();
      assertThat(sent).isBetween(2, 10);
      JsonNode arrivals = run.tokens().get("arrivals");
      assertThat(arrivals.get("users").asInt())
          .as("one may be sent as the load is cut")
          .isBetween(sent - 1, sent);
      assertThat(arrivals.get("planned").get("users").asInt()).isEqualTo(20);
    }
  }

  private static GatlingFork fork(ScriptedServer server, Path results) {
    results.toFile().mkdirs();
    return new GatlingFork(results).with("llm.baseUrl", server.baseUrl());
  }
}
