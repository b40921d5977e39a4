package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.EngineMetrics;

/** Whose metrics {@code /metrics} has. */
public enum MetricsDialect {
  /** vLLM's names. */
  VLLM,
  /** Names that vLLM has replaced, such as {@code vllm:gpu_cache_usage_perc}. */
  VLLM_OLD,
  /** SGLang's names. */
  SGLANG,
  /** llama.cpp's names, without labels and histograms. */
  LLAMA_CPP;

  /** Returns the metrics of one engine. */
  EngineMetrics create(ServerSettings settings, int replica) {
    return switch (this) {
      case VLLM, VLLM_OLD ->
          EngineMetrics.vllm(
              this == VLLM_OLD, settings.modelName, settings.maxModelTokens, replica);
      case SGLANG -> EngineMetrics.sglang(settings.modelName, replica);
      case LLAMA_CPP -> EngineMetrics.llamaCpp();
    };
  }
}
