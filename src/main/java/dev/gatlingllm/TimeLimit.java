package dev.gatlingllm;

import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.Limit;
import dev.gatlingllm.report.assertion.Replies;
import dev.gatlingllm.report.assertion.TokenLimit;
import dev.gatlingllm.text.Durations;
import io.gatling.javaapi.core.Assertion;
import java.time.Duration;

/**
 * A figure that is a time and waits for its limit. Immutable. Every limit lies in 0 … 2,000 s and
 * counts to the microsecond; another one is an {@link IllegalArgumentException}. A figure that was
 * not measured fails its assertion.
 */
public final class TimeLimit {

  private final Indicator indicator;
  private final Replies replies;

  TimeLimit(Indicator indicator, Replies replies) {
    this.indicator = indicator;
    this.replies = replies;
  }

  /** It must be shorter. */
  public Assertion lt(Duration limit) {
    return state(Limit.of(Comparison.LESS, Durations.millis(limit)));
  }

  /** It must be shorter or the same. */
  public Assertion lte(Duration limit) {
    return state(Limit.of(Comparison.LESS_OR_EQUAL, Durations.millis(limit)));
  }

  /** It must be longer. */
  public Assertion gt(Duration limit) {
    return state(Limit.of(Comparison.GREATER, Durations.millis(limit)));
  }

  /** It must be longer or the same. */
  public Assertion gte(Duration limit) {
    return state(Limit.of(Comparison.GREATER_OR_EQUAL, Durations.millis(limit)));
  }

  /** It must lie between the two, or be one of them. */
  public Assertion between(Duration min, Duration max) {
    return state(new Limit(Comparison.BETWEEN, Durations.millis(min), Durations.millis(max)));
  }

  private Assertion state(Limit limit) {
    return TokenRun.current().assertions().add(new TokenLimit(indicator, replies, limit));
  }
}
