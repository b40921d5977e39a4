package dev.gatlingllm.bench.page;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Benchmarks over their parameters: a table of all scores, charts with error bars over each
 * parameter, the iterations one by one, and links to the forks' reports.
 */
public final class MatrixPage {

  private final Path file;
  private final Map<Key, List<Path>> reports;
  private final double confidence;

  private MatrixPage(Path file, Map<Key, List<Path>> reports, double confidence) {
    this.file = file;
    this.reports = reports;
    this.confidence = confidence;
  }

  /**
   * Writes the page, over an earlier one.
   *
   * @param file the page
   * @param results its rows
   * @param reports the index page of each fork's report, where there is one; linked relative to the
   *     page
   * @param confidence of the error bars, between 0 and 1
   * @throws IOException if it cannot be written
   */
  public static void write(
      Path file, List<BenchmarkScores> results, Map<Key, List<Path>> reports, double confidence)
      throws IOException {
    MatrixPage page = new MatrixPage(file, reports, confidence);
    Map<String, List<BenchmarkScores>> benchmarks =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.key().shortName(), LinkedHashMap::new, Collectors.toList()));
    PageShell.write(
        file,
        benchmarks.size() == 1 ? benchmarks.keySet().iterator().next() : "Benchmarks",
        page.subtitle(results),
        markup ->
            benchmarks.forEach(
                (name, rows) -> {
                  if (benchmarks.size() > 1) {
                    markup.element("h2", name);
                  }
                  page.benchmark(markup, rows);
                }));
  }

  private String subtitle(List<BenchmarkScores> results) {
    String forks = range(results, row -> row.primary().forks().size()) + " forks of ";
    String iterations =
        range(results, row -> row.primary().forks().stream().mapToInt(List::size).max().orElse(0));
    return results.size()
        + (results.size() == 1 ? " combination, " : " combinations, ")
        + (forks.equals("1 forks of ") ? "1 fork of " : forks)
        + iterations
        + (iterations.equals("1") ? " iteration. " : " iterations. ")
        + "Errors are half of "
        + Numbers.percentOf(confidence)
        + " intervals; fewer than 3 values have none.";
  }

  private static String range(List<BenchmarkScores> results, ToIntFunction<BenchmarkScores> count) {
    var counts = results.stream().mapToInt(count).summaryStatistics();
    return counts.getMin() >= counts.getMax()
        ? Integer.toString(counts.getMax())
        : counts.getMin() + " to " + counts.getMax();
  }

  private void benchmark(Markup page, List<BenchmarkScores> rows) {
    DoubtList doubts = DoubtList.about(rows, confidence);
    doubts.write(page);
    new ScoreTable(file, reports, confidence, doubts).write(page, rows);
    new ParameterCharts(rows, confidence).write(page);
    page.open("section").element("h3", "Iteration by iteration");
    page.element(
        "p",
        rows.get(0).primary().name()
            + " of each measured iteration; a load that has settled has no slope",
        "class",
        "quiet");
    page.open("div", "class", "charts");
    rows.forEach(row -> IterationChart.of(row).write(page));
    page.close().close();
  }

  /** The parameters' names of some rows. */
  static List<String> parameters(List<BenchmarkScores> rows) {
    return rows.stream().flatMap(row -> row.key().params().keySet().stream()).distinct().toList();
  }

  /** The names of all metrics that some row has, in their order. */
  static List<MetricScores> metrics(List<BenchmarkScores> rows) {
    Map<String, MetricScores> metrics = new LinkedHashMap<>();
    rows.forEach(row -> row.metrics().forEach(m -> metrics.putIfAbsent(m.name(), m)));
    return List.copyOf(metrics.values());
  }
}
