package dev.gatlingllm.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Time as an engine sees it: a clock that also wakes. Used by one thread, the one it wakes. */
interface EngineClock {

  /** Now, on the scale of {@link System#nanoTime()}. */
  long nanoTime();

  /** Runs a task when it is due, or as soon as possible when it is overdue; never at once. */
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
