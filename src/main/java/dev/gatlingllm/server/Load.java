package dev.gatlingllm.server;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests for replies that are under way, and refuses those beyond the limits. */
final class Load {

  private final ServerSettings.RequestLimits limits;
  private final AtomicInteger concurrent = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  Load(ServerSettings.RequestLimits limits) {
    this.limits = limits;
  }

  /**
   * Takes one more request in. Any thread.
   *
   * @throws OpenAiError 429 when there are too many, 503 when too many wait for the engine
   */
  Place enter() throws OpenAiError {
    if (concurrent.incrementAndGet() > limits.concurrentRequests()) {
      concurrent.decrementAndGet();
      throw OpenAiError.rateLimited();
    }
    if (waiting.incrementAndGet() > limits.waitingRequests()) {
      waiting.decrementAndGet();
      concurrent.decrementAndGet();
      throw OpenAiError.overloaded();
    }
    return new Place();
  }

  /** What one request takes of the limits. Used on its event loop. */
  final class Place {

    private boolean waits = true;
    private boolean taken = true;

    /** The engine works on it. */
    void served() {
      if (waits) {
        waits = false;
        waiting.decrementAndGet();
      }
    }

    /** It has ended, in whatever way. */
    void left() {
      served();
      if (taken) {
        taken = false;
        concurrent.decrementAndGet();
      }
    }
  }
}
