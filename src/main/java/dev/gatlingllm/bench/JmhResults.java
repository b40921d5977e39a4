package dev.gatlingllm.bench;

import dev.gatlingllm.bench.result.MetricScores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.Aggregator;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;
import org.openjdk.jmh.util.Version;

/** Converts scores of forks to JMH's results, for JMH's statistics, tables and files. */
final class JmhResults {

  private JmhResults() {}

  /**
   * Returns the result of a combination.
   *
   * @param metrics the score, and after it the secondary metrics
   */
  static RunResult of(Combination combination, List<MetricScores> metrics) {
    BenchmarkParams parameters = parameters(combination);
    List<BenchmarkResult> forks = new ArrayList<>();
    for (int fork = 0; fork < metrics.get(0).forks().size(); fork++) {
      int number = fork;
      int count = metrics.stream().mapToInt(m -> m.forks().get(number).size()).max().orElse(0);
      List<IterationResult> iterations = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        var iteration = new IterationResult(parameters, parameters.getMeasurement(), null);
        for (int m = 0; m < metrics.size(); m++) {
          MetricScores metric = metrics.get(m);
          List<Double> values = metric.forks().get(fork);
          // a fork's only value stands in its first iteration; JMH needs a score in every one
          if (m == 0) {
            double score = i < values.size() ? values.get(i) : Double.NaN;
            iteration.addResult(new Score(ResultRole.PRIMARY, metric, score));
          } else if (i < values.size()) {
            iteration.addResult(new Score(ResultRole.SECONDARY, metric, values.get(i)));
          }
        }
        iterations.add(iteration);
      }
      forks.add(new BenchmarkResult(parameters, iterations));
    }
    return new RunResult(parameters, forks);
  }

  /** Returns the parameters by which JMH sorts and lists a result. */
  static BenchmarkParams parameters(Combination combination) {
    Conditions conditions = combination.conditions();
    WorkloadParams values = new WorkloadParams();
    int index = 0;
    for (Map.Entry<String, String> parameter : combination.parameters().entrySet()) {
      values.put(parameter.getKey(), parameter.getValue(), index++);
    }
    return new BenchmarkParams(
        combination.benchmark(),
        combination.benchmark(),
        false,
        1,
        new int[] {1},
        List.of(),
        conditions.forks(),
        conditions.warmupForks(),
        new IterationParams(
            IterationType.WARMUP, conditions.warmupIterations(), conditions.warmupTime(), 1),
        new IterationParams(
            IterationType.MEASUREMENT, conditions.iterations(), conditions.time(), 1),
        conditions.mode(),
        values,
        conditions.units().ofTimes(),
        1,
        // without its folder: results are shared, paths are private
        Path.of(conditions.jvm()).getFileName().toString(),
        conditions.shownJvmArguments(),
        System.getProperty("java.version"),
        System.getProperty("java.vm.name"),
        Runtime.version().toString(),
        Version.getPlainVersion(),
        conditions.timeout());
  }

  /**
   * The value of one iteration, or of several, as a result of JMH's. The score is the mean of the
   * values, and the error half of JMH's interval. An iteration without a value is NaN in the raw
   * data and is not part of score or error; where the score is unknown, they are NaN.
   */
  private static final class Score extends Result<Score> {

    private static final long serialVersionUID = 1;

    private final transient MetricScores metric;

    private Score(ResultRole role, MetricScores metric, Statistics values) {
      super(role, metric.name(), values, metric.unit(), AggregationPolicy.AVG);
      this.metric = metric;
    }

    /** Makes the result of one iteration. */
    Score(ResultRole role, MetricScores metric, double value) {
      this(role, metric, of(value));
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
      boolean isKnown = !Double.isNaN(any.metric.score());
      for (Score score : scores) {
        if (isKnown && !Double.isNaN(score.getScore())) {
          values.addValue(score.getScore());
        }
      }
      return new Score(any.role, any.metric, values);
    }
  }
}
