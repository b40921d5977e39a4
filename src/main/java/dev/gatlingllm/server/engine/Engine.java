package dev.gatlingllm.server.engine;

import java.util.function.Consumer;

/**
 * Decides when the tokens of a reply come and how much of a prompt is cached; what the tokens say
 * is decided before. Knows nothing of HTTP.
 */
public interface Engine {

  /**
   * Starts an engine, idle at first.
   *
   * @param clock whose thread the engine lives on
   * @param seed decides the jitter
   */
  static Engine start(EngineSettings settings, EngineClock clock, long seed) {
    return new BatchingEngine(settings, clock, seed);
  }

  /**
   * Readies a job; may take a while for a long prompt, so never on an event loop. Any thread.
   *
   * @throws IllegalArgumentException when the job could never be run: it is longer than the whole
   *     cache, or than the budget of a step that takes prompts in one piece
   */
  Generation prepare(Job job);

  /**
   * Tells what happened so far, in Prometheus's text format and under vLLM's names. Any thread.
   *
   * @param model the label {@code model_name}
   * @param reader called with the text on the engine's thread
   */
  void metrics(String model, Consumer<String> reader);

  /**
   * Empties the prefix cache: no prompt that is read from then on finds blocks of earlier ones. Any
   * thread.
   *
   * @param done called on the engine's thread
   */
  void forgetPrefixes(Runnable done);

  /**
   * One reply to be generated. Several replies to one prompt are jobs of their own, which share the
   * blocks of the prompt.
   *
   * @param promptTokens the prompt's token ids, 1 or more
   * @param replyTokens the reply's token ids, as a client's next prompt will repeat them; 1 or more
   * @param end why the reply ends there
   * @param receivedNanos when the request was received, by {@link System#nanoTime()}
   */
  record Job(int[] promptTokens, int[] replyTokens, End end, long receivedNanos) {}

  /** Why a reply ends. */
  enum End {
    /** The model had said what it had to say. */
    STOP,
    /** The reply had the length that was asked for. */
    LENGTH
  }
}
