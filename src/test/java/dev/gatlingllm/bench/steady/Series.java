package dev.gatlingllm.bench.steady;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Figure.Direction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Made-up scores. */
final class Series {

  private Series() {}

  static MetricScores of(String name, double[]... forks) {
    List<List<Double>> values =
        Arrays.stream(forks).map(fork -> DoubleStream.of(fork).boxed().toList()).toList();
    return new MetricScores(name, "ms", Direction.LOWER_IS_BETTER, values);
  }

  /** A fork whose values follow from the iteration's number, from 0. */
  static double[] fork(int iterations, IntToDoubleFunction value) {
    return IntStream.range(0, iterations).mapToDouble(value).toArray();
  }

  static BenchmarkScores benchmark(MetricScores... metrics) {
    return new BenchmarkScores(new BenchmarkScores.Key("a.B", "avgt", Map.of()), List.of(metrics));
  }
}
