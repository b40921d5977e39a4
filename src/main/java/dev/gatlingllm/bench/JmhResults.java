package dev.gatlingllm.bench;

import dev.gatlingllm.metrics.Indicator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.util.Version;

/** Converts scores of forks to JMH's results, for JMH's statistics, tables and files. */
final class JmhResults {

  private final Combination combination;
  private final Conditions conditions;
  private final BenchmarkParams parameters;

  JmhResults(Combination combination) {
    this.combination = combination;
    this.conditions = combination.conditions();
    this.parameters = parameters();
  }

  /**
   * Returns the result of a combination.
   *
   * @param forks one or more
   */
  RunResult of(List<ForkScores> forks) {
    Set<Indicator> measured = measured(forks);
    List<BenchmarkResult> results = new ArrayList<>();
    for (ForkScores fork : forks) {
      List<IterationResult> iterations = new ArrayList<>();
      for (Map<String, Double> values : fork.iterations()) {
        iterations.add(iteration(values, measured));
      }
      results.add(new BenchmarkResult(parameters, iterations));
    }
    return new RunResult(parameters, results);
  }

  /** Returns the secondary metrics, without those that no iteration has a value of. */
  private Set<Indicator> measured(List<ForkScores> forks) {
    Set<Indicator> measured = new LinkedHashSet<>(conditions.metrics());
    measured.remove(conditions.score());
    measured.removeIf(
        metric ->
            forks.stream()
                .allMatch(fork -> fork.without(metric).size() == fork.iterations().size()));
    return measured;
  }

  private IterationResult iteration(Map<String, Double> values, Set<Indicator> others) {
    IterationResult iteration = new IterationResult(parameters, parameters.getMeasurement(), null);
    iteration.addResult(score(ResultRole.PRIMARY, conditions.score(), values));
    for (Indicator metric : others) {
      iteration.addResult(score(ResultRole.SECONDARY, metric, values));
    }
    return iteration;
  }

  private Score score(ResultRole role, Indicator metric, Map<String, Double> values) {
    return Score.of(
        role,
        metric.label(),
        values.getOrDefault(metric.label(), Double.NaN),
        conditions.units().unit(metric));
  }

  private BenchmarkParams parameters() {
    WorkloadParams values = new WorkloadParams();
    int index = 0;
    for (Map.Entry<String, String> parameter : combination.parameters().entrySet()) {
      values.put(parameter.getKey(), parameter.getValue(), index++);
    }
    Runtime.Version vm = Runtime.version();
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
        conditions.jvmArguments().stream().map(JmhResults::withoutSecrets).toList(),
        System.getProperty("java.version"),
        System.getProperty("java.vm.name"),
        vm.toString(),
        Version.getPlainVersion(),
        conditions.timeout());
  }

  private static String withoutSecrets(String argument) {
    return argument.replaceAll("//[^/@\\s]*@", "//");
  }
}
