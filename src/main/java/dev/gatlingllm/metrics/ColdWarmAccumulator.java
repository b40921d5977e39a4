package dev.gatlingllm.metrics;

import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/** TTFT and input tokens by how much of the prompt was cached. */
@Accumulator
final class ColdWarmAccumulator {

  private static final double CONFIDENCE = 0.95;

  private EnumMap<CacheState, Side> sides = new EnumMap<>(CacheState.class);

  /** TTFT in milliseconds, and the natural logarithms of these. */
  @Accumulator
  private static final class Side {
    private ValueHistogram ttft = ValueHistogram.ofMillis(3);
    private Moments logs = new Moments();
    private Moments tokens = new Moments();

    void add(double ttftMillis, int inputTokens) {
      if (inputTokens >= 0) {
        tokens.add(inputTokens);
      }
      ttft.add(ttftMillis);
      // a time of zero, below the clock's resolution, counts as one nanosecond
      logs.add(Math.log(Math.max(1e-6, ttftMillis)));
    }

    void add(Side other) {
      ttft.add(other.ttft);
      logs.add(other.logs);
      tokens.add(other.tokens);
    }
  }

  /**
   * Adds a response that may know what was cached: one that was cut does not. TTFT of one body is
   * its whole duration.
   */
  void add(WindowedResponse windowed) {
    if (windowed.response().ok() && !windowed.response().isOneBody()) {
      Response response = windowed.response();
      Side side = side(CacheState.of(response));
      Figure.TTFT.samples(windowed, ttft -> side.add(ttft, response.inputTokensOrExpected()));
    }
  }

  private Side side(CacheState state) {
    return sides.computeIfAbsent(state, unseen -> new Side());
  }

  void add(ColdWarmAccumulator other) {
    other.sides.forEach((state, side) -> side(state).add(side));
  }

  /**
   * Returns the times so far.
   *
   * @param models number of models that responded, each in times of its own
   */
  ColdWarm summary(SummaryContext context, int models) {
    ColdWarmAccumulator settled = new ColdWarmAccumulator();
    sides.forEach((state, side) -> settled.side(state.settled(context.cacheReported())).add(side));
    Side cold = settled.side(CacheState.COLD);
    Side warm = settled.side(CacheState.WARM);
    double lengths = warm.tokens.mean() / cold.tokens.mean();
    Double known = lengths > 0 && Double.isFinite(lengths) ? lengths : null;
    ColdWarm.SpeedUp speedUp = speedUp(cold.logs, warm.logs);
    return new ColdWarm(
        cold.ttft.summaryIfAny(),
        warm.ttft.summaryIfAny(),
        known,
        speedUp != null && models <= 1 && speedUp.isKnownFor(known) ? speedUp : null);
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
