package dev.gatlingllm.bench;

import java.util.Collection;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.Aggregator;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * The value of one iteration, or of several, as a result of JMH's. The score is the mean of the
 * values, and the error half of JMH's interval. An iteration without a value is NaN in the raw data
 * and is not part of score or error.
 */
final class Score extends Result<Score> {

  private static final long serialVersionUID = 1;

  private Score(ResultRole role, String label, Statistics values, String unit) {
    super(role, label, values, unit, AggregationPolicy.AVG);
  }

  /** Returns the value of one iteration. */
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
