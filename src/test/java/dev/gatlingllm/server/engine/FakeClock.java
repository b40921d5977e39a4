package dev.gatlingllm.server.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that stands still until told to go on. */
final class FakeClock implements EngineClock {

  private record Alarm(long due, int number, Runnable task) {}

  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::due).thenComparingInt(Alarm::number));
  private final long beginning;
  private long now;
  private int count;

  FakeClock(long now) {
    this.beginning = now;
    this.now = now;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void at(long dueNanos, Runnable task) {
    alarms.add(new Alarm(Math.max(now, dueNanos), count++, task));
  }

  /** A time in whole milliseconds since this clock's beginning. */
  long millis(long nanos) {
    return Math.floorDiv(nanos - beginning, 1_000_000L);
  }

  /** Lets time pass, waking late by a given time at every alarm. */
  void runUntilIdle(long latenessNanos) {
    while (!alarms.isEmpty()) {
      Alarm alarm = alarms.poll();
      now = Math.max(now, alarm.due() + latenessNanos);
      alarm.task().run();
    }
  }
}
