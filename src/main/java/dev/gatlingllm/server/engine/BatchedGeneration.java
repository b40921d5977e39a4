package dev.gatlingllm.server.engine;

import io.netty.util.concurrent.EventExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sequence of a {@link BatchingEngine}, and whom to tell of its tokens. The engine's thread tells
 * the listener's, which may be the same.
 */
final class BatchedGeneration extends Sequence implements Generation {

  private static final Logger LOG = LoggerFactory.getLogger(BatchedGeneration.class);

  private final BatchingEngine engine;
  private final Engine.Job job;

  // written before the engine knows of this generation
  private EventExecutor thread;
  private Listener listener;

  // on the engine's thread
  private long beginNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private boolean begun;
  private int untold;
  private long untoldSince;

  // on the listener's thread
  private int told;
  private boolean over;

  BatchedGeneration(BatchingEngine engine, Engine.Job job, BlockTable blocks) {
    super(job.promptTokens().length, job.replyTokens().length, blocks);
    this.engine = engine;
    this.job = job;
  }

  Engine.Job job() {
    return job;
  }

  EventExecutor thread() {
    return thread;
  }

  @Override
  public void start(EventExecutor thread, Listener listener) {
    this.thread = thread;
    this.listener = listener;
    engine.start(this);
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      engine.cancel(this);
    }
  }

  /** It stands in the queue. On the engine's thread, as are those that follow. */
  void admitted(long nanos) {
    tell(() -> listener.admitted(nanos));
  }

  /**
   * It is part of a step that begins.
   *
   * @return whether that is its first
   */
  boolean begins(long nanos) {
    if (begun) {
      return false;
    }
    begun = true;
    beginNanos = nanos;
    int cached = computed();
    tell(() -> listener.prefillStarted(cached, nanos));
    return true;
  }

  /** When its first step began. */
  long beginNanos() {
    return beginNanos;
  }

  /** When its first token was due. */
  long firstTokenNanos() {
    return firstTokenNanos;
  }

  /** When the latest token was due that is, or will be, told. */
  long lastTokenNanos() {
    return lastTokenNanos;
  }

  /**
   * A token was due, and is to be told.
   *
   * @return whether all that came before it was told
   */
  boolean token(long dueNanos) {
    lastTokenNanos = dueNanos;
    if (generated() == 1) {
      firstTokenNanos = dueNanos;
    }
    if (untold++ > 0) {
      return false;
    }
    untoldSince = dueNanos;
    return true;
  }

  /** Takes what is to be told to the listener's thread. */
  Runnable news() {
    int count = untold;
    long dueNanos = untoldSince;
    untold = 0;
    return () -> guarded(() -> tokens(count, dueNanos));
  }

  private void tell(Runnable event) {
    if (thread.inEventLoop()) {
      guarded(event);
    } else {
      thread.execute(() -> guarded(event));
    }
  }

  private void tokens(int count, long dueNanos) {
    if (told == 0) {
      listener.prefillEnded(dueNanos);
    }
    told += count;
    listener.tokens(count, dueNanos);
    // the listener may have cancelled it
    if (told == job.replyTokens().length && !over) {
      over = true;
      listener.finished();
    }
  }

  /** One listener's mishap must not stop the others' engine. */
  private void guarded(Runnable event) {
    if (over) {
      return;
    }
    try {
      event.run();
    } catch (RuntimeException e) {
      LOG.error("Could not go on with a reply", e);
      cancel();
    }
  }
}
