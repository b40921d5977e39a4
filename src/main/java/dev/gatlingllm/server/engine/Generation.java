package dev.gatlingllm.server.engine;

import dev.gatlingllm.server.engine.KvCache.BlockTable;
import io.netty.util.concurrent.EventExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generation of one completion. After {@link Engine#prepare}, one thread uses it: the thread of
 * its listener, to which the engine's thread hands tokens. Both can be the same.
 */
public final class Generation extends Sequence {

  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

  private final Engine engine;
  final Engine.Job job;

  // set before the engine gets this generation
  EventExecutor thread;
  private Listener listener;

  // on the engine's thread: when the first step began, the first token was due, and the latest one
  private long beginNanos;
  private long firstTokenNanos;
  long lastTokenNanos;

  /** How many prompt tokens were cached when the first step began. */
  int cachedTokens;

  private boolean begun;
  Runnable whenReleased = () -> {};
  private long releasedNanos;
  private int pendingTokens;
  private long pendingSinceNanos;

  // on the listener's thread
  private int delivered;
  private boolean finished;

  /**
   * Receives the events of a generation, in the order of the methods. Times are due times on the
   * engine's clock, which is {@link System#nanoTime()}; the calls can come later.
   */
  public interface Listener {

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

  @SuppressWarnings("NullAway.Init") // the thread and the listener come with the start
  Generation(Engine engine, Engine.Job job, BlockTable blocks) {
    super(job.promptTokens().length, job.outputTokens().length, blocks);
    this.engine = engine;
    this.job = job;
  }

  /**
   * Enters the engine's queue.
   *
   * @param thread the thread that calls the listener, this method and {@link #cancel()}
   */
  public void start(EventExecutor thread, Listener listener) {
    this.thread = thread;
    this.listener = listener;
    engine.start(this);
  }

  /**
   * Stops the generation and releases its resources. The listener is not called again. Does nothing
   * if the generation has finished.
   */
  public void cancel() {
    if (!finished) {
      finished = true;
      engine.cancel(this);
    }
  }

  /**
   * Lets the generation go on without its listener, which is not called again. Does nothing if it
   * has finished.
   */
  public void detach() {
    finished = true;
  }

  /** Receives the end of a generation's use of the engine. */
  @FunctionalInterface
  public interface ReleaseListener {

    /**
     * Called once.
     *
     * @param tokens how many were generated
     * @param nanos when the generation ended, by the engine's clock
     */
    void released(int tokens, long nanos);
  }

  /**
   * Sets what learns when the generation has ended, early or not; at most once.
   *
   * @param thread calls it
   */
  public void onRelease(EventExecutor thread, ReleaseListener listener) {
    engine.whenReleased(
        this,
        () -> {
          int tokens = generated;
          long nanos = releasedNanos;
          thread.execute(() -> listener.released(tokens, nanos));
        });
  }

  /** Called when it has ended and holds nothing any more. On the engine's thread. */
  void released(long nanos) {
    releasedNanos = nanos;
    whenReleased.run();
  }

  /** Called when the generation enters the queue. On the engine's thread, as all that follow. */
  void admitted(long nanos) {
    notifyListener(() -> listener.admitted(nanos));
  }

  /**
   * Called when a step with this generation begins.
   *
   * @return whether it is the first step
   */
  boolean beginStep(long nanos) {
    if (begun) {
      return false;
    }
    begun = true;
    beginNanos = nanos;
    cachedTokens = computed;
    notifyListener(() -> listener.prefillStarted(cachedTokens, nanos));
    return true;
  }

  /**
   * Adds a generated token.
   *
   * @return whether it is the only pending token
   */
  boolean addToken(long dueNanos) {
    lastTokenNanos = dueNanos;
    if (generated == 1) {
      firstTokenNanos = dueNanos;
    }
    if (pendingTokens++ > 0) {
      return false;
    }
    pendingSinceNanos = dueNanos;
    return true;
  }

  /** Returns the time from the entry into the queue to the first step, in seconds. */
  double queueSeconds() {
    return (beginNanos - arrivalNanos) / 1e9;
  }

  /** Returns the time from the first step to the first token, in seconds. */
  double prefillSeconds() {
    return (firstTokenNanos - beginNanos) / 1e9;
  }

  /** Returns the time from the first token to the latest one, in seconds. */
  double decodeSeconds() {
    return (lastTokenNanos - firstTokenNanos) / 1e9;
  }

  /** Returns the time from the receipt of the request to the first token, in seconds. */
  double firstTokenSeconds() {
    return (firstTokenNanos - job.receivedNanos()) / 1e9;
  }

  /** Returns the time from the receipt of the request to the latest token, in seconds. */
  double totalSeconds() {
    return (lastTokenNanos - job.receivedNanos()) / 1e9;
  }

  /** Returns the task that delivers the pending tokens on the listener's thread. */
  Runnable takeTokens() {
    int count = pendingTokens;
    long dueNanos = pendingSinceNanos;
    pendingTokens = 0;
    return () -> guarded(() -> deliver(count, dueNanos));
  }

  private void notifyListener(Runnable event) {
    if (thread.inEventLoop()) {
      guarded(event);
    } else {
      thread.execute(() -> guarded(event));
    }
  }

  private void deliver(int count, long dueNanos) {
    if (delivered == 0) {
      listener.prefillEnded(dueNanos);
    }
    delivered += count;
    listener.tokens(count, dueNanos);
    // the listener can have cancelled it
    if (delivered == job.outputTokens().length && !finished) {
      finished = true;
      listener.finished();
    }
  }

  /** Runs a task of a listener, whose failure must not stop the engine for others. */
  private void guarded(Runnable event) {
    if (finished) {
      return;
    }
    try {
      event.run();
    } catch (RuntimeException e) {
      LOG.error("Response failed", e);
      cancel();
    }
  }
}
