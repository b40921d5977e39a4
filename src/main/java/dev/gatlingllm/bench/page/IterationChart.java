package dev.gatlingllm.bench.page;

import dev.gatlingllm.bench.page.Chart.Dot;
import dev.gatlingllm.bench.page.Chart.Drawn;
import dev.gatlingllm.bench.page.Chart.Line;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.MetricScores;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The primary metric of each iteration, a line for each fork. */
final class IterationChart {

  private IterationChart() {}

  static Chart of(BenchmarkScores row) {
    MetricScores metric = row.primary();
    List<Line> lines = new ArrayList<>();
    for (List<Double> fork : metric.forks()) {
      List<Dot> dots =
          IntStream.range(0, fork.size())
              .mapToObj(i -> new Dot(Integer.toString(i + 1), fork.get(i), Double.NaN))
              .toList();
      lines.add(
          new Line(
              "fork " + (lines.size() + 1),
              lines.size() % ParameterCharts.LOOKS,
              Drawn.JOINED,
              dots));
    }
    int longest = metric.forks().stream().mapToInt(List::size).max().orElse(0);
    List<String> numbers =
        IntStream.rangeClosed(1, Math.max(1, longest)).mapToObj(Integer::toString).toList();
    String choice = row.key().choice();
    return new Chart(
        choice.isEmpty() ? metric.name() : choice,
        metric.unit(),
        "iteration",
        Spread.evenly(numbers),
        lines,
        List.of());
  }
}
