package dev.gatlingllm.server.engine;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Time as an engine sees it: a clock that also wakes. Any thread may call any method. */
public interface EngineClock {

  /** Now, on the scale of {@link System#nanoTime()}. */
  long nanoTime();

  /**
   * Runs a task on the clock's thread when it is due, or as soon as possible when it is overdue;
   * never at once. Tasks that are overdue run in the order in which they were given.
   */
  void at(long dueNanos, Runnable task);

  /** The clock of an event loop. */
  static EngineClock of(EventLoop loop) {
    return new EngineClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void at(long dueNanos, Runnable task) {
        long delay = dueNanos - System.nanoTime();
        if (delay > 0) {
          loop.schedule(task, delay, TimeUnit.NANOSECONDS);
        } else {
          loop.execute(task);
        }
      }
    };
  }
}
