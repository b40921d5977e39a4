package dev.gatlingllm.metrics;

/** Tells the TTFT of first turns from that of later ones. Not safe for threads. */
final class ColdWarmTally {

  private static final double CONFIDENCE = 0.95;

  private final Distribution cold = Distribution.ofMillis(3);
  private final Distribution warm = Distribution.ofMillis(3);
  private final LogMoments coldLogs = new LogMoments();
  private final LogMoments warmLogs = new LogMoments();

  void accept(TurnMeasurement reply) {
    if (!reply.ok() || !reply.hasOutput() || reply.turn() < 1) {
      return;
    }
    boolean first = reply.turn() == 1;
    (first ? cold : warm).add(reply.ttftNanos() / 1e6);
    (first ? coldLogs : warmLogs).add(reply.ttftNanos());
  }

  ColdWarm snapshot() {
    return new ColdWarm(
        summary(cold, coldLogs.count()), summary(warm, warmLogs.count()), speedUp());
  }

  private static Summary summary(Distribution ttft, long count) {
    return count == 0 ? null : ttft.summary(ttft.buckets());
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
