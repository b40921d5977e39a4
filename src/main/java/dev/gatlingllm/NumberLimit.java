package dev.gatlingllm;

import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.Asserted;
import dev.gatlingllm.report.assertion.ResponseFilter;
import dev.gatlingllm.report.assertion.TokenAssertion;
import io.gatling.javaapi.core.Assertion;

/**
 * Asserts a limit of a figure. Immutable. Limits must be from 0 to 2,000,000 and count to three
 * decimals; any other limit is an {@link IllegalArgumentException}. An assertion on a figure that
 * was not measured fails.
 */
public sealed class NumberLimit permits TokenTotal {

  private final Asserted asserted;

  NumberLimit(Asserted asserted) {
    this.asserted = asserted;
  }

  NumberLimit(Indicator indicator, ResponseFilter responses) {
    this(new Asserted.OfResponses(indicator, responses));
  }

  /** Asserts that the figure is less than a limit. */
  public Assertion lt(Number limit) {
    return add(Comparison.LESS, limit, limit);
  }

  /** Asserts that the figure is at most a limit. */
  public Assertion lte(Number limit) {
    return add(Comparison.LESS_OR_EQUAL, limit, limit);
  }

  /** Asserts that the figure is greater than a limit. */
  public Assertion gt(Number limit) {
    return add(Comparison.GREATER, limit, limit);
  }

  /** Asserts that the figure is at least a limit. */
  public Assertion gte(Number limit) {
    return add(Comparison.GREATER_OR_EQUAL, limit, limit);
  }

  /** Asserts that the figure is a value, to three decimals. */
  public Assertion is(Number value) {
    return add(Comparison.EQUAL, value, value);
  }

  /** As {@link #is}, which is a word of Kotlin's. */
  public Assertion shouldBe(Number value) {
    return is(value);
  }

  /** Asserts that the figure is between two limits, both included. */
  public Assertion between(Number min, Number max) {
    return add(Comparison.BETWEEN, min, max);
  }

  private Assertion add(Comparison comparison, Number low, Number high) {
    return TokenRun.current()
        .assertions()
        .add(new TokenAssertion(asserted, comparison, low.doubleValue(), high.doubleValue()));
  }
}
