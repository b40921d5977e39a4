package dev.gatlingllm.observe;

import static dev.gatlingllm.metrics.ServerSignal.*;

import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.observe.MetricsText.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that servers have for each {@link ServerSignal}. No name is common to two programs, so
 * that a name tells which one it is, also where an endpoint passes on the metrics of another.
 */
final class Vocabulary {

  /**
   * A metric that tells a signal.
   *
   * @param program what exposes it, such as {@code vLLM}
   * @param name of the sample
   * @param label whose value selects the samples; empty for all
   * @param value of the label
   * @param factor by which a value is multiplied for the signal's unit
   */
  private record Source(
      ServerSignal signal,
      String program,
      String name,
      String label,
      String value,
      double factor) {}

  /** By signal, the most direct one first: engines before gateways, new names before old ones. */
  private static final Map<ServerSignal, List<Source>> SOURCES = new EnumMap<>(ServerSignal.class);

  /** The programs of a signal's sources, in their order. */
  private static final Map<ServerSignal, List<String>> PROGRAMS = new EnumMap<>(ServerSignal.class);

  /** The metrics that stand for a signal. */
  private static final Map<String, ServerSignal> KNOWN = new HashMap<>();

  /** Names of what is the same, and not more, where there are several GPUs or engines. */
  private static final Pattern NOT_ADDITIVE =
      Pattern.compile(
          "(perc|percent|ratio|rate|usage|util|utilization|active|temp|clock|length)s?(_|$)",
          Pattern.CASE_INSENSITIVE);

  /** Each scrape resets them, so that two clients disturb each other. */
  private static final Set<String> RESET_BY_READING =
      Set.of("llamacpp:prompt_tokens_seconds", "llamacpp:predicted_tokens_seconds");

