package dev.gatlingllm.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.gatlingllm.gatling.Certificates;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.MetricsDialect;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.RequestTruth.Times;
import dev.gatlingllm.server.SimulatedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a server's metrics is what happened in the server. */
class SimulatedServerMetricsTest {

  private static final int REQUESTS = 8;

  @Timeout(120)
  @ParameterizedTest
  @CsvSource({
    // steady: all run at once; saturated: two at a time; evicting: the cache holds less than two
    "VLLM, 8, 1000, false",
    "VLLM, 2, 1000, false",
    "VLLM, 8, 15, true",
    "VLLM_OLD, 8, 15, true",
    "SGLANG, 8, 15, true"
  })
  void timesAndCountsAgreeWithTheTruth(
      MetricsDialect dialect, int sequences, int blocks, boolean preempts) throws Exception {
    try (SimulatedServer server =
            SimulatedServer.start(
                s ->
                    s.metrics(dialect)
                        .maxModelTokens(160)
                        .engine(
                            EngineProfile.FAST.settings().toBuilder()
                                .maxNumSeqs(sequences)
                                .kvBlocks(blocks)
                                .build()));
        TokenRecorder recorder =
            TokenRecorder.start(
                Window.openEnded(Duration.ZERO), Objectives.NONE, Deployment.UNKNOWN, List.of())) {
      BlockingQueue<ServerReading> readings = new LinkedBlockingQueue<>();
      ServerScraper scraper =
          ServerScraper.of(
              List.of(server.baseUrl() + "/metrics"),
              new MetricsClient(
                  url -> null, Certificates.context(false), false, Duration.ofSeconds(5)),
              recorder.clock(),
              readings::add);
      assertThat(readings.take().signals()).isNotEmpty();
      long beginNanos = System.nanoTime();
      recorder.begin(beginNanos, System.currentTimeMillis());
      // values between two readings are interpolated: the load lies between two of them
      while (readings.take().atNanos() < beginNanos) {
        continue;
      }
      load(server.baseUrl());
      scraper.finish();
      ServerMetrics metrics = scraper.metricsUpTo(System.nanoTime());
      List<RequestTruth> truth = server.truth();

      assertThat(truth).hasSize(REQUESTS).allMatch(RequestTruth::complete);
      assertThat(metrics.ttftMillis())
          .isCloseTo(
              millis(truth, times -> times.prefillEndNanos() - times.receivedNanos()),
              withinPercentage(2));
      assertThat(metrics.queueMillis())
          .isCloseTo(
              millis(truth, times -> times.prefillStartNanos() - times.admittedNanos()),
              withinPercentage(2));
      assertThat(metrics.prefillMillis())
          .isCloseTo(
              millis(truth, times -> times.prefillEndNanos() - times.prefillStartNanos()),
              withinPercentage(2));
      assertThat(metrics.delta(ServerSignal.OUTPUT_TOKENS))
          .isCloseTo(
              truth.stream().mapToInt(request -> request.tokens().output()).sum(),
              withinPercentage(2));
      assertThat(metrics.delta(ServerSignal.PROMPT_TOKENS))
          .isCloseTo(
              truth.stream().mapToInt(request -> request.tokens().input()).sum(),
              withinPercentage(2));
      assertThat(metrics.delta(ServerSignal.PREEMPTIONS) > 0).isEqualTo(preempts);
    }
  }

  private static void load(String baseUrl) {
    HttpClient client = HttpClient.newHttpClient();
    CompletableFuture.allOf(
            IntStream.range(0, REQUESTS)
                .mapToObj(
                    i ->
                        "{\"prompt\":\"%s\",\"max_tokens\":60,\"stream\":true}"
                            .formatted(("word" + i + " ").repeat(30)))
                .map(
                    body ->
                        HttpRequest.newBuilder(URI.create(baseUrl + "/v1/completions"))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build())
                .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private static double millis(List<RequestTruth> truth, ToLongFunction<Times> nanos) {
    return truth.stream().map(RequestTruth::times).mapToLong(nanos).average().orElseThrow() / 1e6;
  }
}
