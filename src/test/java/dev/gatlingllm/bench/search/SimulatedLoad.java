package dev.gatlingllm.bench.search;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Figure.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** A server whose latency follows a law of the load, with noise that a seed decides. */
final class SimulatedLoad implements LimitSearch.Load {

  static final int ITERATIONS = 5;

  private final Random random;
  private final double noise;
  private final ToDoubleBiFunction<Double, Integer> ttft;
  private DoubleUnaryOperator failures = load -> 0;
  private double dies = Double.POSITIVE_INFINITY;

  /** The loads that were asked for, in order. */
  final List<Double> asked = new ArrayList<>();

  private SimulatedLoad(long seed, double noise, ToDoubleBiFunction<Double, Integer> ttft) {
    this.random = new Random(seed);
    this.noise = noise;
    this.ttft = ttft;
  }

  /**
   * @param noise standard deviation of an iteration's value, as a share of it
   * @param ttft the law, in milliseconds
   */
  static SimulatedLoad of(long seed, double noise, DoubleUnaryOperator ttft) {
    return new SimulatedLoad(seed, noise, (load, i) -> ttft.applyAsDouble(load));
  }

  /** Whose latency depends on the iteration, too. */
  static SimulatedLoad building(long seed, ToDoubleBiFunction<Double, Integer> ttft) {
    return new SimulatedLoad(seed, 0.02, ttft);
  }

  /** Failures of 100 requests at a load. */
  SimulatedLoad failing(DoubleUnaryOperator ofHundred) {
    failures = ofHundred;
    return this;
  }

  SimulatedLoad dyingAt(double load) {
    dies = load;
    return this;
  }

  @Override
  public BenchmarkScores measure(String value) throws LimitSearch.MeasureFailedException {
    double load = Double.parseDouble(value);
    asked.add(load);
    if (load >= dies) {
      throw new LimitSearch.MeasureFailedException("the fork ended with 2");
    }
    List<Double> times =
        IntStream.range(0, ITERATIONS)
            .mapToObj(i -> ttft.applyAsDouble(load, i) * (1 + noise * random.nextGaussian()))
            .toList();
    return new BenchmarkScores(
        new BenchmarkScores.Key("a.B", "avgt", Map.of("users", value)),
        List.of(
            metric("ttft·p95", "ms", times),
            metric("failures", "requests", same(failures.applyAsDouble(load))),
            metric("requests", "requests", same(100))));
  }

  private static List<Double> same(double value) {
    return IntStream.range(0, ITERATIONS).mapToObj(i -> value).toList();
  }

  private static MetricScores metric(String name, String unit, List<Double> values) {
    return new MetricScores(name, unit, Direction.LOWER_IS_BETTER, List.of(values));
  }
}
