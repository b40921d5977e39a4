package dev.gatlingllm.server.engine;

import io.netty.util.concurrent.EventExecutor;

/** One reply on its way. After {@link Engine#prepare} it lives on one thread. */
public interface Generation {

  /**
   * Joins the engine's queue.
   *
   * @param thread where the listener is called and where this and {@link #cancel()} are called from
   */
  void start(EventExecutor thread, Listener listener);

  /**
   * Stops for good and frees what the generation held: the listener is not called again. Does
   * nothing once the reply is finished.
   */
  void cancel();

  /**
   * Hears what happens to a generation, in the order of the methods. Times are by the engine's
   * clock, which is {@link System#nanoTime()}: when it was due, not when it was told.
   */
  interface Listener {

    /** The request stands in the engine's queue. Called once. */
    void admitted(long nanos);

    /**
     * The prompt has left the queue, and {@code cachedTokens} of it need no prefill. Called once.
     */
    void prefillStarted(int cachedTokens, long nanos);

    /** The prompt is read, and the first token follows at once. Called once. */
    void prefillEnded(long nanos);

    /**
     * More tokens have been generated.
     *
     * @param count 1 or more; more than one when steps take no time, or when the engine is late
     * @param dueNanos when the first of them was due
     */
    void tokens(int count, long dueNanos);

    /** The last token has been generated. Called last, once. */
    void finished();
  }
}
