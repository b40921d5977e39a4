package dev.gatlingllm;

import dev.gatlingllm.workload.replay.Arrivals;
import java.util.concurrent.atomic.AtomicReference;

/** The moments at which a trace's requests are due, counted from the first. Any thread may ask. */
final class ArrivalClock {

  private final Arrivals arrivals;
  private final AtomicReference<Long> origin = new AtomicReference<>();

  ArrivalClock(Arrivals arrivals) {
    this.arrivals = arrivals;
  }

  /** By {@link System#nanoTime()}; at once for users behind the end of the trace. */
  long dueNanos(long number) {
    long now = System.nanoTime();
    origin.compareAndSet(null, now);
    return arrivals.has(number) ? origin.get() + arrivals.nanos(number) : now;
  }
}
