package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Require;
import java.time.Duration;

/**
 * How many requests for replies a server takes before it refuses more. Immutable; the methods of
 * {@link ServerSettings.Builder} say what each setting means.
 */
public record LoadLimits(int concurrentRequests, int waitingRequests, Duration retryAfter) {

  /** Stands for a limit that there is not. */
  static final int NONE = Integer.MAX_VALUE;

  /**
   * @throws IllegalArgumentException for a value out of its range
   */
  public LoadLimits {
    Require.that(concurrentRequests >= 1, "maxConcurrentRequests", concurrentRequests, "1 or more");
    Require.that(waitingRequests >= 1, "maxWaitingRequests", waitingRequests, "1 or more");
    Require.that(!retryAfter.isNegative(), "retryAfter", retryAfter, "0 or more");
  }
}
