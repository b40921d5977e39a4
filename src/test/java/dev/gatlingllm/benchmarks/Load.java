package dev.gatlingllm.benchmarks;

/**
 * The load of a client.
 *
 * @param kind what it does with the streams
 * @param streams how many are open at once
 * @param responseTokens mean length of a response; lengths spread evenly from half to one and a
 *     half of it, so that streams do not run in step
 * @param warmUpSeconds from the first response to the start of the measurement
 * @param seconds measured
 */
record Load(ClientKind kind, int streams, int responseTokens, int warmUpSeconds, int seconds) {

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
        .with(TOKENS, responseTokens)
        .with(WARM_UP, warmUpSeconds)
        .with(SECONDS, seconds);
  }

  Load with(ClientKind other) {
    return new Load(other, streams, responseTokens, warmUpSeconds, seconds);
  }

  Load with(int otherStreams) {
    return new Load(kind, otherStreams, responseTokens, warmUpSeconds, seconds);
  }

  int shortestResponse() {
    return Math.max(1, responseTokens / 2);
  }

  int longestResponse() {
    return responseTokens + responseTokens / 2;
  }
}
