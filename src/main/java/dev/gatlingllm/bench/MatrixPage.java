package dev.gatlingllm.bench;

import static java.util.Objects.requireNonNull;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.steady.Warnings;
import dev.gatlingllm.bench.steady.Warnings.Warning;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The page of a benchmark's results: all scores, charts of each metric over each parameter, the
 * iterations, and links to the forks' reports.
 */
public final class MatrixPage {

  private record Page(String subtitle, List<Row> rows) {}

  /** One benchmark with one choice of parameters; {@code reports} are links. */
  private record Row(
      String benchmark,
      Map<String, String> params,
      List<Figure> metrics,
      List<Warning> warnings,
      List<String> reports) {}

  /** {@code forks} holds the value of each iteration of each fork. */
  private record Figure(
      String name, String unit, double mean, double error, List<List<Double>> forks) {}

  private MatrixPage() {}

  /**
   * Writes the page, replacing an earlier one.
   *
   * @param results the rows
   * @param reports the index page of each fork's report, if it has one; links are relative
   * @param confidence of the error bars, between 0 and 1
   * @throws IOException if the page cannot be written
   */
  public static void write(
      Path file, List<BenchmarkScores> results, Map<Key, List<Path>> reports, double confidence)
      throws IOException {
    Map<String, Long> benchmarksOfName =
        results.stream()
            .map(row -> List.of(row.key().shortName(), fullName(row.key())))
            .distinct()
            .collect(Collectors.groupingBy(names -> names.get(0), Collectors.counting()));
    List<Row> rows =
        results.stream()
            .map(
                row -> {
                  Key key = row.key();
                  boolean unique = Long.valueOf(1).equals(benchmarksOfName.get(key.shortName()));
                  return new Row(
                      unique ? key.shortName() : fullName(key),
                      key.params(),
                      row.metrics().stream().map(metric -> metric(metric, confidence)).toList(),
                      Warnings.about(row, confidence),
                      reports.getOrDefault(key, List.of()).stream()
                          .map(report -> link(file, report))
                          .toList());
                })
            .toList();
    HtmlPage.MATRIX.write(file, new Page(subtitle(results, confidence), rows));
  }

  private static String fullName(Key key) {
    return key.benchmark() + " (" + key.mode() + ")";
  }

  private static Figure metric(MetricScores metric, double confidence) {
    return new Figure(
        metric.name(),
        metric.marked().unit(),
        metric.score(),
        metric.error(confidence),
        metric.forks());
  }

  private static String subtitle(List<BenchmarkScores> results, double confidence) {
    return "%s, %s of %s. Errors are half of %s intervals; fewer than 3 values have none."
        .formatted(
            counted(results.size(), results.size(), "combination"),
            range(results, row -> row.primary().forks().size(), "fork"),
            range(
                results,
                row -> (int) row.primary().iterations() / Math.max(1, row.primary().forks().size()),
                "iteration"),
            Numbers.percentOf(confidence));
  }

  private static String range(
      List<BenchmarkScores> results, ToIntFunction<BenchmarkScores> count, String noun) {
    var counts = results.stream().mapToInt(count).summaryStatistics();
    return counted(counts.getMin(), counts.getMax(), noun);
  }

  private static String counted(int least, int most, String noun) {
    return (least < most ? least + " to " : "") + most + " " + noun + (most == 1 ? "" : "s");
  }

  /** Returns a link that stays valid when the folder is moved as a whole, or served. */
  static String link(Path page, Path target) {
    Path folder = requireNonNull(page.toAbsolutePath().normalize().getParent());
    Path wanted = target.toAbsolutePath().normalize();
    if (!Objects.equals(wanted.getRoot(), folder.getRoot())) {
      return wanted.toUri().toString();
    }
    return StreamSupport.stream(folder.relativize(wanted).spliterator(), false)
        .map(name -> URLEncoder.encode(name.toString(), StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }
}
