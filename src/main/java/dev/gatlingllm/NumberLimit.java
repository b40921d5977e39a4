package dev.gatlingllm;

import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.Limit;
import dev.gatlingllm.report.assertion.Replies;
import dev.gatlingllm.report.assertion.TokenLimit;
import io.gatling.javaapi.core.Assertion;

/**
 * A figure that is a number, such as of tokens, and waits for its limit. Immutable. Every limit
 * lies in 0 … 2,000,000 and counts to three decimals; another one is an {@link
 * IllegalArgumentException}. A figure that was not measured fails its assertion.
 */
public final class NumberLimit {

  private final Indicator indicator;
  private final Replies replies;

  NumberLimit(Indicator indicator, Replies replies) {
    this.indicator = indicator;
    this.replies = replies;
  }

  /** It must be less. */
  public Assertion lt(double limit) {
    return state(Limit.of(Comparison.LESS, limit));
  }

  /** It must be less or the same. */
  public Assertion lte(double limit) {
    return state(Limit.of(Comparison.LESS_OR_EQUAL, limit));
  }

  /** It must be more. */
  public Assertion gt(double limit) {
    return state(Limit.of(Comparison.GREATER, limit));
  }

  /** It must be more or the same. */
  public Assertion gte(double limit) {
    return state(Limit.of(Comparison.GREATER_OR_EQUAL, limit));
  }

  /** It must be the same, to three decimals. */
  public Assertion is(double value) {
    return state(Limit.of(Comparison.EQUAL, value));
  }

  /** It must lie between the two, or be one of them. */
  public Assertion between(double min, double max) {
    return state(new Limit(Comparison.BETWEEN, min, max));
  }

  private Assertion state(Limit limit) {
    return TokenRun.current().assertions().add(new TokenLimit(indicator, replies, limit));
  }
}
