package dev.gatlingllm.metrics;

import java.util.Comparator;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The health of one load generator, or of several: how late all their event loops ran, and the
 * longest pauses and the highest CPU use of any.
 */
@Accumulator
final class ClientAccumulator {

  /** Lag in milliseconds by the number of the event loop. */
  private TreeMap<Integer, ValueHistogram> eventLoopLag = new TreeMap<>();

  /** Null if unknown. */
  private @Nullable Double gcPauseMillis;

  /** Null if unknown. */
  private @Nullable Double cpuPercent;

  void addLag(int loop, double millis) {
    lagOf(loop).add(millis);
  }

  private ValueHistogram lagOf(int loop) {
    return eventLoopLag.computeIfAbsent(loop, unseen -> ValueHistogram.ofMillis(3));
  }

  /** Adds the lags of the same event loops. */
  void addLags(ClientAccumulator other) {
    other.eventLoopLag.forEach((loop, lag) -> lagOf(loop).add(lag));
  }

  /** Sets what the process used between two readings. */
  void setUse(ProcessUse first, ProcessUse last) {
    gcPauseMillis = (double) (last.gcPauseMillis() - first.gcPauseMillis());
    cpuPercent = last.cpuPercentSince(first);
  }

  /** Adds another load generator, which has event loops of its own. */
  void add(ClientAccumulator other) {
    int loops = eventLoopLag.isEmpty() ? 0 : eventLoopLag.lastKey() + 1;
    other.eventLoopLag.forEach((loop, lag) -> lagOf(loops + loop).add(lag));
    gcPauseMillis = greater(gcPauseMillis, other.gcPauseMillis);
    cpuPercent = greater(cpuPercent, other.cpuPercent);
  }

  private static @Nullable Double greater(@Nullable Double one, @Nullable Double other) {
    return one == null ? other : other == null ? one : Double.valueOf(Math.max(one, other));
  }

  /** Returns what is known, or null if nothing is. */
  @Nullable ClientHealth summary() {
    if (eventLoopLag.isEmpty() && gcPauseMillis == null && cpuPercent == null) {
      return null;
    }
    ValueHistogram all = ValueHistogram.ofMillis(3);
    eventLoopLag.values().forEach(all::add);
    Summary worst =
        eventLoopLag.values().stream()
            .map(ValueHistogram::summary)
            .max(Comparator.comparingDouble(Summary::p99))
            .orElse(null);
    return new ClientHealth(all.summaryIfAny(), worst, gcPauseMillis, cpuPercent);
  }
}
