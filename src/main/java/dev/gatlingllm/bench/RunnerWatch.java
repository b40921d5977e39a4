package dev.gatlingllm.bench;

import java.io.IOException;

/**
 * Ends a fork whose runner has ended or was killed. The runner holds the other end of the fork's
 * standard input, and never writes to it.
 */
final class RunnerWatch {

  private static final int RUNNER_GONE = 3;

  private RunnerWatch() {}

  static void start() {
    Thread thread = new Thread(RunnerWatch::untilGone, "gatling-llm-runner-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void untilGone() {
    try {
      while (System.in.read() >= 0) {
        // nobody writes
      }
    } catch (IOException e) {
      // same as its end
    }
    System.exit(RUNNER_GONE);
  }
}
