package dev.gatlingllm.gatling;

import dev.gatlingllm.metrics.ClientHealth;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late an event loop runs its tasks, because it notices chunks just as late. Runs
 * every 10 ms on the event loop that it measures, where it only reads the clock.
 */
final class EventLoopLag implements Runnable {

  /** Receives each measurement; called on event loops. */
  interface Listener {

    /**
     * Receives the run of a task.
     *
     * @param loop number of the event loop, from 0
     * @param dueNanos {@link System#nanoTime()} at which it was due
     * @param ranNanos {@link System#nanoTime()} at which it ran
     */
    void ran(int loop, long dueNanos, long ranNanos);
  }

  private final EventLoop loop;
  private final int number;
  private final Listener listener;
  private long dueNanos;

  private EventLoopLag(EventLoop loop, int number, Listener listener) {
    this.loop = loop;
    this.number = number;
    this.listener = listener;
  }

  /** Measures every loop of a group until the group is shut down. */
  static void watch(EventLoopGroup group, Listener listener) {
    int number = 0;
    for (EventExecutor loop : group) {
      if (loop instanceof EventLoop eventLoop) {
        eventLoop.execute(new EventLoopLag(eventLoop, number++, listener)::schedule);
      }
    }
  }

  @Override
  public void run() {
    listener.ran(number, dueNanos, System.nanoTime());
    schedule();
  }

  /** Schedules the next run from now, so that no tasks pile up in a stall. */
  private void schedule() {
    if (loop.isShuttingDown()) {
      return;
    }
    dueNanos = System.nanoTime() + ClientHealth.LAG_PERIOD_NANOS;
    try {
      loop.schedule(this, ClientHealth.LAG_PERIOD_NANOS, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException shutDown) {
      // the run is over
    }
  }
}
