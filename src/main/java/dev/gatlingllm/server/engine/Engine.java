package dev.gatlingllm.server.engine;

import java.util.function.Consumer;

/**
 * Decides when tokens are generated and how much of a prompt is cached. The content of the tokens
 * is given. Knows nothing about HTTP.
 */
public interface Engine {

  /**
   * Creates an idle engine.
   *
   * @param clock the clock; the engine runs on its thread
   * @param seed the seed of the jitter
   */
  static Engine create(EngineSettings settings, EngineClock clock, long seed) {
    return new BatchingEngine(settings, clock, seed);
  }

  /**
   * Prepares a job. Too slow for an event loop if the prompt is long. Thread-safe.
   *
   * @throws IllegalArgumentException if the job can never run, because it is longer than the whole
   *     cache, or than the token budget of a step without chunked prefill
   */
  Generation prepare(Job job);

  /**
   * Reports the engine's metrics in Prometheus's text format with vLLM's names. Thread-safe.
   *
   * @param model the value of the label {@code model_name}
   * @param reader receives the text on the engine's thread
   */
  void metrics(String model, Consumer<String> reader);

  /**
   * Empties the prefix cache: later prompts find no blocks of earlier ones. Thread-safe.
   *
   * @param done called on the engine's thread
   */
  void resetPrefixCache(Runnable done);

  /**
   * One completion to generate. Several completions of one prompt are separate jobs, which share
   * the blocks of the prompt.
   *
   * @param promptTokens the prompt's token ids; at least 1
   * @param outputTokens the completion's token ids, as the client's next prompt repeats them; at
   *     least 1
   * @param end why the completion ends
   * @param receivedNanos when the request was received, in {@link System#nanoTime()}
   */
  record Job(int[] promptTokens, int[] outputTokens, End end, long receivedNanos) {}

  /** Why a completion ends. */
  enum End {
    /** The model ended it. */
    STOP,
    /** It reached the requested length. */
    LENGTH
  }
}
