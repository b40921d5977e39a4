package dev.gatlingllm;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.ConversationOutcome;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Statistic;
import dev.gatlingllm.report.assertion.ResponseFilter;
import dev.gatlingllm.text.Choice;
import dev.gatlingllm.text.Require;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A figure that every response has values of, to assert a limit of: choose a statistic first, then
 * its limit. Immutable. An argument outside its range is an {@link IllegalArgumentException}.
 *
 * @param <L> {@link TimeLimit} or {@link NumberLimit}
 */
public final class TokenMetric<L> {

  private final Figure figure;
  private final ResponseFilter responses;
  private final BiFunction<Indicator, ResponseFilter, L> limit;

  TokenMetric(Figure figure, BiFunction<Indicator, ResponseFilter, L> limit) {
    this(figure, ResponseFilter.ALL, limit);
  }

  private TokenMetric(
      Figure figure, ResponseFilter responses, BiFunction<Indicator, ResponseFilter, L> limit) {
    this.figure = figure;
    this.responses = responses;
    this.limit = limit;
  }

  /** Restricts the assertion to one request, by its name in the report. */
  public TokenMetric<L> forRequest(String name) {
    return new TokenMetric<>(figure, responses.ofRequest(name), limit);
  }

  /**
   * Restricts the assertion to one turn, from 1 to 64; 64 stands for all later turns. In a run of
   * more than 16 request names, a turn can be combined with the first 16 only.
   */
  public TokenMetric<L> forTurn(int turn) {
    return new TokenMetric<>(figure, responses.ofTurn(turn), limit);
  }

  /**
   * Restricts the assertion to one prefix group, from 0 to 63; 63 stands for all later groups.
   * Cannot be combined with other restrictions.
   */
  public TokenMetric<L> forGroup(int group) {
    return new TokenMetric<>(figure, responses.ofGroup(group), limit);
  }

  /**
   * Restricts the assertion to one scenario, by its name. Cannot be combined with other
   * restrictions.
   */
  public TokenMetric<L> forScenario(String name) {
    return new TokenMetric<>(figure, responses.of(Breakdown.SCENARIO, name), limit);
  }

  /**
   * Restricts the assertion to one model or adapter, by the name that was asked. Cannot be combined
   * with other restrictions.
   */
  public TokenMetric<L> forModel(String name) {
    return new TokenMetric<>(figure, responses.of(Breakdown.MODEL, name), limit);
  }

  /**
   * Restricts the assertion to one API: {@code chat}, {@code completions}, {@code messages} and so
   * on. Cannot be combined with other restrictions.
   */
  public TokenMetric<L> forApi(String name) {
    return new TokenMetric<>(figure, responses.of(Breakdown.API, name), limit);
  }

  /**
   * Restricts the assertion to the responses that ended for one reason, such as {@code length}, in
   * the server's words. Cannot be combined with other restrictions.
   */
  public TokenMetric<L> forFinishReason(String reason) {
    return new TokenMetric<>(figure, responses.of(Breakdown.FINISH_REASON, reason), limit);
  }

  /**
   * Restricts the assertion on a figure of conversations to those that ended in one way: {@code
   * completed}, which is the default, {@code failed} or {@code abandoned}. Cannot be combined with
   * other restrictions.
   */
  public TokenMetric<L> forOutcome(String outcome) {
    Require.that(
        Stream.of(ConversationOutcome.values()).map(Choice::key).anyMatch(outcome::equals),
        "forOutcome",
        outcome,
        "completed, failed or abandoned");
    // of all responses, conversations that have not ended are judged, too
    return outcome.equals(Choice.key(ConversationOutcome.COMPLETED))
        ? this
        : new TokenMetric<>(figure, responses.of(Breakdown.OUTCOME, outcome), limit);
  }

  /** Asserts the arithmetic mean. */
  public L mean() {
    return of(Statistic.MEAN);
  }

  /** Asserts the least value. */
  public L min() {
    return of(Statistic.MIN);
  }

  /** Asserts the greatest value. */
  public L max() {
    return of(Statistic.MAX);
  }

  /** Asserts the standard deviation. */
  public L stdDev() {
    return of(Statistic.STANDARD_DEVIATION);
  }

  /** Asserts a percentile from 1 to 100, to 3 significant digits. */
  public L percentile(Number percentile) {
    return of(Statistic.percentile(percentile.doubleValue()));
  }

  private L of(Statistic statistic) {
    return limit.apply(new Indicator(figure, statistic), responses);
  }
}
