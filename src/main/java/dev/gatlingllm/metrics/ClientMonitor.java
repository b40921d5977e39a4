package dev.gatlingllm.metrics;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the load generator's health in the window, and in each iteration of a window that keeps
 * them apart. Used by the recorder's thread alone.
 *
 * <p>The window of an open-ended run ends with its last response, which is not known in advance.
 * Work after it, such as writing a report, is not part of the run. So lags wait until a response
 * follows them.
 */
final class ClientMonitor {

  /** Between two readings of what the process has used. */
  private static final long READING_NANOS = 200_000_000L;

  private static final int NO_ITERATION = Window.DRAIN;

  private final RunClock clock;
  private final Supplier<ProcessUse> readings;
  private final ClientAccumulator run;
  private final PendingLags pending = new PendingLags();
  private @Nullable ProcessUse first;
  private @Nullable ProcessUse last;

  private final Map<Integer, ClientAccumulator> iterations = new HashMap<>();
  private final Set<Integer> endedIterations = new HashSet<>();
  private int iteration = NO_ITERATION;
  private @Nullable ProcessUse iterationStart;

  /**
   * Creates a monitor.
   *
   * @param run receives the health in the window
   */
  ClientMonitor(RunClock clock, Supplier<ProcessUse> readings, ClientAccumulator run) {
    this.clock = clock;
    this.readings = readings;
    this.run = run;
  }

  /**
   * Adds the lag of a task of an event loop, and the lags of those that would have been due every
   * 10 ms while the loop stood still. Otherwise one stall would be one sample, whatever its length
   * (Gil Tene's coordinated omission). One that ran after the window counts where it was due.
   *
   * @param loop number of the event loop
   * @param ranNanos {@link System#nanoTime()} at which it ran
   * @param lagNanos how late that was
   */
  void addLag(int loop, long ranNanos, long lagNanos) {
    boolean ranInWindow = clock.hasBegun() && clock.inWindow(ranNanos);
    long left = lagNanos;
    do {
      long at = ranInWindow ? ranNanos : ranNanos - left;
      if (clock.hasBegun() && clock.inWindow(at)) {
        pending.add(loop, left / 1e6);
      }
      int there = iterationAt(at);
      if (there != NO_ITERATION) {
        in(there).addLag(loop, left / 1e6);
      }
      left -= ClientHealth.LAG_PERIOD_NANOS;
    } while (left > 0);
  }

  private ClientAccumulator in(int iteration) {
    return iterations.computeIfAbsent(iteration, unseen -> new ClientAccumulator());
  }

  private int iterationAt(long nanos) {
    return clock.hasBegun() && clock.window().keepsIterationsApart()
        ? clock.iterationAt(nanos)
        : NO_ITERATION;
  }

  /**
   * Takes a reading when the window opens and when one iteration follows another. Call it much more
   * often than iterations end.
   */
  void onTime(long nowNanos) {
    if (first == null && clock.hasBegun() && clock.inWindow(nowNanos)) {
      first = readings.get();
    }
    change(iterationAt(nowNanos));
  }

  /** Ends the iteration under way, because the load has ended. */
  void onEnd() {
    change(NO_ITERATION);
  }

  private void change(int now) {
    if (now != iteration) {
      ProcessUse use = readings.get();
      if (iterationStart != null && iteration != NO_ITERATION) {
        in(iteration).setUse(iterationStart, use);
        endedIterations.add(iteration);
      }
      iterationStart = use;
      iteration = now;
    }
  }

  /** Confirms the lags so far and takes a reading if one is due, because a response has come. */
  void onResponse(long nowNanos) {
    pending.moveTo(run);
    if (first != null
        && clock.inWindow(nowNanos)
        && nowNanos - (last == null ? first : last).atNanos() >= READING_NANOS) {
      last = readings.get();
      run.setUse(first, last);
    }
  }

  /** Returns the health in each iteration that has ended, by number. */
  SortedMap<Integer, ClientHealth> byIteration() {
    SortedMap<Integer, ClientHealth> summaries = new TreeMap<>();
    endedIterations.forEach(ended -> summaries.put(ended, in(ended).summary()));
    return Collections.unmodifiableSortedMap(summaries);
  }

  /**
   * Lags that wait for a response: mostly a handful, because responses come many times a second. A
   * histogram for each handful would cost more than everything else that is recorded.
   */
  private static final class PendingLags {

    private final int[] loops = new int[1_024];
    private final double[] handful = new double[loops.length];
    private int count;
    private @Nullable ClientAccumulator rest;

    void add(int loop, double lag) {
      if (count < loops.length) {
        loops[count] = loop;
        handful[count++] = lag;
        return;
      }
      if (rest == null) {
        rest = new ClientAccumulator();
      }
      rest.addLag(loop, lag);
    }

    void moveTo(ClientAccumulator health) {
      for (int i = 0; i < count; i++) {
        health.addLag(loops[i], handful[i]);
      }
      count = 0;
      if (rest != null) {
        health.addLags(rest);
        rest = null;
      }
    }
  }
}
