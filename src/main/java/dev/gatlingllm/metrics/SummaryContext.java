package dev.gatlingllm.metrics;

/**
 * What a scope must know of its run to be summarised. Immutable.
 *
 * @param seconds length of the window or iteration, which rates are over
 * @param objectives that responses were judged by
 * @param cacheReported whether any response of the run reported cached tokens: a server that does
 *     so once may leave the field out where nothing was cached
 */
record SummaryContext(double seconds, Objectives objectives, boolean cacheReported) {

  /** Returns the context of an iteration of the same run. */
  SummaryContext over(double iterationSeconds) {
    return new SummaryContext(iterationSeconds, objectives, cacheReported);
  }
}
