package dev.gatlingllm;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.Replies;
import io.gatling.javaapi.core.Assertion;

/**
 * A figure of which a run has one, to assert something of: a share or a rate over the measured
 * window, weighted by tokens. Immutable.
 */
public final class TokenTotal {

  private final Figure figure;
  private final Replies replies;

  TokenTotal(Figure figure) {
    this(figure, Replies.ALL);
  }

  private TokenTotal(Figure figure, Replies replies) {
    this.figure = figure;
    this.replies = replies;
  }

  /** As {@link TokenMetric#forRequest}. */
  public TokenTotal forRequest(String name) {
    return new TokenTotal(figure, replies.ofRequest(name));
  }

  /** As {@link TokenMetric#forTurn}. */
  public TokenTotal forTurn(int turn) {
    return new TokenTotal(figure, replies.ofTurn(turn));
  }

  /** As {@link TokenMetric#forGroup}. */
  public TokenTotal forGroup(int group) {
    return new TokenTotal(figure, replies.ofGroup(group));
  }

  /** As {@link TokenMetric#forScenario}. */
  public TokenTotal forScenario(String name) {
    return new TokenTotal(figure, replies.ofScenario(name));
  }

  /** As {@link NumberLimit#lt}. */
  public Assertion lt(double limit) {
    return limit().lt(limit);
  }

  /** As {@link NumberLimit#lte}. */
  public Assertion lte(double limit) {
    return limit().lte(limit);
  }

  /** As {@link NumberLimit#gt}. */
  public Assertion gt(double limit) {
    return limit().gt(limit);
  }

  /** As {@link NumberLimit#gte}. */
  public Assertion gte(double limit) {
    return limit().gte(limit);
  }

  /** As {@link NumberLimit#between}. */
  public Assertion between(double min, double max) {
    return limit().between(min, max);
  }

  private NumberLimit limit() {
    return new NumberLimit(Indicator.of(figure), replies);
  }
}
