package dev.gatlingllm.server.engine;

import dev.gatlingllm.server.engine.PrometheusText.BucketHistogram;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * SGLang's metrics, with its labels, buckets and moments: a request's tokens are counted when it
 * ends, its time in the queue when it leaves the queue.
 */
final class SglangMetrics extends EngineMetrics {

  private final BucketHistogram timeToFirstToken =
      new BucketHistogram(
          0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400);
  private final BucketHistogram interTokenLatency =
      new BucketHistogram(
          0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.06, 0.08, 0.1,
          0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8);
  private final BucketHistogram endToEnd =
      new BucketHistogram(
          0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400, 600, 1200,
          1800, 2400);
  private final BucketHistogram queue =
      new BucketHistogram(
          0, 0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300,
          400, 500, 600, 700, 800, 900, 1000, 1200, 1400, 1600, 1800, 2000, 2200, 2400, 2600, 2800,
          3000);
  private final BucketHistogram waitingStage = perStage();
  private final BucketHistogram forwardStage = perStage();
  private final Map<String, String> labels;
  private long promptTokens;
  private long cachedTokens;
  private long generationTokens;
  private long requests;
  private long aborted;

  SglangMetrics(String model, int replica) {
    labels =
        Map.of(
            "model_name",
            model,
            "engine_type",
            "unified",
            "tp_rank",
            "0",
            "pp_rank",
            "0",
            "moe_ep_rank",
            "0",
            "dp_rank",
            String.valueOf(replica));
  }

  private static BucketHistogram perStage() {
    return new BucketHistogram(
        DoubleStream.iterate(0.001, bound -> bound * 1.62).limit(30).toArray());
  }

  @Override
  void began(Generation generation) {
    queue.add(generation.queueSeconds());
    waitingStage.add(generation.queueSeconds());
  }

  @Override
  void prefilled(Generation generation) {
    timeToFirstToken.add(generation.firstTokenSeconds());
    forwardStage.add(generation.prefillSeconds());
  }

  @Override
  void decoded(double seconds) {
    interTokenLatency.add(seconds);
  }

  @Override
  void finished(Generation generation) {
    requests++;
    promptTokens += generation.promptTokens;
    cachedTokens += generation.cachedTokens;
    generationTokens += generation.generated;
    endToEnd.add(generation.totalSeconds());
  }

  @Override
  void aborted() {
    aborted++;
  }

  @Override
  void write(PrometheusText all, Scheduler<?> scheduler) {
    PrometheusText text = all.withLabels(labels);
    double capacity = (double) scheduler.blocks() * scheduler.blockSize();
    text.gauge("sglang:num_running_reqs", "Running requests.", scheduler.running());
    text.gauge("sglang:num_queue_reqs", "Waiting requests.", scheduler.waiting());
    text.gauge("sglang:token_usage", "Fraction of KV tokens in use.", scheduler.cacheUsage());
    text.gauge(
        "sglang:num_used_tokens",
        "KV tokens in use.",
        Math.rint(capacity * scheduler.cacheUsage()));
    text.gauge("sglang:max_total_num_tokens", "Size of the KV cache in tokens.", capacity);
    text.counter("sglang:prompt_tokens_total", "Prompt tokens of ended requests.", promptTokens);
    text.counter(
        "sglang:generation_tokens_total", "Generated tokens of ended requests.", generationTokens);
    for (String source : new String[] {"device", "total"}) {
      text.counter(
          "sglang:cached_tokens_total",
          "Cached prompt tokens of ended requests.",
          cachedTokens,
          "cache_source",
          source);
    }
    text.counter("sglang:num_requests_total", "Ended requests.", requests);
    text.counter("sglang:num_aborted_requests_total", "Cancelled requests.", aborted);
    text.counter("sglang:num_retracted_requests_total", "Retractions.", scheduler.preemptions());
    text.counter("sglang:evicted_tokens_total", "Evicted tokens.", scheduler.evictedTokens());
    text.histogram(
        "sglang:time_to_first_token_seconds",
        "Time from receipt to the first token.",
        timeToFirstToken);
    text.histogram("sglang:inter_token_latency_seconds", "Time between tokens.", interTokenLatency);
    text.histogram(
        "sglang:e2e_request_latency_seconds", "Time from receipt to the last token.", endToEnd);
    text.histogram("sglang:queue_time_seconds", "Time in the queue.", queue);
    String stages = "sglang:per_stage_req_latency_seconds";
    text.histogram(stages, "Time per stage.", waitingStage, "stage", "prefill_waiting");
    text.histogram(stages, "Time per stage.", forwardStage, "stage", "prefill_forward");
  }
}
