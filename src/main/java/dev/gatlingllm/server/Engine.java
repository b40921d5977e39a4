package dev.gatlingllm.server;

/**
 * Decides when the tokens of a reply come and how much of a prompt is cached; what the tokens say
 * is decided before. Knows nothing of HTTP.
 */
interface Engine {

  /** Readies a job; may take a while for a long prompt, so never on an event loop. Any thread. */
  Generation prepare(Job job);

  /**
   * One reply to be generated.
   *
   * @param promptTokens the prompt's token ids
   * @param replyTokens the reply's token ids, as a client's next prompt will repeat them; 1 or more
   * @param receivedNanos when the request was received, by {@link System#nanoTime()}
   * @param seed decides what is random about this generation
   */
  record Job(int[] promptTokens, int[] replyTokens, long receivedNanos, long seed) {}
}
