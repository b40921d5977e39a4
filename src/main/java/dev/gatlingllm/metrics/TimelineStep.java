package dev.gatlingllm.metrics;

/** What happened in one step of a timeline. Not safe for threads. */
final class TimelineStep {

  /** Enough for a chart, and there are thousands of steps. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private long ok;
  private long ko;
  private double outputTokens;
  private long streamNanos;
  private Distribution ttft;

  void ended(boolean good) {
    if (good) {
      ok++;
    } else {
      ko++;
    }
  }

  void arrived(double tokens) {
    outputTokens += tokens;
  }

  /** A request was in flight for so much of this step. */
  void streamed(long nanos) {
    streamNanos += nanos;
  }

  void firstToken(long ttftNanos) {
    ttft().add(ttftNanos / 1e6);
  }

  void add(TimelineStep other) {
    ok += other.ok;
    ko += other.ko;
    outputTokens += other.outputTokens;
    streamNanos += other.streamNanos;
    if (other.ttft != null) {
      ttft().add(other.ttft);
    }
  }

  private Distribution ttft() {
    if (ttft == null) {
      ttft = Distribution.ofMillis(SIGNIFICANT_DIGITS);
    }
    return ttft;
  }

  ScopeSnapshot.Second snapshot(long second, long lengthNanos) {
    return new ScopeSnapshot.Second(
        second, ok + ko, ok, ko, outputTokens, (double) streamNanos / lengthNanos, percentiles());
  }

  private ScopeSnapshot.Ttft percentiles() {
    if (ttft == null) {
      return null;
    }
    Buckets buckets = ttft.buckets();
    return new ScopeSnapshot.Ttft(
        buckets.total(), buckets.percentile(50), buckets.percentile(95), buckets.percentile(99));
  }
}
