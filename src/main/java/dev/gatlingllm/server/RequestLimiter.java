package dev.gatlingllm.server;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the generation requests in progress and rejects those above the limits. */
final class RequestLimiter {

  private final ServerSettings settings;
  private final AtomicInteger concurrent = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  RequestLimiter(ServerSettings settings) {
    this.settings = settings;
  }

  /**
   * Accepts one more request. Any thread can call this.
   *
   * @throws OpenAiError 429 if too many are in progress, 503 if too many wait for the engine
   */
  Permit acquire() throws OpenAiError {
    if (concurrent.incrementAndGet() > settings.maxConcurrentRequests) {
      concurrent.decrementAndGet();
      throw OpenAiError.rateLimited();
    }
    if (waiting.incrementAndGet() > settings.maxWaitingRequests) {
      waiting.decrementAndGet();
      concurrent.decrementAndGet();
      throw OpenAiError.overloaded();
    }
    return new Permit();
  }

  /** Returns whether so many requests are in progress that texts are wrong. */
  boolean corrupts() {
    return concurrent.get() > settings.corruptAbove;
  }

  /** The share of one request in the limits. Used on the request's event loop. */
  final class Permit {

    private boolean waits = true;
    private boolean held = true;

    /** The engine started to work on the request. */
    void started() {
      if (waits) {
        waits = false;
        waiting.decrementAndGet();
      }
    }

    /** The request has ended in any way. Further calls do nothing. */
    void release() {
      started();
      if (held) {
        held = false;
        concurrent.decrementAndGet();
      }
    }
  }
}
