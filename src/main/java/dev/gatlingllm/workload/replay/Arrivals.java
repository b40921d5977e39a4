package dev.gatlingllm.workload.replay;

import dev.gatlingllm.workload.Shard;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The arrival times of a trace's requests at the replay's speed, counted from the first. When the
 * trace starts over, its next round follows after the mean interval. Immutable; any thread may
 * call.
 */
public final class Arrivals {

  /** A load generator cannot follow finer steps. */
  private static final long MIN_STEP_NANOS = 100_000_000;

  private static final int MAX_STEPS = 1000;

  private final long[] nanos;
  private final long roundNanos;
  private final Shard shard;

  Arrivals(long[] nanos, boolean loop, Shard shard) {
    this.shard = shard;
    this.nanos = nanos;
    long span = nanos[nanos.length - 1];
    // requests that all arrive at once have no interval to continue with
    this.roundNanos = loop && span > 0 ? span + span / (nanos.length - 1) : 0;
  }

  /** Returns whether this load generator has a request of this number, from 0. */
  public boolean has(long own) {
    return shard.conversation(own) < nanos.length || roundNanos > 0;
  }

  /**
   * Returns when a request arrives.
   *
   * @param own number of the request among this load generator's, from 0
   * @return nanoseconds since the first request of the trace
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
   * Returns a clock that returns when each request is due. It starts with its first call. Any
   * thread may call.
   *
   * @param nanoTime the time that it counts in, such as {@link System#nanoTime()}
   * @param passed returns how much of the trace has passed at the first call, in nanoseconds: 0
   *     unless this load generator's first user comes with a later burst of the trace
   * @return from the number of a request, from 0, to the time at which it is due; the present time
   *     for a request after the end of the trace
   */
  public LongUnaryOperator clock(LongSupplier nanoTime, LongSupplier passed) {
    AtomicReference<@Nullable Long> start = new AtomicReference<>();
    return own -> {
      long now = nanoTime.getAsLong();
      start.compareAndSet(null, now - passed.getAsLong());
      return has(own) ? Objects.requireNonNull(start.get()) + nanos(own) : now;
    };
  }

  /**
   * Returns the arrivals of all load generators in at most a thousand steps: all users of a step
   * arrive at its beginning, up to a tenth of a second or a thousandth of the load early.
   *
   * @param load length of the load; later arrivals are ignored
   */
  public List<Burst> bursts(Duration load) {
    Arrivals all = new Arrivals(nanos, roundNanos > 0, Shard.WHOLE);
    SortedMap<Long, Integer> usersByStep = new TreeMap<>();
    for (long number = 0; all.has(number) && all.nanos(number) < load.toNanos(); number++) {
      usersByStep.merge(all.burstNanos(number, load), 1, Integer::sum);
    }
    return usersByStep.entrySet().stream()
        .map(users -> new Burst(Duration.ofNanos(users.getKey()), users.getValue()))
        .toList();
  }

  /**
   * Returns when the user of a request comes: at the beginning of a step of {@link #bursts}.
   *
   * @param own number of the request among this load generator's, from 0
   * @return nanoseconds since the first request of the trace
   */
  public long burstNanos(long own, Duration load) {
    long step = Math.max(MIN_STEP_NANOS, load.toNanos() / MAX_STEPS);
    return nanos(own) / step * step;
  }

  /**
   * Users who arrive together.
   *
   * @param at time since the beginning of the load
   * @param users from 1
   */
  public record Burst(Duration at, int users) {}
}
