package dev.gatlingllm.server.engine;

import dev.gatlingllm.server.engine.PrometheusText.BucketHistogram;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The engine's metrics, with vLLM's names and buckets. Times are due times on the engine's clock,
 * not the times of writing. Used by the engine's thread.
 */
final class EngineMetrics {

  private static final String ENDED = "vllm:request_success_total";

  private final BucketHistogram timeToFirstToken =
      new BucketHistogram(
          0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
          40, 80, 160, 640, 2560);
  private final BucketHistogram interTokenLatency = perToken();
  private final BucketHistogram timePerOutputToken = perToken();
  private final BucketHistogram endToEnd = perRequest();
  private final BucketHistogram queue = perRequest();
  private final BucketHistogram prefill = perRequest();
  private final BucketHistogram decode = perRequest();
  private final Map<Engine.End, Long> ends = new EnumMap<>(Engine.End.class);
  private long promptTokens;
  private long cachedTokens;
  private long prefilledTokens;
  private long generatedTokens;
  private long aborted;

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

  /** Records that a prompt left the queue for the first time. */
  void began(Generation generation, long nanos) {
    promptTokens += generation.promptTokens;
    cachedTokens += generation.computed;
    queue.add(seconds(generation.arrivalNanos, nanos));
  }

  /** Records a token. */
  void token(Generation generation, long nanos) {
    generatedTokens++;
    if (generation.generated > 1) {
      interTokenLatency.add(seconds(generation.lastTokenNanos, nanos));
      return;
    }
    prefilledTokens += generation.promptTokens;
    timeToFirstToken.add(seconds(generation.job.receivedNanos(), nanos));
    prefill.add(seconds(generation.beginNanos, nanos));
  }

  /** Records the end of a generation; its last token is already recorded. */
  void finished(Generation generation, long nanos) {
    ends.merge(generation.job.end(), 1L, Long::sum);
    endToEnd.add(seconds(generation.job.receivedNanos(), nanos));
    double decoding = seconds(generation.firstTokenNanos, nanos);
    decode.add(decoding);
    int following = generation.generated - 1;
    timePerOutputToken.add(following == 0 ? 0 : decoding / following);
  }

  /** Records a generation that was cancelled. */
  void aborted() {
    aborted++;
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  String expose(String model, Scheduler<?> scheduler) {
    var text = new PrometheusText(model);
    text.gauge("vllm:num_requests_running", "Running requests.", scheduler.running());
    text.gauge("vllm:num_requests_waiting", "Waiting requests.", scheduler.waiting());
    text.gauge(
        "vllm:kv_cache_usage_perc",
        "Fraction of KV cache blocks in use, from 0 to 1.",
        scheduler.cacheUsage());
    text.counter(
        "vllm:prefix_cache_queries_total",
        "Prompt tokens looked up in the prefix cache.",
        promptTokens);
    text.counter(
        "vllm:prefix_cache_hits_total", "Prompt tokens found in the prefix cache.", cachedTokens);
    text.counter(
        "vllm:num_preemptions_total", "Preemptions of running requests.", scheduler.preemptions());
    text.counter("vllm:prompt_tokens_total", "Prefilled prompt tokens.", prefilledTokens);
    text.counter("vllm:generation_tokens_total", "Generated tokens.", generatedTokens);
    text.counters(ENDED, "Ended requests by reason.");
    for (Engine.End end : Engine.End.values()) {
      String reason = end.name().toLowerCase(Locale.ROOT);
      text.sample(ENDED, "finished_reason", reason, ends.getOrDefault(end, 0L));
    }
    text.sample(ENDED, "finished_reason", "abort", aborted);
    text.histogram(
        "vllm:time_to_first_token_seconds",
        "Time from receipt to the first token.",
        timeToFirstToken);
    text.histogram("vllm:inter_token_latency_seconds", "Time between tokens.", interTokenLatency);
    text.histogram(
        "vllm:request_time_per_output_token_seconds",
        "Mean time between tokens per request.",
        timePerOutputToken);
    text.histogram(
        "vllm:e2e_request_latency_seconds", "Time from receipt to the last token.", endToEnd);
    text.histogram("vllm:request_queue_time_seconds", "Time in the queue.", queue);
    text.histogram(
        "vllm:request_prefill_time_seconds",
        "Time from the first step to the first token.",
        prefill);
    text.histogram(
        "vllm:request_decode_time_seconds", "Time from the first to the last token.", decode);
    return text.toString();
  }
}
