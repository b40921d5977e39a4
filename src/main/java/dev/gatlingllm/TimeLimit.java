package dev.gatlingllm;

import static dev.gatlingllm.text.Durations.millis;

import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.ResponseFilter;
import io.gatling.javaapi.core.Assertion;
import java.time.Duration;

/**
 * Asserts a limit of a figure that is a time. Immutable. Limits must be from 0 to 2,000 s and count
 * to the microsecond; any other limit is an {@link IllegalArgumentException}. An assertion on a
 * figure that was not measured fails.
 */
public final class TimeLimit {

  private final NumberLimit ofMillis;

  TimeLimit(Indicator indicator, ResponseFilter responses) {
    ofMillis = new NumberLimit(indicator, responses);
  }

  /** Asserts that the time is shorter than a limit. */
  public Assertion lt(Duration limit) {
    return ofMillis.lt(millis(limit));
  }

  /** Asserts that the time is at most a limit. */
  public Assertion lte(Duration limit) {
    return ofMillis.lte(millis(limit));
  }

  /** Asserts that the time is longer than a limit. */
  public Assertion gt(Duration limit) {
    return ofMillis.gt(millis(limit));
  }

  /** Asserts that the time is at least a limit. */
  public Assertion gte(Duration limit) {
    return ofMillis.gte(millis(limit));
  }

  /** Asserts that the time is between two limits, both included. */
  public Assertion between(Duration min, Duration max) {
    return ofMillis.between(millis(min), millis(max));
  }
}
