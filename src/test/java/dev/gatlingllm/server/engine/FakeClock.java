package dev.gatlingllm.server.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock with manual time. */
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

  /** Converts a time to whole milliseconds since the start of this clock. */
  long millis(long nanos) {
    return Math.floorDiv(nanos - beginning, 1_000_000L);
  }

  /** Runs all tasks in order, each late by a given time. */
  void runUntilIdle(long latenessNanos) {
    while (!alarms.isEmpty()) {
      Alarm alarm = alarms.poll();
      now = Math.max(now, alarm.due() + latenessNanos);
      alarm.task().run();
    }
  }
}
