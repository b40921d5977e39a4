package dev.gatlingllm.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * What a load generator cost.
 *
 * @param tokensPerSecond received
 * @param cpuPerMillion processor seconds of its process per million tokens
 */
record ToolCost(double tokensPerSecond, double cpuPerMillion) {

  static ToolCost of(Run run) {
    return new ToolCost(run.tokensPerSecond(), run.cpuPerMillion());
  }

  /**
   * Returns the cost of a process that is not ours.
   *
   * @param streams the server's records of all responses
   * @param beginNanos when the measurement began
   * @param endNanos when it ended
   * @param cpuNanos processor time that the process used meanwhile
   */
  static ToolCost of(List<StreamMoments> streams, long beginNanos, long endNanos, long cpuNanos) {
    long tokens =
        streams.stream()
            .flatMapToLong(stream -> Arrays.stream(stream.tokens()))
            .filter(nanos -> nanos - beginNanos >= 0 && nanos - endNanos < 0)
            .count();
    return new ToolCost(tokens * 1e9 / (endNanos - beginNanos), cpuNanos / 1e3 / tokens);
  }
}
