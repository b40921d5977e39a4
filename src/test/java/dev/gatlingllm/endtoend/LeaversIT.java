package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users who leave, over HTTP/1.1 and HTTP/2, and what the server does for them. */
class LeaversIT {

  private static SimulatedServer server(boolean tls, boolean keepsGenerating) {
    return SimulatedServer.start(
        s -> (tls ? s.tls() : s).tokenizer(GatlingFork.TOKENIZER).keepGenerating(keepsGenerating));
  }

  private static List<JsonNode> abandoned(Run run, String scenario) throws Exception {
    return run.requests().stream()
        .filter(request -> request.get("scenario").asText().equals(scenario))
        .filter(request -> request.get("status").asText().equals("ABANDONED"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tokensForLeaversAgreeWithTheServer(boolean keepsGenerating, @TempDir Path results)
      throws Exception {
    try (SimulatedServer http1 = server(false, keepsGenerating);
        SimulatedServer http2 = server(true, keepsGenerating)) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", http1.baseUrl())
              .with("llm.insecure", true)
              .with(
                  "llm.serverMetrics", http1.baseUrl() + "/metrics," + http2.baseUrl() + "/metrics")
              .with("http1", http1.baseUrl())
              .with("http2", http2.baseUrl())
              .run(LeavingUsers.class);
      assertThat(run.exit()).as(run.output()).isZero();

      checkLeavers(run, "http1", "HTTP/1.1", http1);
      checkLeavers(run, "http2", "HTTP/2", http2);
      List<RequestTruth> truths =
          Stream.of(http1, http2).flatMap(server -> server.truth().stream()).toList();
      checkTokens(run, truths, keepsGenerating);
      checkSlots(run, truths);
      assertThat(run.tokens().at("/totals/abandoned").asInt()).isEqualTo(2 * 3 * 4 + 1);
      assertThat(run.tokens().at("/totals/requests").asInt()).isEqualTo(2 * 3 * 3);
      assertThat(run.tokens().at("/totals/ko").asInt()).isZero();
      assertThat(run.tokens().at("/conversations/completed").asInt()).isEqualTo(2 * 3);
      assertThat(run.tokens().at("/conversations/left").asInt()).isEqualTo(1);
      assertThat(run.output()).contains("ends: failed is false");
      assertThat(run.output()).doesNotContain("were for another client");
    }
  }

  /** Checks that each way to leave reached the server as a disconnection. */
  private static void checkLeavers(
      Run run, String scenario, String protocol, SimulatedServer server) throws Exception {
    List<JsonNode> abandoned = abandoned(run, scenario);
    assertThat(abandoned)
        .extracting(request -> request.get("request").asText())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("tokens", "time", "waiting", "own")
                .flatMap(way -> Stream.of(way, way, way))
                .toList());
    assertThat(abandoned).allMatch(request -> request.get("finishReason").isNull());
    Map<String, List<JsonNode>> byWay =
        abandoned.stream().collect(Collectors.groupingBy(r -> r.get("request").asText()));
    // a late event loop reads more chunks at once
    assertThat(byWay.get("tokens")).allMatch(r -> r.get("outputTokens").asInt() >= 5);
    assertThat(byWay.get("own")).allMatch(r -> r.get("outputTokens").asInt() >= 7);
    assertThat(byWay.get("time")).allMatch(r -> r.get("e2eMillis").asDouble() >= 100);
    assertThat(byWay.get("waiting"))
        .allMatch(r -> r.get("ttftMillis").isNull() == (r.get("outputTokens").asInt() == 0))
        .allMatch(r -> r.get("outputTokens").asInt() < 40);

    // of a client that is late, the server may have written all before it notices
    assertThat(server.truth())
        .filteredOn(truth -> truth.outcome() == RequestOutcome.GONE)
        .isNotEmpty()
        .allMatch(truth -> truth.protocol().equals(protocol));
    Map<String, RequestTruth> truths =
        server.truth().stream().collect(Collectors.toMap(RequestTruth::id, Function.identity()));
    assertThat(abandoned.stream().filter(request -> request.has("responseId")))
        .filteredOn(request -> !request.get("responseId").isNull())
        .isNotEmpty()
        .allSatisfy(
            request ->
                assertThat(truths.get(request.get("responseId").asText()).tokens().output())
                    .isGreaterThanOrEqualTo(request.get("outputTokens").asInt()));
  }

  /** Checks what was generated and did not arrive, to the token. */
  private static void checkTokens(Run run, List<RequestTruth> truths, boolean keepsGenerating)
      throws Exception {
    int generated = truths.stream().mapToInt(truth -> truth.tokens().generated()).sum();
    int received =
        run.requests().stream().mapToInt(request -> request.get("outputTokens").asInt()).sum();
    JsonNode after = run.tokens().at("/server/afterLeaving");
    assertThat(after.get("tokensAtMost").asInt()).isEqualTo(generated - received);
    assertThat(after.get("tokensAtLeast").asInt()).isEqualTo(generated - received);
    if (keepsGenerating) {
      assertThat(run.tokens().at("/notes"))
          .extracting(note -> note.get("kind").asText())
          // few readings of a short run do not show for how long it kept the requests
          .containsAnyOf("server-keeps-generating", "server-may-keep-generating");
      // each is generated to its end, of 40 tokens, but for one of the default length
      assertThat(truths).allMatch(truth -> truth.tokens().generated() >= 40);
    }
  }

  /**
   * Checks that the mean time in the server after leaving lies between its bounds. They are two
   * standard errors wide, which one run in twenty may miss by a little.
   */
  private static void checkSlots(Run run, List<RequestTruth> truths) throws Exception {
    // of a response that was written before the server noticed, nothing was left
    double slotMillis =
        truths.stream()
            .filter(truth -> truth.outcome() == RequestOutcome.GONE)
            .mapToDouble(truth -> (truth.times().releasedNanos() - truth.times().endNanos()) / 1e6)
            .sum();
    JsonNode after = run.tokens().at("/server/afterLeaving");
    assertThat(slotMillis / run.tokens().at("/totals/abandoned").asInt())
        .isBetween(
            after.get("slotMillisAtLeast").asDouble() / 2,
            after.get("slotMillisAtMost").asDouble() * 2);
  }
}
