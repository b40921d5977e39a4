package dev.gatlingllm.metrics;

/**
 * What a scope must know of its run to be summarised. Immutable.
 *
 * @param seconds length of the window or iteration, which rates are over
 * @param objectives that responses were judged by
 * @param cacheReported whether any response of the run reported cached tokens: a server that does
 *     so once may leave the field out where nothing was cached
 * @param deployment what the scope had for itself; unknown for a part of what ran side by side
 */
record SummaryContext(
    double seconds, Objectives objectives, boolean cacheReported, Deployment deployment) {

  /** Returns the context of an iteration of the same run. */
  SummaryContext over(double iterationSeconds) {
    return new SummaryContext(iterationSeconds, objectives, cacheReported, deployment);
  }

  /** Returns the context of a part of the run, such as a scenario. */
  SummaryContext ofPart() {
    return new SummaryContext(seconds, objectives, cacheReported, Deployment.UNKNOWN);
  }
}
