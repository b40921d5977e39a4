package dev.gatlingllm.endtoend;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Injects every fault of the simulated server, over both APIs and under each policy for failed
 * turns, in one run for each protocol. Checks how each is counted, how the conversation continues,
 * and that client and server agree on each request.
 */
@ParameterizedClass
@ValueSource(strings = {"HTTP/1.1", "HTTP/2"})
class FaultsIT {

  /**
   * @param failure the kind that a response with this fault is counted as; null for a success
   * @param outcome how it ended for the server
   */
  private record Case(String fault, String failure, RequestOutcome outcome) {}

  private static final List<Case> CASES =
      List.of(
          new Case("refuse", "connection", RequestOutcome.FAULT),
          new Case("hang-up", "connection", RequestOutcome.FAULT),
          new Case("hang-up;for=300ms", "connection", RequestOutcome.FAULT),
          new Case("429", "http 429 rate_limit_error", RequestOutcome.REFUSED),
          new Case("500", "http 500 server_error", RequestOutcome.REFUSED),
          new Case("503;for=0", "http 503 overloaded_error", RequestOutcome.REFUSED),
          new Case("error-body", "error frame server_error", RequestOutcome.FAULT),
          new Case("error-frame;after=0", "error frame server_error", RequestOutcome.FAULT),
          new Case("error-frame;after=3", "error frame server_error", RequestOutcome.FAULT),
          new Case("reset;after=0", "connection", RequestOutcome.FAULT),
          new Case("reset;after=3", "truncated", RequestOutcome.FAULT),
          new Case("disconnect;after=3", "truncated", RequestOutcome.FAULT),
          new Case("goaway;after=3", "truncated", RequestOutcome.FAULT),
          new Case("error-field;after=3", "error frame server_error", RequestOutcome.FAULT),
          new Case("finish-error;after=3", "error frame", RequestOutcome.FAULT),
          new Case("truncate;after=3", "truncated", RequestOutcome.FAULT),
          new Case("truncate;after=8", "truncated", RequestOutcome.FAULT),
          new Case("cut-character;after=3", "truncated", RequestOutcome.FAULT),
          new Case("malformed;after=3", "malformed", RequestOutcome.COMPLETE),
          new Case("stall;after=3;for=3600s", "timeout", RequestOutcome.GONE),
          new Case("stall;after=3;for=20ms", null, RequestOutcome.COMPLETE),
          new Case("late-first-token;for=3600s", "timeout", RequestOutcome.GONE),
          new Case("late-first-token;for=20ms", null, RequestOutcome.COMPLETE),
          new Case("interim;for=20ms", null, RequestOutcome.COMPLETE),
          new Case("no-done", null, RequestOutcome.COMPLETE),
          new Case("no-finish", null, RequestOutcome.COMPLETE),
          new Case("no-end", null, RequestOutcome.COMPLETE),
          new Case("buffer;for=20ms", null, RequestOutcome.COMPLETE),
          new Case("glue", null, RequestOutcome.COMPLETE),
          new Case("dribble", null, RequestOutcome.COMPLETE),
          new Case("close", null, RequestOutcome.COMPLETE));

  @Parameter String protocol;

  private static Run run;
  private static List<JsonNode> requests;
  private static List<RequestTruth> truths;
  private static int openConnections;

  @BeforeParameterizedClassInvocation
  static void runOnce(String protocol, @TempDir Path results)
      throws IOException, InterruptedException {
    ServerSettings.Builder settings =
        ServerSettings.builder()
            .tokenizer(GatlingFork.TOKENIZER)
            .engine(EngineProfile.INSTANT)
            .faults("slow-accept=0.5:5ms");
    boolean http2 = protocol.equals("HTTP/2");
    if (http2) {
      settings.tls();
    }
    try (SimulatedServer server = SimulatedServer.start(settings.build())) {
      run =
          new GatlingFork(results)
              .with("http2", http2)
              .with("connections", expectedConnections(protocol))
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.insecure", true)
              // its readings take a connection too
              .with("llm.serverMetrics", "off")
              .with("llm.chunkTimes", true)
              .with("faults", CASES.stream().map(Case::fault).collect(Collectors.joining("|")))
              .run(EveryFault.class);
      openConnections = server.openConnections();
      truths = server.truth();
    }
    assertThat(run.exit()).as(run.output()).isZero();
    requests = run.requests();
    assertThat(truths).allMatch(truth -> truth.protocol().equals(protocol));
  }

  /**
   * Returns how many connections are open at the end: the one that asks. Over HTTP/2, Gatling also
   * keeps those of users whose last request timed out, two for each API, until they are idle.
   */
  private static int expectedConnections(String protocol) {
    return protocol.equals("HTTP/2") ? 5 : 1;
  }

  private static List<String> outcomes(String api, String policy) {
    return requests.stream()
        .filter(request -> request.get("scenario").asText().equals(api + " " + policy))
        .map(
            request ->
                request.get("request").asText()
                    + " #"
                    + request.get("attempt").asInt()
                    + ": "
                    + request.get("failure").asText("good"))
        .toList();
  }

  private static Stream<String> expected(Case met, String policy) {
    String first = met.fault() + " #1: " + (met.failure() == null ? "good" : met.failure());
    String after = "after #1: good";
    if (met.failure() == null || policy.equals("skip")) {
      return Stream.of(first, after);
    }
    return policy.equals("retry")
        ? Stream.of(first, met.fault() + " #2: good", after)
        : Stream.of(first);
  }

