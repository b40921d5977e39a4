package dev.gatlingllm;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Statistic;
import dev.gatlingllm.report.assertion.Replies;
import java.util.function.BiFunction;

/**
 * A metric of replies, to assert something of. Immutable. Say which statistic next, and then its
 * limit.
 *
 * @param <L> {@link TimeLimit} or {@link NumberLimit}
 */
public final class TokenMetric<L> {

  private final Figure metric;
  private final Replies replies;
  private final BiFunction<Indicator, Replies, L> limit;

  TokenMetric(Figure metric, BiFunction<Indicator, Replies, L> limit) {
    this(metric, Replies.ALL, limit);
  }

  private TokenMetric(Figure metric, Replies replies, BiFunction<Indicator, Replies, L> limit) {
    this.metric = metric;
    this.replies = replies;
    this.limit = limit;
  }

  /**
   * Of one request's replies alone.
   *
   * @param name the request's name in the report
   */
  public TokenMetric<L> forRequest(String name) {
    return new TokenMetric<>(metric, replies.ofRequest(name), limit);
  }

  /**
   * Of one turn's replies alone; in a run of more than 16 request names, not together with each of
   * them.
   *
   * @param turn from 1 to 64; the 64th stands for the later ones too
   * @throws IllegalArgumentException if it is none
   */
  public TokenMetric<L> forTurn(int turn) {
    return new TokenMetric<>(metric, replies.ofTurn(turn), limit);
  }

  /**
   * Of one prefix group's replies alone; not together with a request, a turn or a scenario.
   *
   * @param group from 0 to 63; the last one stands for the later ones too
   * @throws IllegalArgumentException if it is none
   */
  public TokenMetric<L> forGroup(int group) {
    return new TokenMetric<>(metric, replies.ofGroup(group), limit);
  }

  /**
   * Of one scenario's replies alone; not together with a request, a turn or a group.
   *
   * @param name the scenario's name
   */
  public TokenMetric<L> forScenario(String name) {
    return new TokenMetric<>(metric, replies.ofScenario(name), limit);
  }

  /** The arithmetic mean. */
  public L mean() {
    return of(Statistic.MEAN);
  }

  /** The least value. */
  public L min() {
    return of(Statistic.MIN);
  }

  /** The greatest value. */
  public L max() {
    return of(Statistic.MAX);
  }

  /** The standard deviation. */
  public L stdDev() {
    return of(Statistic.STANDARD_DEVIATION);
  }

  /**
   * Any percentile, as the Tokens tab gives it.
   *
   * @param percentile above 0, at most 100
   * @throws IllegalArgumentException if it is none
   */
  public L percentile(double percentile) {
    return of(Statistic.percentile(percentile));
  }

  private L of(Statistic statistic) {
    return limit.apply(new Indicator(metric, statistic), replies);
  }
}
