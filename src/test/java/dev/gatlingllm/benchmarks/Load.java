package dev.gatlingllm.benchmarks;

/**
 * The load of a client.
 *
 * @param kind what it does with the streams
 * @param streams how many are open at once
 * @param replyTokens mean length of a reply; lengths spread evenly from half to one and a half of
 *     it, or all streams would go in step
 * @param warmUpSeconds from the first reply on, before anything is measured
 * @param seconds that are measured
 */
record Load(ClientKind kind, int streams, int replyTokens, int warmUpSeconds, int seconds) {

  private static final String KIND = "benchmark.kind";
  private static final String STREAMS = "benchmark.streams";
  private static final String TOKENS = "benchmark.tokens";
  private static final String WARM_UP = "benchmark.warmup";
  private static final String SECONDS = "benchmark.seconds";

  /** The load that this process was started for. */
  static Load ofThisProcess() {
    return new Load(
        ClientKind.valueOf(System.getProperty(KIND)),
        Integer.getInteger(STREAMS),
        Integer.getInteger(TOKENS),
        Integer.getInteger(WARM_UP),
        Integer.getInteger(SECONDS));
  }

  JavaProcess givenTo(JavaProcess process) {
    return process
        .with(KIND, kind.name())
        .with(STREAMS, streams)
        .with(TOKENS, replyTokens)
        .with(WARM_UP, warmUpSeconds)
        .with(SECONDS, seconds);
  }

  Load with(ClientKind other) {
    return new Load(other, streams, replyTokens, warmUpSeconds, seconds);
  }

  Load with(int otherStreams) {
    return new Load(kind, otherStreams, replyTokens, warmUpSeconds, seconds);
  }

  int shortestReply() {
    return Math.max(1, replyTokens / 2);
  }

  int longestReply() {
    return replyTokens + replyTokens / 2;
  }
}