  @Test
  void countsEachFaultByKindAndFollowsTheFailurePolicy() {
    for (String api : List.of("chat", "completions")) {
      for (String policy : List.of("skip", "retry")) {
        assertThat(outcomes(api, policy))
            .as("%s, %s", api, policy)
            .containsExactlyElementsOf(
                CASES.stream().flatMap(met -> expected(met, policy)).toList());
      }
      assertThat(outcomes(api, "abandon"))
          .as("%s, abandon", api)
          .containsExactlyInAnyOrderElementsOf(
              CASES.stream().flatMap(met -> expected(met, "abandon")).toList());
    }
  }

  @Test
  void keepsFailedTurnsOutOfLaterPrompts() {
    assertThat(requests)
        .filteredOn(request -> request.get("status").asText().equals("OK"))
        .allMatch(r -> r.get("inputTokens").asInt() == r.get("inputTokensExpected").asInt())
        .allMatch(r -> r.get("outputTokens").asInt() == 8);
  }

  /** The user and turn of a request, as the client told the server. */
  private static String requestId(JsonNode request) {
    return request.get("user").asText() + "/" + request.get("turn").asText();
  }

  /**
   * Returns the server's records of each attempt, in order. If a reused connection ends without any
   * response, Gatling sends the request again by itself: these two records are one attempt.
   */
  private static Map<String, List<RequestTruth>> truthsByRequest() {
    Map<String, List<RequestTruth>> byRequest = new HashMap<>();
    // the server lists a request that the client has left when its engine has let go of it
    List<RequestTruth> inOrder =
        truths.stream().sorted(comparingLong(truth -> truth.times().receivedNanos())).toList();
    for (RequestTruth truth : inOrder) {
      List<RequestTruth> seen =
          byRequest.computeIfAbsent(truth.requestId(), unseen -> new ArrayList<>());
      boolean again =
          truth.status() == 0
              && !seen.isEmpty()
              && truth.fault().equals(seen.get(seen.size() - 1).fault());
      if (!again) {
        seen.add(truth);
      }
    }
    return byRequest;
  }

  @Test
  void clientAndServerAgreeOnEveryRequest() {
    Map<String, List<RequestTruth>> seen = truthsByRequest();
    for (JsonNode request : requests) {
      RequestTruth truth = seen.get(requestId(request)).get(request.get("attempt").asInt() - 1);
      String name = request.get("request").asText();
      if (request.get("status").asText().equals("OK")) {
        assertThat(truth.outcome()).as("%s", request).isEqualTo(RequestOutcome.COMPLETE);
        assertThat(truth.id()).isEqualTo(request.get("responseId").asText());
        assertThat(truth.tokens().input()).isEqualTo(request.get("inputTokens").asInt());
        assertThat(truth.tokens().cached()).isEqualTo(request.get("cachedTokens").asInt());
        assertThat(truth.tokens().output()).isEqualTo(request.get("chunks").asInt());
      } else {
        Case met = CASES.stream().filter(c -> c.fault().equals(name)).findFirst().orElseThrow();
        assertThat(truth.outcome()).as("%s", truth).isEqualTo(met.outcome());
        assertThat(truth.fault()).startsWith(name.split(";")[0]);
        // tokens in transit are lost by a reset
        assertThat(request.get("chunks").asInt()).isLessThanOrEqualTo(truth.tokens().output());
      }
    }
    assertThat(seen.values().stream().mapToInt(List::size).sum()).isEqualTo(requests.size());
  }

  @Test
  void sendsNothingAgainThatTheServerHadTimeToRead() {
    assertThat(truths)
        .filteredOn(truth -> "hang-up;for=300ms".equals(truth.fault()))
        .as("one for each API and policy")
        .hasSize(6);
  }

  @Test
  void measuresAStallAtItsChunk() {
    assertThat(requests)
        .filteredOn(request -> request.get("request").asText().equals("stall;after=3;for=20ms"))
        .hasSize(6)
        .allSatisfy(
            request -> {
              assertThat(request.get("chunkMillis").get(3).asDouble()).isGreaterThanOrEqualTo(20);
            });
    assertThat(requests)
        .filteredOn(request -> request.get("request").asText().equals("late-first-token;for=20ms"))
        .hasSize(6)
        .allMatch(request -> request.get("ttftMillis").asDouble() >= 20);
  }

  @Test
  void gatlingAndTokensJsonHaveTheSameCounts() throws IOException {
    long bad = requests.stream().filter(r -> r.get("status").asText().equals("KO")).count();
    JsonNode totals = run.tokens().get("totals");

    assertThat(run.output())
        .containsPattern(
            "> request count +\\| +%d +\\| +%d +\\| +%d"
                .formatted(requests.size(), requests.size() - bad, bad));
    assertThat(totals.get("requests").asInt()).isEqualTo(requests.size());
    assertThat(totals.get("ko").asLong()).isEqualTo(bad);
    Map<String, Long> kinds =
        requests.stream()
            .filter(request -> !request.get("failure").isNull())
            .collect(groupingBy(request -> request.get("failure").asText(), counting()));
    JsonNode failures = run.tokens().get("failures");
    assertThat(failures).hasSize(kinds.size());
    kinds.forEach(
        (kind, count) ->
            assertThat(failures.get(kind).get("count").asLong()).as(kind).isEqualTo(count));
  }

  @Test
  void noConnectionIsLeaked() {
    assertThat(run.output())
        .contains("connections at the end: {\"open\":" + expectedConnections(protocol) + "}");
    assertThat(openConnections).isLessThanOrEqualTo(1);
    assertThat(truths).extracting(RequestTruth::fault).contains("slow-accept;for=5ms");
  }
}
