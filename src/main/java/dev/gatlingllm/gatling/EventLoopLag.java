package dev.gatlingllm.gatling;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A small task that an event loop runs over and over, to see how late it runs: so late does it
 * notice chunks, too. On the event loop that it watches, where it does no more than read the clock.
 */
final class EventLoopLag implements Runnable {

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Hears of each time that a task ran; called on event loops. */
  interface Listener {

    /**
     * A task ran.
     *
     * @param dueNanos {@link System#nanoTime()} at which it should have
     * @param ranNanos {@link System#nanoTime()} at which it did
     */
    void ran(long dueNanos, long ranNanos);
  }

  private final EventLoop loop;
  private final Listener listener;
  private long dueNanos;

  private EventLoopLag(EventLoop loop, Listener listener) {
    this.loop = loop;
    this.listener = listener;
  }

  /** Watches every loop of a group until the group is shut down. */
  static void watch(EventLoopGroup group, Listener listener) {
    for (EventExecutor loop : group) {
      if (loop instanceof EventLoop eventLoop) {
        eventLoop.execute(new EventLoopLag(eventLoop, listener)::again);
      }
    }
  }

  @Override
  public void run() {
    listener.ran(dueNanos, System.nanoTime());
    again();
  }

  /** Counts from now, so that one stall is told once and not by a row of tasks that piled up. */
  private void again() {
    if (loop.isShuttingDown()) {
      return;
    }
    dueNanos = System.nanoTime() + PERIOD_NANOS;
    try {
      loop.schedule(this, PERIOD_NANOS, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException shutDown) {
      // the run is over
    }
  }
}
