package dev.gatlingllm.workload.replay;

import dev.gatlingllm.workload.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When the requests of a trace came, at the replay's speed, counted from the first. When the trace
 * starts over, its next round follows after a pause of the mean length. Immutable; any thread may
 * ask.
 */
public final class Arrivals {

  /** Finer steps would say no more than a load generator can do. */
  private static final long LEAST_STEP_NANOS = 100_000_000;

  private static final int MOST_STEPS = 1000;

  private final long[] nanos;
  private final long roundNanos;
  private final Shard shard;

  Arrivals(long[] nanos, boolean loop, Shard shard) {
    this.shard = shard;
    this.nanos = nanos;
    long span = nanos[nanos.length - 1];
    // requests that all come at once have no rhythm to go on with
    this.roundNanos = loop && span > 0 ? span + span / (nanos.length - 1) : 0;
  }

  /** Whether this load generator's request of this number ever comes, counted from 0. */
  public boolean has(long own) {
    return shard.conversation(own) < nanos.length || roundNanos > 0;
  }

  /**
   * When a request comes.
   *
   * @param own number of the request among this load generator's, from 0
   * @return nanoseconds since the first request of all
   * @throws IndexOutOfBoundsException if the trace has ended before
   */
  public long nanos(long own) {
    long number = shard.conversation(own);
    if (!has(own)) {
      throw new IndexOutOfBoundsException("the trace ends before its request " + number);
    }
    return number / nanos.length * roundNanos + nanos[(int) (number % nanos.length)];
  }

  /**
   * The arrivals of a load in not too many steps: all that come within a step are told at its
   * beginning, up to a tenth of a second or a thousandth of the load early.
   *
   * @param load what comes later is no part of it
   */
  public List<Burst> bursts(Duration load) {
    long step = Math.max(LEAST_STEP_NANOS, load.toNanos() / MOST_STEPS);
    List<Burst> bursts = new ArrayList<>();
    long begin = 0;
    int users = 0;
    for (long number = 0; has(number) && nanos(number) < load.toNanos(); number++) {
      long its = nanos(number) / step * step;
      if (its != begin && users > 0) {
        bursts.add(new Burst(Duration.ofNanos(begin), users));
        users = 0;
      }
      begin = its;
      users++;
    }
    if (users > 0) {
      bursts.add(new Burst(Duration.ofNanos(begin), users));
    }
    return List.copyOf(bursts);
  }

  /**
   * Users who come together.
   *
   * @param at since the beginning of the load
   * @param users from 1
   */
  public record Burst(Duration at, int users) {}
}
