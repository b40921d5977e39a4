package dev.gatlingllm.bench.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one benchmark with one choice of parameters scored: a row of JMH's table. Immutable.
 *
 * @param key tells it from the others of its file
 * @param metrics the primary first, then the secondary ones in the file's order
 */
public record BenchmarkScores(Key key, List<MetricScores> metrics) {

  /** Takes a copy. */
  public BenchmarkScores {
    metrics = List.copyOf(metrics);
  }

  /** The metric of that name, if it was measured. */
  public Optional<MetricScores> metric(String name) {
    return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
  }

  BenchmarkScores withPrimaryNamed(String name) {
    List<MetricScores> named = new ArrayList<>(metrics);
    MetricScores primary = primary();
    named.set(0, new MetricScores(name, primary.unit(), primary.better(), primary.forks()));
    return new BenchmarkScores(key, named);
  }

  /** These forks and another result's. */
  public BenchmarkScores plus(BenchmarkScores other) {
    Map<String, MetricScores> both = new LinkedHashMap<>();
    Stream.concat(metrics.stream(), other.metrics.stream())
        .forEach(metric -> both.merge(metric.name(), metric, MetricScores::plus));
    return new BenchmarkScores(key, List.copyOf(both.values()));
  }

  /** The primary metric. */
  public MetricScores primary() {
    return metrics.get(0);
  }

  /**
   * A benchmark and its parameters.
   *
   * @param benchmark its full name
   * @param mode JMH's short label of what the primary metric is, such as {@code avgt}
   * @param params the parameters' values by name, in the file's order; of no weight for equality
   */
  public record Key(String benchmark, String mode, Map<String, String> params) {

    /** Takes a copy. */
    public Key {
      params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /** The name without its package. */
    public String shortName() {
      return benchmark.replaceFirst("^.*\\.(?=\\p{Lu})", "");
    }

    /** The parameters, such as {@code users=8, prefix=64}; empty where there are none. */
    public String choice() {
      return params.entrySet().stream()
          .map(param -> param.getKey() + "=" + param.getValue())
          .collect(Collectors.joining(", "));
    }

    /** The short name with the parameters, such as {@code PrefixBenchmark (users=8)}. */
    @Override
    public String toString() {
      return params.isEmpty() ? shortName() : shortName() + " (" + choice() + ")";
    }
  }
}
