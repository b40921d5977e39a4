package dev.gatlingllm.server;

import java.time.Duration;

/**
 * How fast the simulated model works when nothing stands in its way.
 *
 * <p>Time to first token (TTFT) = {@code overhead} + uncached prompt tokens / {@code
 * prefillTokensPerSecond}. Token <i>i</i> (from 0) then comes at TTFT + <i>i</i> × {@code
 * interTokenLatency}, give or take a share of the latency; the deviations do not add up.
 *
 * @param overhead what every request waits before its prefill, 0 or more
 * @param prefillTokensPerSecond how many uncached prompt tokens are read per second, more than 0;
 *     {@link Double#POSITIVE_INFINITY} for a prefill that takes no time
 * @param interTokenLatency the time from one token to the next, 0 or more
 * @param jitter the largest deviation of a token's time, as a share of the inter-token latency,
 *     from 0 to 0.5; evenly distributed in both directions, never applied to the first token
 */
public record Pace(
    Duration overhead, double prefillTokensPerSecond, Duration interTokenLatency, double jitter) {

  /** 20 ms, 20,000 tokens/s, 10 ms per token, 10 % jitter: pleasant to watch. */
  public static final Pace PLEASANT =
      new Pace(Duration.ofMillis(20), 20_000, Duration.ofMillis(10), 0.1);

  /** No waiting at all: every token comes as soon as it can be written. */
  public static final Pace INSTANT =
      new Pace(Duration.ZERO, Double.POSITIVE_INFINITY, Duration.ZERO, 0);

  /**
   * @throws IllegalArgumentException for a value out of its range
   */
  public Pace {
    Require.that(!overhead.isNegative(), "overhead", overhead, "0 or more");
    Require.that(
        prefillTokensPerSecond > 0,
        "prefillTokensPerSecond",
        prefillTokensPerSecond,
        "more than 0 tokens/s");
    Require.that(
        !interTokenLatency.isNegative(), "interTokenLatency", interTokenLatency, "0 or more");
    // beyond a half, a token could be due before the one it follows
    Require.that(jitter >= 0 && jitter <= 0.5, "jitter", jitter, "from 0 to 0.5");
  }

  /** From receipt to the first token, in ns. */
  long timeToFirstToken(int uncachedTokens) {
    return overhead.toNanos() + Math.round(uncachedTokens * 1e9 / prefillTokensPerSecond);
  }

  /**
   * From the first token to token {@code index}, in ns.
   *
   * @param deviation from −1 to 1, the share of the jitter that this token gets
   */
  long sinceFirstToken(int index, double deviation) {
    long latency = interTokenLatency.toNanos();
    return index == 0 ? 0 : index * latency + Math.round(latency * jitter * deviation);
  }
}
