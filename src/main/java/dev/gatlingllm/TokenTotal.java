package dev.gatlingllm;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.report.assertion.ResponseFilter;

/**
 * A figure that a set of responses has one value of, such as a rate or a share, to assert a limit
 * of. Immutable.
 */
public final class TokenTotal extends NumberLimit {

  private final Indicator indicator;
  private final ResponseFilter responses;

  TokenTotal(Figure figure) {
    this(Indicator.of(figure), ResponseFilter.ALL);
  }

  private TokenTotal(Indicator indicator, ResponseFilter responses) {
    super(indicator, responses);
    this.indicator = indicator;
    this.responses = responses;
  }

  /** As {@link TokenMetric#forRequest}. */
  public TokenTotal forRequest(String name) {
    return new TokenTotal(indicator, responses.ofRequest(name));
  }

  /** As {@link TokenMetric#forTurn}. */
  public TokenTotal forTurn(int turn) {
    return new TokenTotal(indicator, responses.ofTurn(turn));
  }

  /** As {@link TokenMetric#forGroup}. */
  public TokenTotal forGroup(int group) {
    return new TokenTotal(indicator, responses.ofGroup(group));
  }

  /** As {@link TokenMetric#forScenario}. */
  public TokenTotal forScenario(String name) {
    return new TokenTotal(indicator, responses.of(Breakdown.SCENARIO, name));
  }

  /** As {@link TokenMetric#forModel}. */
  public TokenTotal forModel(String name) {
    return new TokenTotal(indicator, responses.of(Breakdown.MODEL, name));
  }

  /** As {@link TokenMetric#forApi}. */
  public TokenTotal forApi(String name) {
    return new TokenTotal(indicator, responses.of(Breakdown.API, name));
  }

  /** As {@link TokenMetric#forFinishReason}. */
  public TokenTotal forFinishReason(String reason) {
    return new TokenTotal(indicator, responses.of(Breakdown.FINISH_REASON, reason));
  }
}
