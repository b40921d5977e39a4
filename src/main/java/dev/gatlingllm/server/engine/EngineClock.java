package dev.gatlingllm.server.engine;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** The engine's clock and timer. Thread-safe. */
public interface EngineClock {

  /** Returns the current time on the scale of {@link System#nanoTime()}. */
  long nanoTime();

  /**
   * Schedules a task on the clock's thread, for its due time or as soon as possible if that has
   * passed; never runs it immediately. Overdue tasks run in the order of the calls.
   */
  void at(long dueNanos, Runnable task);

  /** Returns the clock of an event loop. */
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
