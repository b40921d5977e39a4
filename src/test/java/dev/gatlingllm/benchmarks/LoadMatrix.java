package dev.gatlingllm.benchmarks;

import dev.gatlingllm.bench.MatrixPage;
import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.metrics.Figure.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the results of runs, by number of streams and placement, as a matrix page. */
final class LoadMatrix {

  private final String name;
  private final List<BenchmarkScores> rows = new ArrayList<>();

  LoadMatrix(String name) {
    this.name = name;
  }

  static MetricScores metric(String name, String unit, double value) {
    return new MetricScores(name, unit, Direction.NEITHER, List.of(List.of(value)));
  }

  void add(int streams, Placement placement, MetricScores... metrics) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("streams", Integer.toString(streams));
    parameters.put("placement", placement.name());
    rows.add(new BenchmarkScores(new Key(name, "ss", parameters), List.of(metrics)));
  }

  void write(Path file) throws IOException {
    MatrixPage.write(file, rows, Map.of(), 0.99);
  }
}
