package dev.gatlingllm.server.engine;

import io.netty.util.concurrent.ImmediateEventExecutor;

/** Sends requests to an engine in virtual time and records the results. */
final class VirtualLoad {

  private final FakeClock clock = new FakeClock(0);
  private final Engine engine;
  private int requests;
  private int tokens;
  private double queueNanos;
  private double firstTokenNanos;
  private long longestGapNanos;
  private long lastNanos;

  VirtualLoad(EngineSettings settings) {
    engine = new Engine(settings, clock, 0, EngineMetrics.llamaCpp());
  }

  /** Sends one request at a given time. */
  void send(long nanos, int promptTokens, int responseTokens) {
    clock.at(nanos, () -> start(promptTokens, responseTokens, () -> {}));
  }

  /** Runs a number of users; each sends its next request when a response has ended. */
  void keep(int users, int responsesEach, int responseTokens) {
    for (int user = 0; user < users; user++) {
      clock.at(0, () -> next(responsesEach, responseTokens));
    }
  }

  private void next(int responses, int responseTokens) {
    if (responses > 0) {
      start(1, responseTokens, () -> next(responses - 1, responseTokens));
    }
  }

  private void start(int promptTokens, int responseTokens, Runnable onEnd) {
    long sent = clock.nanoTime();
    engine
        .prepare(
            new Engine.Job(new int[promptTokens], new int[responseTokens], Engine.End.LENGTH, sent),
            "model")
        .start(ImmediateEventExecutor.INSTANCE, new Request(sent, onEnd));
  }

  void run() {
    clock.runUntilIdle(0);
  }

  double meanQueueMillis() {
    return queueNanos / requests / 1e6;
  }

  double meanFirstTokenMillis() {
    return firstTokenNanos / requests / 1e6;
  }

  double longestGapMillis() {
    return longestGapNanos / 1e6;
  }

  double tokensPerSecond() {
    return tokens * 1e9 / lastNanos;
  }

  private final class Request implements Generation.Listener {

    private final long sent;
    private final Runnable onEnd;
    private long previous;

    Request(long sent, Runnable onEnd) {
      this.sent = sent;
      this.onEnd = onEnd;
    }

    @Override
    public void admitted(long nanos) {
      requests++;
    }

    @Override
    public void prefillStarted(int cachedTokens, long nanos) {
      queueNanos += nanos - sent;
    }

    @Override
    public void prefillEnded(long nanos) {
      firstTokenNanos += nanos - sent;
      previous = nanos;
    }

    @Override
    public void tokens(int count, long dueNanos) {
      tokens += count;
      longestGapNanos = Math.max(longestGapNanos, dueNanos - previous);
      previous = dueNanos;
      lastNanos = Math.max(lastNanos, dueNanos);
    }

    @Override
    public void finished() {
      onEnd.run();
    }
  }
}