  static {
    vllm("vLLM", "vllm:");
    add(KV_CACHE, "vLLM", "vllm:kv_cache_usage_perc");
    add(KV_CACHE, "vLLM", "vllm:gpu_cache_usage_perc");
    add(CACHE_QUERIES, "vLLM", "vllm:prefix_cache_queries_total");
    add(CACHE_QUERIES, "vLLM", "vllm:gpu_prefix_cache_queries_total");
    add(CACHE_HITS, "vLLM", "vllm:prefix_cache_hits_total");
    add(CACHE_HITS, "vLLM", "vllm:gpu_prefix_cache_hits_total");
    add(PREEMPTIONS, "vLLM", "vllm:num_preemptions_total");
    add(DRAFTS, "vLLM", "vllm:spec_decode_num_drafts_total");
    add(DRAFT_TOKENS, "vLLM", "vllm:spec_decode_num_draft_tokens_total");
    add(ACCEPTED_TOKENS, "vLLM", "vllm:spec_decode_num_accepted_tokens_total");

    String sglang = "SGLang";
    add(RUNNING, sglang, "sglang:num_running_reqs");
    add(WAITING, sglang, "sglang:num_queue_reqs");
    add(KV_CACHE, sglang, "sglang:token_usage");
    add(CACHE_QUERIES, sglang, "sglang:prompt_tokens_total");
    add(CACHE_HITS, sglang, "sglang:cached_tokens_total");
    add(PREEMPTIONS, sglang, "sglang:num_retracted_requests_total");
    add(PROMPT_TOKENS, sglang, "sglang:prompt_tokens_total");
    add(OUTPUT_TOKENS, sglang, "sglang:generation_tokens_total");
    times(TTFT_SECONDS, TTFT_COUNT, sglang, "sglang:time_to_first_token_seconds", "");
    times(QUEUE_SECONDS, QUEUE_COUNT, sglang, "sglang:queue_time_seconds", "");
    times(
        PREFILL_SECONDS,
        PREFILL_COUNT,
        sglang,
        "sglang:per_stage_req_latency_seconds",
        "stage=prefill_forward");

    String tgi = "TGI";
    add(RUNNING, tgi, "tgi_batch_current_size");
    add(WAITING, tgi, "tgi_queue_size");
    add(PROMPT_TOKENS, tgi, "tgi_request_input_length_sum");
    add(OUTPUT_TOKENS, tgi, "tgi_request_generated_tokens_sum");
    times(QUEUE_SECONDS, QUEUE_COUNT, tgi, "tgi_request_queue_duration", "");

    String llama = "llama.cpp";
    add(RUNNING, llama, "llamacpp:requests_processing");
    add(WAITING, llama, "llamacpp:requests_deferred");
    add(KV_CACHE, llama, "llamacpp:kv_cache_usage_ratio");
    add(OUTPUT_TOKENS, llama, "llamacpp:tokens_predicted_total");
    add(PREFILL_SECONDS, llama, "llamacpp:prompt_seconds_total");
    add(DECODE_SECONDS, llama, "llamacpp:tokens_predicted_seconds_total");

    for (String prefix : List.of("trtllm_", "trtllm:")) {
      vllm("TensorRT-LLM", prefix);
      add(KV_CACHE, "TensorRT-LLM", prefix + "kv_cache_utilization");
    }

    vllm("LMDeploy", "lmdeploy:");
    add(KV_CACHE, "LMDeploy", "lmdeploy:gpu_cache_usage_perc");
    add(CACHE_QUERIES, "LMDeploy", "lmdeploy:prompt_tokens_total");
    add(CACHE_HITS, "LMDeploy", "lmdeploy:cached_tokens_total");

    String triton = "Triton";
    String tritonRequests = "nv_trt_llm_request_metrics";
    add(RUNNING, triton, tritonRequests, "request_type=active", 1);
    add(WAITING, triton, tritonRequests, "request_type=waiting", 1);
    add(KV_CACHE, triton, "nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type=fraction", 1);
    add(POWER, triton, "nv_gpu_power_usage");
    add(ENERGY, triton, "nv_energy_consumption");

    String dynamo = "Dynamo";
    add(RUNNING, dynamo, "dynamo_frontend_inflight_requests");
    add(RUNNING, dynamo, "dynamo_frontend_active_requests");
    add(PROMPT_TOKENS, dynamo, "dynamo_frontend_input_sequence_tokens_sum");
    add(OUTPUT_TOKENS, dynamo, "dynamo_frontend_output_tokens_total");
    times(TTFT_SECONDS, TTFT_COUNT, dynamo, "dynamo_frontend_time_to_first_token_seconds", "");

    String llmd = "llm-d";
    add(RUNNING, llmd, "inference_objective_running_requests");
    add(WAITING, llmd, "inference_extension_flow_control_queue_size");
    add(KV_CACHE, llmd, "inference_pool_average_kv_cache_utilization");
    add(CACHE_QUERIES, llmd, "inference_objective_input_tokens_sum");
    add(CACHE_HITS, llmd, "inference_objective_prompt_cached_tokens_sum");
    add(PROMPT_TOKENS, llmd, "inference_objective_input_tokens_sum");
    add(OUTPUT_TOKENS, llmd, "inference_objective_output_tokens_sum");
    times(TTFT_SECONDS, TTFT_COUNT, llmd, "inference_objective_request_ttft_seconds", "");

    add(POWER, "DCGM", "DCGM_FI_DEV_POWER_USAGE");
    add(ENERGY, "DCGM", "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "", 1e-3);
  }

  private Vocabulary() {}

  /** The names of vLLM, which others took over under their own prefix. */
  private static void vllm(String program, String prefix) {
    add(RUNNING, program, prefix + "num_requests_running");
    add(WAITING, program, prefix + "num_requests_waiting");
    add(PROMPT_TOKENS, program, prefix + "prompt_tokens_total");
    add(OUTPUT_TOKENS, program, prefix + "generation_tokens_total");
    times(TTFT_SECONDS, TTFT_COUNT, program, prefix + "time_to_first_token_seconds", "");
    times(QUEUE_SECONDS, QUEUE_COUNT, program, prefix + "request_queue_time_seconds", "");
    times(PREFILL_SECONDS, PREFILL_COUNT, program, prefix + "request_prefill_time_seconds", "");
    times(DECODE_SECONDS, DECODE_COUNT, program, prefix + "request_decode_time_seconds", "");
  }

  private static void times(
      ServerSignal seconds, ServerSignal count, String program, String histogram, String label) {
    add(seconds, program, histogram + "_sum", label, 1);
    add(count, program, histogram + "_count", label, 1);
  }

  private static void add(ServerSignal signal, String program, String name) {
    add(signal, program, name, "", 1);
  }

  private static void add(
      ServerSignal signal, String program, String name, String label, double factor) {
    int equals = label.indexOf('=');
    SOURCES
        .computeIfAbsent(signal, unseen -> new ArrayList<>())
        .add(
            new Source(
                signal,
                program,
                name,
                label.substring(0, Math.max(0, equals)),
                label.substring(equals + 1),
                factor));
    List<String> programs = PROGRAMS.computeIfAbsent(signal, unseen -> new ArrayList<>());
    if (!programs.contains(program)) {
      programs.add(program);
    }
    KNOWN.putIfAbsent(name, signal);
  }

  /** Returns whether a metric stands for a signal. */
  static boolean isKnown(String name) {
    return KNOWN.containsKey(name);
  }

  /** Returns the value of a metric over two of its series: their sum, or the greater one. */
  static double pooled(Sample sample, double one, double other) {
    ServerSignal signal = KNOWN.get(sample.name());
    if (signal != null) {
      return pooled(signal, one, other);
    }
    return !sample.isCounter() && NOT_ADDITIVE.matcher(sample.name()).find()
        ? Math.max(one, other)
        : one + other;
  }

  /** Returns whether the values of a metric are of no use. */
  static boolean isIgnored(String name) {
    return RESET_BY_READING.contains(name);
  }

  /**
   * Returns the value of each signal at one endpoint, by the program that exposes it: engines
   * before gateways.
   *
   * @param samples by name
   */
  static Map<ServerSignal, Map<String, Double>> signals(Map<String, List<Sample>> samples) {
    Map<ServerSignal, Map<String, Double>> signals = new EnumMap<>(ServerSignal.class);
    for (List<Source> sources : SOURCES.values()) {
      for (Source source : sources) {
        List<Sample> selected = samples.get(source.name);
        if (selected != null && !source.label.isEmpty()) {
          selected = having(source.label, source.value, selected);
        }
        if (selected != null && !selected.isEmpty()) {
          double value = source.factor * pooled(source.signal, withoutParts(selected));
          signals
              .computeIfAbsent(source.signal, unseen -> new LinkedHashMap<>())
              .putIfAbsent(source.program, value);
        }
      }
    }
    return Collections.unmodifiableMap(signals);
  }

  /** Returns the value of a signal of several engines or replicas. */
  static double pooled(ServerSignal signal, double one, double other) {
    return signal == KV_CACHE ? Math.max(one, other) : one + other;
  }

  private static double pooled(ServerSignal signal, List<Sample> samples) {
    double value = 0;
    for (Sample sample : samples) {
      value = pooled(signal, value, sample.value());
    }
    return value;
  }

  /** Leaves out the parts where SGLang exposes a total beside them. */
  static List<Sample> withoutParts(List<Sample> samples) {
    if (samples.size() == 1) {
      return samples;
    }
    List<Sample> totals = having("cache_source", "total", samples);
    if (!totals.isEmpty()) {
      return totals;
    }
    boolean hasParts = false;
    for (Sample sample : samples) {
      hasParts |= !sample.labels().getOrDefault("priority", "").isEmpty();
    }
    List<Sample> whole = having("priority", "", samples);
    return hasParts && !whole.isEmpty() ? whole : samples;
  }

  private static List<Sample> having(String label, String value, List<Sample> samples) {
    List<Sample> having = new ArrayList<>();
    for (Sample sample : samples) {
      if (value.equals(sample.labels().get(label))) {
        having.add(sample);
      }
    }
    return having;
  }

  /** Returns the programs in the order of the table, the most direct ones first. */
  static List<String> programs(ServerSignal signal) {
    return PROGRAMS.getOrDefault(signal, List.of());
  }
}
