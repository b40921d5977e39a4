package dev.gatlingllm.server.engine;

import io.netty.util.concurrent.EventExecutor;

/** The generation of one completion. After {@link Engine#prepare}, one thread uses it. */
public interface Generation {

  /**
   * Enters the engine's queue.
   *
   * @param thread the thread that calls the listener, this method and {@link #cancel()}
   */
  void start(EventExecutor thread, Listener listener);

  /**
   * Stops the generation and releases its resources. The listener is not called again. Does nothing
   * if the generation has finished.
   */
  void cancel();

  /**
   * Receives the events of a generation, in the order of the methods. Times are due times on the
   * engine's clock, which is {@link System#nanoTime()}; the calls can come later.
   */
  interface Listener {

    /** The request has entered the engine's queue. Called once. */
    void admitted(long nanos);

    /** The prompt has left the queue; {@code cachedTokens} need no prefill. Called once. */
    void prefillStarted(int cachedTokens, long nanos);

    /** The prefill has ended; the first token follows immediately. Called once. */
    void prefillEnded(long nanos);

    /**
     * More tokens have been generated.
     *
     * @param count at least 1; more if steps take no time or the engine is late
     * @param dueNanos when the first of them was due
     */
    void tokens(int count, long dueNanos);

    /** The last token has been generated. Called once, as the last event. */
    void finished();
  }
}
