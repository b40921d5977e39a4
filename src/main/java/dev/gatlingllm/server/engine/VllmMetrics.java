package dev.gatlingllm.server.engine;

import dev.gatlingllm.server.engine.PrometheusText.BucketHistogram;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * vLLM's metrics, with its labels, buckets and moments: a request's queue, prefill and decode times
 * are recorded when it ends.
 */
final class VllmMetrics extends EngineMetrics {

  private final BucketHistogram timeToFirstToken =
      new BucketHistogram(
          0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
          40, 80, 160, 640, 2560);
  private final BucketHistogram interTokenLatency = perToken();
  private final BucketHistogram timePerOutputToken = perToken();
  private final BucketHistogram endToEnd = perRequest();
  private final BucketHistogram queue = perRequest();
  private final BucketHistogram inference = perRequest();
  private final BucketHistogram prefill = perRequest();
  private final BucketHistogram decode = perRequest();
  private final BucketHistogram iterationTokens =
      new BucketHistogram(1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384);
  private final BucketHistogram requestPromptTokens;
  private final BucketHistogram requestGenerationTokens;
  private final Map<Engine.End, Long> ends = new EnumMap<>(Engine.End.class);
  private final boolean oldNames;
  private final Map<String, String> labels;
  private final double createdSeconds = System.currentTimeMillis() / 1e3;
  private long queriedTokens;
  private long hitTokens;
  private long promptTokens;
  private long cachedPromptTokens;
  private long generationTokens;
  private long aborted;

  VllmMetrics(boolean oldNames, String model, int maxModelTokens, int replica) {
    this.oldNames = oldNames;
    labels = Map.of("model_name", model, "engine", String.valueOf(replica));
    requestPromptTokens = upTo(maxModelTokens);
    requestGenerationTokens = upTo(maxModelTokens);
  }

  private static BucketHistogram perToken() {
    return new BucketHistogram(
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
        80);
  }

  private static BucketHistogram perRequest() {
    return new BucketHistogram(
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920,
        7680);
  }

  /** Returns a histogram with the bounds 1, 2, 5, 10, … up to a number. */
  private static BucketHistogram upTo(int tokens) {
    return new BucketHistogram(
        DoubleStream.iterate(1, power -> power <= tokens, power -> power * 10)
            .flatMap(power -> DoubleStream.of(power, 2 * power, 5 * power))
            .filter(bound -> bound <= tokens)
            .toArray());
  }

  @Override
  void stepped(int tokens, int sequences) {
    iterationTokens.add(tokens);
  }

  @Override
  void began(Generation generation) {
    queriedTokens += generation.promptTokens;
    hitTokens += generation.cachedTokens;
  }

  @Override
  void prefilled(Generation generation) {
    promptTokens += generation.promptTokens;
    cachedPromptTokens += generation.cachedTokens;
    generationTokens++;
    timeToFirstToken.add(generation.firstTokenSeconds());
  }

  @Override
  void decoded(double seconds) {
    generationTokens++;
    interTokenLatency.add(seconds);
  }

  @Override
  void finished(Generation generation) {
    ends.merge(generation.job.end(), 1L, Long::sum);
    endToEnd.add(generation.totalSeconds());
    queue.add(generation.queueSeconds());
    prefill.add(generation.prefillSeconds());
    double decoding = generation.decodeSeconds();
    decode.add(decoding);
    inference.add(generation.prefillSeconds() + decoding);
    requestPromptTokens.add(generation.promptTokens);
    requestGenerationTokens.add(generation.generated);
    int following = generation.generated - 1;
    timePerOutputToken.add(following == 0 ? 0 : decoding / following);
  }

  @Override
  void aborted() {
    aborted++;
  }

  @Override
  void write(PrometheusText all, Scheduler<?> scheduler) {
    PrometheusText text = all.withLabels(labels).withCreated(createdSeconds);
    String old = oldNames ? "gpu_" : "";
    text.gauge("vllm:num_requests_running", "Running requests.", scheduler.running());
    text.gauge("vllm:num_requests_waiting", "Waiting requests.", scheduler.waiting());
    text.gauge(
        oldNames ? "vllm:gpu_cache_usage_perc" : "vllm:kv_cache_usage_perc",
        "Fraction of KV cache blocks in use, from 0 to 1.",
        scheduler.cacheUsage());
    text.gauge(
        "vllm:cache_config_info",
        "The KV cache.",
        1,
        "block_size",
        String.valueOf(scheduler.blockSize()),
        "num_gpu_blocks",
        String.valueOf(scheduler.blocks()));
    text.counter(
        "vllm:" + old + "prefix_cache_queries_total",
        "Prompt tokens looked up in the prefix cache.",
        queriedTokens);
    text.counter(
        "vllm:" + old + "prefix_cache_hits_total",
        "Prompt tokens found in the prefix cache.",
        hitTokens);
    text.counter(
        "vllm:num_preemptions_total", "Preemptions of running requests.", scheduler.preemptions());
    text.counter("vllm:prompt_tokens_total", "Prefilled prompt tokens.", promptTokens);
    text.counter("vllm:generation_tokens_total", "Generated tokens.", generationTokens);
    for (Engine.End end : Engine.End.values()) {
      ended(text, end.name().toLowerCase(Locale.ROOT), ends.getOrDefault(end, 0L));
    }
    ended(text, "abort", aborted);
    ended(text, "error", 0);
    if (!oldNames) {
      String source = "vllm:prompt_tokens_by_source_total";
      String help = "Prefilled prompt tokens by source.";
      text.counter(source, help, promptTokens - cachedPromptTokens, "source", "local_compute");
      text.counter(source, help, cachedPromptTokens, "source", "local_cache_hit");
      text.counter(source, help, 0, "source", "external_kv_transfer");
      text.counter("vllm:prompt_tokens_cached_total", "Cached prompt tokens.", cachedPromptTokens);
    }
    writeHistograms(text);
  }

  private static void ended(PrometheusText text, String reason, long count) {
    text.counter(
        "vllm:request_success_total",
        "Ended requests by reason.",
        count,
        "finished_reason",
        reason);
  }

  private void writeHistograms(PrometheusText text) {
    text.histogram("vllm:iteration_tokens_total", "Tokens of a step.", iterationTokens);
    text.histogram(
        "vllm:time_to_first_token_seconds",
        "Time from receipt to the first token.",
        timeToFirstToken);
    text.histogram(
        oldNames ? "vllm:time_per_output_token_seconds" : "vllm:inter_token_latency_seconds",
        "Time between tokens.",
        interTokenLatency);
    if (!oldNames) {
      text.histogram(
          "vllm:request_time_per_output_token_seconds",
          "Mean time between tokens per request.",
          timePerOutputToken);
    }
    text.histogram(
        "vllm:e2e_request_latency_seconds", "Time from receipt to the last token.", endToEnd);
    text.histogram("vllm:request_queue_time_seconds", "Time in the queue.", queue);
    text.histogram(
        "vllm:request_inference_time_seconds",
        "Time from the first step to the last token.",
        inference);
    text.histogram(
        "vllm:request_prefill_time_seconds",
        "Time from the first step to the first token.",
        prefill);
    text.histogram(
        "vllm:request_decode_time_seconds", "Time from the first to the last token.", decode);
    text.histogram("vllm:request_prompt_tokens", "Prompt tokens per request.", requestPromptTokens);
    text.histogram(
        "vllm:request_generation_tokens", "Generated tokens per request.", requestGenerationTokens);
  }
}
