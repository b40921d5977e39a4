package dev.gatlingllm;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.ResponseFilter;

/**
 * A figure that a set of responses has one value of, such as a rate or a share, to assert a limit
 * of. Immutable.
 */
public final class TokenTotal extends NumberLimit {

  private final Figure figure;
  private final ResponseFilter responses;

  TokenTotal(Figure figure) {
    this(figure, ResponseFilter.ALL);
  }

  private TokenTotal(Figure figure, ResponseFilter responses) {
    super(Indicator.of(figure), responses);
    this.figure = figure;
    this.responses = responses;
  }

  /** As {@link TokenMetric#forRequest}. */
  public TokenTotal forRequest(String name) {
    return new TokenTotal(figure, responses.ofRequest(name));
  }

  /** As {@link TokenMetric#forTurn}. */
  public TokenTotal forTurn(int turn) {
    return new TokenTotal(figure, responses.ofTurn(turn));
  }

  /** As {@link TokenMetric#forGroup}. */
  public TokenTotal forGroup(int group) {
    return new TokenTotal(figure, responses.ofGroup(group));
  }

  /** As {@link TokenMetric#forScenario}. */
  public TokenTotal forScenario(String name) {
    return new TokenTotal(figure, responses.ofScenario(name));
  }
}
