package dev.gatlingllm.metrics;

import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/** TTFT by how much of the prompt was cached. */
@Accumulator
final class ColdWarmAccumulator {

  private static final double CONFIDENCE = 0.95;

  private EnumMap<CacheState, Side> sides = new EnumMap<>(CacheState.class);

  /** TTFT in milliseconds, and the natural logarithms of these. */
  @Accumulator
  private static final class Side {
    private ValueHistogram ttft = ValueHistogram.ofMillis(3);
    private Moments logs = new Moments();

    void add(double ttftMillis) {
      ttft.add(ttftMillis);
      // a time of zero, below the clock's resolution, counts as one nanosecond
      logs.add(Math.log(Math.max(1e-6, ttftMillis)));
    }

    void add(Side other) {
      ttft.add(other.ttft);
      logs.add(other.logs);
    }
  }

  /**
   * Adds a response that may know what was cached: one that was cut does not. TTFT of one body is
   * its whole duration.
   */
  void add(WindowedResponse windowed) {
    if (windowed.response().ok() && !windowed.response().isOneBody()) {
      Figure.TTFT.samples(windowed, side(CacheState.of(windowed.response()))::add);
    }
  }

  private Side side(CacheState state) {
    return sides.computeIfAbsent(state, unseen -> new Side());
  }

  void add(ColdWarmAccumulator other) {
    other.sides.forEach((state, side) -> side(state).add(side));
  }

  ColdWarm summary(SummaryContext context) {
    ColdWarmAccumulator settled = new ColdWarmAccumulator();
    sides.forEach((state, side) -> settled.side(state.settled(context.cacheReported())).add(side));
    Side cold = settled.side(CacheState.COLD);
    Side warm = settled.side(CacheState.WARM);
    return new ColdWarm(
        cold.ttft.summaryIfAny(), warm.ttft.summaryIfAny(), speedUp(cold.logs, warm.logs));
  }

  private static ColdWarm.@Nullable SpeedUp speedUp(Moments cold, Moments warm) {
    if (cold.count() < 2 || warm.count() < 2) {
      return null;
    }
    double ratio = Math.exp(cold.mean() - warm.mean());
    Interval logs = cold.estimate().differenceFrom(warm.estimate(), CONFIDENCE);
    return new ColdWarm.SpeedUp(ratio, Math.exp(logs.low()), Math.exp(logs.high()));
  }
}
