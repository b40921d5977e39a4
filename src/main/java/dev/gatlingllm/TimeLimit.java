package dev.gatlingllm;

import dev.gatlingllm.gatling.TokenAssertions;
import dev.gatlingllm.report.assertion.Figure;
import dev.gatlingllm.report.assertion.Limit;
import dev.gatlingllm.report.assertion.Limit.Comparison;
import dev.gatlingllm.report.assertion.Replies;
import dev.gatlingllm.report.assertion.TokenLimit;
import io.gatling.javaapi.core.Assertion;
import java.time.Duration;

/**
 * A figure that is a time and waits for its limit. Immutable. Every limit lies in 0 … 2,000 s and
 * counts to the microsecond; another one is an {@link IllegalArgumentException}. A figure that was
 * not measured fails its assertion.
 */
public final class TimeLimit {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Figure figure;
  private final Replies replies;

  TimeLimit(Figure figure, Replies replies) {
    this.figure = figure;
    this.replies = replies;
  }

  /** It must be shorter. */
  public Assertion lt(Duration limit) {
    return state(Limit.of(Comparison.LESS, millis(limit)));
  }

  /** It must be shorter or the same. */
  public Assertion lte(Duration limit) {
    return state(Limit.of(Comparison.LESS_OR_EQUAL, millis(limit)));
  }

  /** It must be longer. */
  public Assertion gt(Duration limit) {
    return state(Limit.of(Comparison.GREATER, millis(limit)));
  }

  /** It must be longer or the same. */
  public Assertion gte(Duration limit) {
    return state(Limit.of(Comparison.GREATER_OR_EQUAL, millis(limit)));
  }

  /** It must lie between the two, or be one of them. */
  public Assertion between(Duration min, Duration max) {
    return state(new Limit(Comparison.BETWEEN, millis(min), millis(max)));
  }

  private static double millis(Duration duration) {
    return duration.toSeconds() * 1e3 + duration.getNano() / NANOS_PER_MILLI;
  }

  private Assertion state(Limit limit) {
    return TokenAssertions.state(new TokenLimit(figure, replies, limit));
  }
}
