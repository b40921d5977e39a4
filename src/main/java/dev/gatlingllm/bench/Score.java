package dev.gatlingllm.bench;

import java.util.Collection;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.Aggregator;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * A value of one iteration, or those of many, as JMH's classes take it. The score is the mean of
 * the values that there are and the error half of JMH's interval around it: an iteration that could
 * not measure has its place in the raw data, as NaN, and no part in either.
 */
final class Score extends Result<Score> {

  private static final long serialVersionUID = 1;

  private Score(ResultRole role, String label, Statistics values, String unit) {
    super(role, label, values, unit, AggregationPolicy.AVG);
  }

  /** The value of one iteration. */
  static Score of(ResultRole role, String label, double value, String unit) {
    return new Score(role, label, of(value), unit);
  }

  @Override
  protected Aggregator<Score> getThreadAggregator() {
    return Score::together;
  }

  @Override
  protected Aggregator<Score> getIterationAggregator() {
    return Score::together;
  }

  private static Score together(Collection<Score> scores) {
    Score any = scores.iterator().next();
    if (scores.size() == 1) {
      return any;
    }
    ListStatistics values = new ListStatistics();
    for (Score score : scores) {
      if (!Double.isNaN(score.getScore())) {
        values.addValue(score.getScore());
      }
    }
    return new Score(any.role, any.label, values, any.unit);
  }
}
