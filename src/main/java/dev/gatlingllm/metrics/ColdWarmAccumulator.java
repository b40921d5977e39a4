package dev.gatlingllm.metrics;

/** TTFT of first turns and of later ones. */
@Accumulator
final class ColdWarmAccumulator {

  private static final double CONFIDENCE = 0.95;

  private Side cold = new Side();
  private Side warm = new Side();

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

  void add(WindowedResponse windowed) {
    int turn = windowed.response().turn().number();
    if (turn >= 1) {
      Figure.TTFT.samples(windowed, (turn == 1 ? cold : warm)::add);
    }
  }

  void add(ColdWarmAccumulator other) {
    cold.add(other.cold);
    warm.add(other.warm);
  }

  ColdWarm summary() {
    return new ColdWarm(cold.ttft.summary(), warm.ttft.summary(), speedUp());
  }

  private ColdWarm.SpeedUp speedUp() {
    if (cold.logs.count() < 2 || warm.logs.count() < 2) {
      return null;
    }
    double ratio = Math.exp(cold.logs.mean() - warm.logs.mean());
    Interval logs = cold.logs.estimate().differenceFrom(warm.logs.estimate(), CONFIDENCE);
    return new ColdWarm.SpeedUp(ratio, Math.exp(logs.low()), Math.exp(logs.high()));
  }
}
