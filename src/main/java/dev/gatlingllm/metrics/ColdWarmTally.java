package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.ColdWarmState;

/** Tells the TTFT of first turns from that of later ones. Not safe for threads. */
final class ColdWarmTally {

  private static final double CONFIDENCE = 0.95;

  private final ValueHistogram cold = ValueHistogram.ofMillis(3);
  private final ValueHistogram warm = ValueHistogram.ofMillis(3);
  private final LogMoments coldLogs = new LogMoments();
  private final LogMoments warmLogs = new LogMoments();

  void accept(Response response) {
    if (!response.ok() || !response.timing().hasOutput() || response.turn().number() < 1) {
      return;
    }
    boolean first = response.turn().number() == 1;
    (first ? cold : warm).add(response.timing().ttftNanos() / 1e6);
    (first ? coldLogs : warmLogs).add(response.timing().ttftNanos());
  }

  void add(ColdWarmState other) {
    cold.add(other.cold());
    warm.add(other.warm());
    coldLogs.add(other.coldLogs());
    warmLogs.add(other.warmLogs());
  }

  ColdWarmState state() {
    return new ColdWarmState(cold.state(), warm.state(), coldLogs.state(), warmLogs.state());
  }

  ColdWarm summary() {
    return new ColdWarm(cold.summaryOrNull(), warm.summaryOrNull(), speedUp());
  }

  private ColdWarm.SpeedUp speedUp() {
    if (coldLogs.count() < 2 || warmLogs.count() < 2) {
      return null;
    }
    double ratio = Math.exp(coldLogs.mean() - warmLogs.mean());
    Interval logs = coldLogs.estimate().differenceFrom(warmLogs.estimate(), CONFIDENCE);
    return new ColdWarm.SpeedUp(ratio, Math.exp(logs.low()), Math.exp(logs.high()));
  }
}
