package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final Duration AT_MOST = Duration.ofSeconds(30);

  @Test
  void countsRequestsWithVllmNames() {
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.FAST).modelName("tiny"))) {
      Client client = new Client(server);
      Map<String, Object> request = Map.of("prompt", text(40, 1).toString(), "max_tokens", 5);
      client.post(COMPLETIONS, request);
      client.post(COMPLETIONS, request);
      HttpResponse<String> response = client.send("GET", "/metrics", "");
      Exposition metrics = new Exposition(response.body());

      assertThat(response.headers().firstValue("content-type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(response.body())
          .contains("vllm:num_requests_running{engine=\"0\",model_name=\"tiny\"} 0.0\n")
          .contains("# TYPE vllm:generation_tokens_total counter\n")
          .contains("# TYPE vllm:generation_tokens_created gauge\n");
      assertThat(metrics.sum("vllm:num_requests_waiting")).isZero();
      assertThat(metrics.sum("vllm:kv_cache_usage_perc")).isZero();
      assertThat(metrics.sum("vllm:prefix_cache_queries_total")).isEqualTo(80);
      assertThat(metrics.sum("vllm:prefix_cache_hits_total")).isEqualTo(32);
      assertThat(metrics.sum("vllm:prompt_tokens_total")).isEqualTo(80);
      assertThat(metrics.sum("vllm:prompt_tokens_by_source_total", "source=\"local_compute\""))
          .isEqualTo(48);
      assertThat(metrics.sum("vllm:generation_tokens_total")).isEqualTo(10);
      assertThat(metrics.sum("vllm:num_preemptions_total")).isZero();
      assertThat(metrics.sum("vllm:request_success_total", "finished_reason=\"length\""))
          .isEqualTo(2);
      assertThat(metrics.sum("vllm:request_success_total", "finished_reason=\"abort\"")).isZero();
      assertThat(metrics.sum("vllm:time_to_first_token_seconds_count")).isEqualTo(2);
      assertThat(metrics.sum("vllm:inter_token_latency_seconds_count")).isEqualTo(8);
      assertThat(metrics.sum("vllm:e2e_request_latency_seconds_bucket", "le=\"+Inf\""))
          .isEqualTo(2);
      assertThat(metrics.sum("vllm:request_prompt_tokens_bucket", "le=\"20.0\"")).isZero();
      assertThat(metrics.sum("vllm:request_prompt_tokens_bucket", "le=\"50.0\"")).isEqualTo(2);
      // each step computes a prompt or one token
      assertThat(metrics.sum("vllm:iteration_tokens_total_sum")).isEqualTo(48 + 8);
      // 4 steps of 1 ms each, or more on a slow machine
      assertThat(metrics.sum("vllm:inter_token_latency_seconds_sum")).isGreaterThan(0.0079);
    }
  }

  @Test
  void timesAndTokensEqualTheTruthUnderPreemption() {
    try (var server = start(MetricsDialect.VLLM)) {
      loadWithPreemptions(server);
      Exposition metrics = Exposition.of(server);
      List<RequestTruth> truth = server.truth();

      assertThat(metrics.sum("vllm:num_preemptions_total")).isPositive();
      assertThat(metrics.sum("vllm:request_queue_time_seconds_count")).isEqualTo(truth.size());
      assertSeconds(metrics, "vllm:request_queue_time_seconds", truth, MetricsTest::queueNanos);
      assertSeconds(metrics, "vllm:request_prefill_time_seconds", truth, MetricsTest::prefillNanos);
      assertSeconds(metrics, "vllm:time_to_first_token_seconds", truth, MetricsTest::ttftNanos);
      assertThat(metrics.sum("vllm:prompt_tokens_total"))
          .isEqualTo(truth.stream().mapToInt(request -> request.tokens().input()).sum());
      assertThat(metrics.sum("vllm:prefix_cache_hits_total"))
          .isEqualTo(truth.stream().mapToInt(request -> request.tokens().cached()).sum());
      assertThat(metrics.sum("vllm:generation_tokens_total"))
          .isEqualTo(truth.stream().mapToInt(request -> request.tokens().output()).sum());
    }
  }

  @Test
  void hasSglangNames() {
    try (var server = start(MetricsDialect.SGLANG)) {
      loadWithPreemptions(server);
      Exposition metrics = Exposition.of(server);
      List<RequestTruth> truth = server.truth();

      assertThat(metrics.sum("sglang:num_retracted_requests_total")).isPositive();
      assertThat(metrics.sum("sglang:evicted_tokens_total")).isPositive();
      assertSeconds(metrics, "sglang:queue_time_seconds", truth, MetricsTest::queueNanos);
      assertSeconds(metrics, "sglang:time_to_first_token_seconds", truth, MetricsTest::ttftNanos);
      assertThat(
              metrics.sum("sglang:per_stage_req_latency_seconds_sum", "stage=\"prefill_forward\""))
          .isCloseTo(seconds(truth, MetricsTest::prefillNanos), within(1e-6));
      double cached = truth.stream().mapToInt(request -> request.tokens().cached()).sum();
      assertThat(metrics.sum("sglang:cached_tokens_total", "cache_source=\"total\""))
          .isEqualTo(cached);
      assertThat(metrics.sum("sglang:cached_tokens_total")).isEqualTo(2 * cached);
      assertThat(metrics.names()).noneMatch(name -> name.endsWith("_created"));
    }
  }

  @Test
  void hasLlamaCppNamesWithoutLabels() {
    try (var server = start(MetricsDialect.LLAMA_CPP)) {
      loadWithPreemptions(server);
      String text = new Client(server).send("GET", "/metrics", "").body();
      Exposition metrics = new Exposition(text);

      assertThat(text).doesNotContain("{");
      assertThat(metrics.sum("llamacpp:tokens_predicted_total"))
          .isEqualTo(server.truth().stream().mapToInt(request -> request.tokens().output()).sum());
      assertThat(metrics.sum("llamacpp:prompt_seconds_total"))
          .isCloseTo(seconds(server.truth(), MetricsTest::prefillNanos), within(1e-6));
      assertThat(metrics.sum("llamacpp:prompt_tokens_seconds")).isPositive();
      // reading resets it
      assertThat(Exposition.of(server).sum("llamacpp:prompt_tokens_seconds")).isZero();
    }
  }

  @Test
  void hasVllmsOldNames() {
    try (var server = start(MetricsDialect.VLLM_OLD)) {
      assertThat(Exposition.of(server).names())
          .contains(
              "vllm:gpu_cache_usage_perc",
              "vllm:gpu_prefix_cache_queries_total",
              "vllm:gpu_prefix_cache_hits_total",
              "vllm:time_per_output_token_seconds_sum")
          .doesNotContain("vllm:kv_cache_usage_perc", "vllm:inter_token_latency_seconds_sum");
    }
  }

  @Test
  void secondClientLoadsTheEngineButIsNotInTheTruth() {
    try (var server =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.FAST)
                    .backgroundRate(500)
                    .backgroundPromptTokens(32)
                    .backgroundOutputTokens(3))) {
      long deadline = System.nanoTime() + AT_MOST.toNanos();
      Exposition metrics = Exposition.of(server);
      while (ended(metrics) < 3 && System.nanoTime() < deadline) {
        metrics = Exposition.of(server);
      }

      assertThat(ended(metrics)).isGreaterThanOrEqualTo(3);
      assertThat(metrics.sum("vllm:request_prompt_tokens_sum")).isEqualTo(32 * ended(metrics));
      assertThat(metrics.sum("vllm:request_generation_tokens_sum")).isEqualTo(3 * ended(metrics));
      assertThat(metrics.sum("vllm:prefix_cache_hits_total")).isZero();
      assertThat(server.truth()).isEmpty();
    }
  }

  private static double ended(Exposition metrics) {
    return metrics.sum("vllm:request_success_total", "finished_reason=\"length\"");
  }

  @Test
  void replicasTakeRequestsInTurnAndAreCountedSeparately() {
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.FAST).replicas(2))) {
      Client client = new Client(server);
      String request = Client.write(Map.of("prompt", text(40, 1).toString(), "max_tokens", 5));
      List<String> replicas =
          IntStream.range(0, 3)
              .mapToObj(i -> client.send("POST", COMPLETIONS, request))
              .map(response -> response.headers().firstValue("x-served-by").orElseThrow())
              .toList();
      Exposition metrics = Exposition.of(server);

      assertThat(replicas).containsExactly("replica-0", "replica-1", "replica-0");
      assertThat(metrics.sum("vllm:generation_tokens_total", "engine=\"0\"")).isEqualTo(10);
      assertThat(metrics.sum("vllm:generation_tokens_total", "engine=\"1\"")).isEqualTo(5);
      // each replica has a prefix cache of its own
      assertThat(metrics.sum("vllm:prefix_cache_hits_total", "engine=\"1\"")).isZero();
    }
  }

  @Test
  void proxyDelayComesBeforeTheReceipt() {
    Duration delay = Duration.ofMillis(40);
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.FAST).proxyDelay(delay))) {
      long sent = System.nanoTime();
      new Client(server).post(COMPLETIONS, Map.of("prompt", "a", "max_tokens", 1));

      assertThat(server.truth()).singleElement();
      assertThat(server.truth().get(0).times().receivedNanos() - sent)
          .isGreaterThanOrEqualTo(delay.toNanos());
    }
  }

  private static SimulatedServer start(MetricsDialect dialect) {
    return SimulatedServer.start(
        s ->
            s.metrics(dialect)
                .maxModelTokens(160)
                .engine(
                    EngineProfile.FAST.settings().toBuilder()
                        .kvBlocks(15)
                        .maxNumSeqs(3)
                        .maxNumBatchedTokens(64)
                        .build()));
  }

  /** Sends more requests at once than the KV cache holds; half of them repeat a prompt. */
  private static void loadWithPreemptions(SimulatedServer server) {
    Client client = new Client(server);
    CompletableFuture.allOf(
            IntStream.range(0, 12)
                .mapToObj(i -> Map.of("prompt", text(64, i / 2).toString(), "max_tokens", 60))
                .map(request -> client.sendAsync("POST", COMPLETIONS, Client.write(request)))
                .toArray(CompletableFuture[]::new))
        .join();
    assertThat(server.truth()).hasSize(12).allMatch(RequestTruth::complete);
  }

  private static void assertSeconds(
      Exposition metrics,
      String histogram,
      List<RequestTruth> truth,
      ToLongFunction<RequestTruth> of) {
    assertThat(metrics.sum(histogram + "_count")).isEqualTo(truth.size());
    assertThat(metrics.sum(histogram + "_sum")).isCloseTo(seconds(truth, of), within(1e-6));
  }

  private static double seconds(List<RequestTruth> truth, ToLongFunction<RequestTruth> nanos) {
    return truth.stream().mapToLong(nanos).sum() / 1e9;
  }

  private static long queueNanos(RequestTruth request) {
    return request.times().prefillStartNanos() - request.times().admittedNanos();
  }

  private static long prefillNanos(RequestTruth request) {
    return request.times().prefillEndNanos() - request.times().prefillStartNanos();
  }

  private static long ttftNanos(RequestTruth request) {
    return request.times().prefillEndNanos() - request.times().receivedNanos();
  }
}
