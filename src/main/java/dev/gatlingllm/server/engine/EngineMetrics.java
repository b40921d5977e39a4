package dev.gatlingllm.server.engine;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What vLLM counts, under its names and with its buckets. Times are by the engine's clock: what the
 * law says, not how late it was written. Used by the engine's thread.
 */
final class EngineMetrics {

  private final Histogram timeToFirstToken =
      new Histogram(
          0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
          40, 80, 160, 640, 2560);
  private final Histogram interTokenLatency = ofTokens();
  private final Histogram timePerOutputToken = ofTokens();
  private final Histogram endToEnd = ofRequests();
  private final Histogram queue = ofRequests();
  private final Histogram prefill = ofRequests();
  private final Histogram decode = ofRequests();
  private final Map<Engine.End, Long> ends = new EnumMap<>(Engine.End.class);
  private long promptTokens;
  private long cachedTokens;
  private long prefilledTokens;
  private long generatedTokens;
  private long aborted;

  private static Histogram ofTokens() {
    return new Histogram(
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
        80);
  }

  private static Histogram ofRequests() {
    return new Histogram(
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920,
        7680);
  }

  /** A prompt leaves the queue for the first time. */
  void began(BatchedGeneration generation, long nanos) {
    promptTokens += generation.promptTokens();
    cachedTokens += generation.computed();
    queue.add(seconds(generation.arrivalNanos(), nanos));
  }

  /** A token is due. */
  void token(BatchedGeneration generation, long nanos) {
    generatedTokens++;
    if (generation.generated() > 1) {
      interTokenLatency.add(seconds(generation.lastTokenNanos(), nanos));
      return;
    }
    prefilledTokens += generation.promptTokens();
    timeToFirstToken.add(seconds(generation.job().receivedNanos(), nanos));
    prefill.add(seconds(generation.beginNanos(), nanos));
  }

  /** A reply has its last token, which is counted already. */
  void finished(BatchedGeneration generation, long nanos) {
    ends.merge(generation.job().end(), 1L, Long::sum);
    endToEnd.add(seconds(generation.job().receivedNanos(), nanos));
    double decoding = seconds(generation.firstTokenNanos(), nanos);
    decode.add(decoding);
    int following = generation.generated() - 1;
    timePerOutputToken.add(following == 0 ? 0 : decoding / following);
  }

  /** A client left before that. */
  void aborted() {
    aborted++;
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  String expose(String model, Scheduler<?> scheduler) {
    var text = new Exposition(model);
    text.gauge("vllm:num_requests_running", "Requests that run.", scheduler.running());
    text.gauge("vllm:num_requests_waiting", "Requests that wait.", scheduler.waiting());
    text.gauge(
        "vllm:kv_cache_usage_perc",
        "Share of the KV cache's blocks in use, from 0 to 1.",
        scheduler.cacheUsage());
    text.counter(
        "vllm:prefix_cache_queries_total", "Prompt tokens looked up in the cache.", promptTokens);
    text.counter("vllm:prefix_cache_hits_total", "Prompt tokens found there.", cachedTokens);
    text.counter(
        "vllm:num_preemptions_total",
        "Times that a request lost its blocks to another.",
        scheduler.preemptions());
    text.counter("vllm:prompt_tokens_total", "Prompt tokens read.", prefilledTokens);
    text.counter("vllm:generation_tokens_total", "Tokens generated.", generatedTokens);
    text.counters("vllm:request_success_total", "Requests that ended, by how.");
    for (Engine.End end : Engine.End.values()) {
      ended(text, end.name().toLowerCase(Locale.ROOT), ends.getOrDefault(end, 0L));
    }
    ended(text, "abort", aborted);
    text.histogram(
        "vllm:time_to_first_token_seconds", "From receipt to the first token.", timeToFirstToken);
    text.histogram(
        "vllm:inter_token_latency_seconds", "From one token to the next.", interTokenLatency);
    text.histogram(
        "vllm:request_time_per_output_token_seconds",
        "The mean of that for each request.",
        timePerOutputToken);
    text.histogram("vllm:e2e_request_latency_seconds", "From receipt to the last token.", endToEnd);
    text.histogram("vllm:request_queue_time_seconds", "From the queue to the first step.", queue);
    text.histogram(
        "vllm:request_prefill_time_seconds", "From the first step to the first token.", prefill);
    text.histogram("vllm:request_decode_time_seconds", "From the first token to the last.", decode);
    return text.toString();
  }

  private static void ended(Exposition text, String reason, long count) {
    text.sample("vllm:request_success_total", "finished_reason", reason, count);
  }
}
