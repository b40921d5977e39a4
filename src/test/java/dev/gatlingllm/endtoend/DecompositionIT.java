package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.RequestTruth.Times;
import dev.gatlingllm.server.SimulatedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parts of the mean TTFT over the measured window of a run, against a saturated and preempting
 * server with 40 ms in front of it.
 */
class DecompositionIT {

  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final Duration MEASURED = Duration.ofSeconds(6);

  private static List<RequestTruth> truth;
  private static List<JsonNode> requests;
  private static JsonNode tokens;

  @BeforeAll
  static void runOnce(@TempDir Path results) throws Exception {
    try (SimulatedServer server =
        SimulatedServer.start(
            s ->
                s.tokenizer(GatlingFork.TOKENIZER)
                    .maxModelTokens(256)
                    .proxyDelay(Duration.ofMillis(40))
                    .engine(
                        EngineProfile.FAST.settings().toBuilder()
                            .maxNumSeqs(4)
                            .kvBlocks(16)
                            .build()))) {
      Run run =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.users", 8)
              .with("llm.warmup", WARM_UP.toSeconds() + "s")
              .with("llm.duration", MEASURED.toSeconds() + "s")
              .with("llm.systemPromptTokens", 64)
              .with("llm.privateContextTokens", 0)
              .with("llm.questionTokens", 16)
              .with("llm.outputTokens", 32)
              .with("llm.turns", 3)
              .run(SharedPrefixChat.class);
      assertThat(run.exit()).as(run.output()).isZero();
      truth = server.truth();
      requests = run.requests();
      tokens = run.tokens();
    }
  }

  private static double part(String name) {
    return tokens.at("/server/ttft/" + name).asDouble();
  }

  /**
   * Returns the means of a time over the requests with a moment in the measured window, whose
   * borders may be up to half a second off: a busy machine reads the server's counters that late.
   */
  private static DoubleSummaryStatistics truth(
      ToLongFunction<Times> moment, ToLongFunction<Times> nanos) {
    double open = Instant.parse(tokens.at("/run/start").asText()).plus(WARM_UP).toEpochMilli();
    return IntStream.rangeClosed(-5, 5)
        .boxed()
        .flatMap(early -> IntStream.rangeClosed(-5, 5).mapToObj(late -> List.of(early, late)))
        .mapToDouble(
            shift ->
                mean(
                    moment,
                    nanos,
                    open + 100 * shift.get(0),
                    open + MEASURED.toMillis() + 100 * shift.get(1)))
        .summaryStatistics();
  }

  private static double mean(
      ToLongFunction<Times> moment, ToLongFunction<Times> nanos, double from, double to) {
    return truth.stream()
            .filter(RequestTruth::complete)
            .map(RequestTruth::times)
            .filter(
                times -> {
                  double age = (moment.applyAsLong(times) - times.receivedNanos()) / 1e6;
                  double at = times.receivedEpochMillis() + age;
                  return from <= at && at < to;
                })
            .mapToLong(nanos)
            .average()
            .orElseThrow()
        / 1e6;
  }

  private static void assertPart(String name, DoubleSummaryStatistics truth) {
    assertThat(part(name)).as(name).isBetween(0.98 * truth.getMin(), 1.02 * truth.getMax());
  }

  private static DoubleSummaryStatistics ttftTruth() {
    return truth(Times::prefillEndNanos, times -> times.prefillEndNanos() - times.receivedNanos());
  }

  private static long lastTokenDue(Times times) {
    long[] due = times.tokenDueNanos();
    return due[due.length - 1];
  }

  @Test
  void queueAndPrefillAreThoseOfTheRequestsThatEndedInTheWindow() {
    assertThat(tokens.at("/server/signals/preemptions/delta").asDouble()).isPositive();
    assertPart(
        "queue",
        truth(
            DecompositionIT::lastTokenDue,
            times -> times.prefillStartNanos() - times.admittedNanos()));
    assertPart(
        "prefill",
        truth(
            DecompositionIT::lastTokenDue,
            times -> times.prefillEndNanos() - times.prefillStartNanos()));
  }

  @Test
  void theServersTtftIsThatOfTheFirstTokensInTheWindow() {
    assertPart("server", ttftTruth());
  }

  @Test
  void aDelayInFrontIsNetworkGatewayAndClient() {
    Map<String, RequestTruth> byId =
        truth.stream()
            .filter(RequestTruth::complete)
            .collect(Collectors.toMap(RequestTruth::id, Function.identity()));
    double outside =
        requests.stream()
            .filter(request -> request.get("iteration").asText().equals("1"))
            .filter(request -> byId.containsKey(request.get("responseId").asText()))
            .mapToDouble(
                request -> {
                  Times times = byId.get(request.get("responseId").asText()).times();
                  return request.get("ttftMillis").asDouble()
                      - (times.prefillEndNanos() - times.receivedNanos()) / 1e6;
                })
            .average()
            .orElseThrow();

    DoubleSummaryStatistics ttft = ttftTruth();

    assertThat(outside).isGreaterThanOrEqualTo(40);
    assertThat(part("networkGatewayClient"))
        .isCloseTo(outside, within(0.02 * part("client") + ttft.getMax() - ttft.getMin()))
        .isCloseTo(part("client") - part("server"), within(0.01));
  }
}
