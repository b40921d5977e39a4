package dev.gatlingllm.metrics;

/** Tells the TTFT of first turns from that of later ones. Not safe for threads. */
final class ColdWarmTally {

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
    double difference = coldLogs.mean() - warmLogs.mean();
    double a = coldLogs.squaredError();
    double b = warmLogs.squaredError();
    double halfWidth = a + b == 0 ? 0 : StudentT.of95Percent(degrees(a, b)) * Math.sqrt(a + b);
    return new ColdWarm.SpeedUp(
        Math.exp(difference), Math.exp(difference - halfWidth), Math.exp(difference + halfWidth));
  }

  /** Welch's and Satterthwaite's degrees of freedom of a difference of two means. */
  private double degrees(double a, double b) {
    return (a + b) * (a + b) / (a * a / (coldLogs.count() - 1) + b * b / (warmLogs.count() - 1));
  }
}
