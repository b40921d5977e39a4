package dev.gatlingllm.server.engine;

/**
 * Counts what an engine does, and reports it as one kind of server does. Times are due times on the
 * engine's clock, not the times of writing. Used by the engine's thread.
 */
public abstract class EngineMetrics {

  EngineMetrics() {}

  /**
   * The metrics of vLLM.
   *
   * @param oldNames whether to use the names that vLLM has replaced
   * @param model the value of the label {@code model_name}
   * @param maxModelTokens the size of the context window
   * @param replica the number of the engine, from 0
   */
  public static EngineMetrics vllm(
      boolean oldNames, String model, int maxModelTokens, int replica) {
    return new VllmMetrics(oldNames, model, maxModelTokens, replica);
  }

  /**
   * The metrics of SGLang.
   *
   * @param model the value of the label {@code model_name}
   * @param replica the number of the engine, from 0
   */
  public static EngineMetrics sglang(String model, int replica) {
    return new SglangMetrics(model, replica);
  }

  /** The metrics of llama.cpp, which have no labels. */
  public static EngineMetrics llamaCpp() {
    return new LlamaCppMetrics();
  }

  /**
   * Records that a step begins.
   *
   * @param tokens how many tokens it computes
   * @param sequences how many sequences it has
   */
  void stepped(int tokens, int sequences) {}

  /** Records that a prompt left the queue for the first time. */
  abstract void began(Generation generation);

  /** Records that the first token of a generation is due. */
  abstract void prefilled(Generation generation);

  /**
   * Records that another token of a generation is due.
   *
   * @param seconds the time since the token before it
   */
  abstract void decoded(double seconds);

  /** Records the end of a generation; its last token is already recorded. */
  abstract void finished(Generation generation);

  /** Records a generation that was cancelled. */
  abstract void aborted();

  /** Writes the current values. */
  abstract void write(PrometheusText text, Scheduler<?> scheduler);
}
