package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Writes the headline figures for github-action-benchmark, which draws them over the commits of a
 * repository: one file with the figures of which lower values are better and one with those of
 * which higher values are. Figures that were not measured are left out.
 */
public final class BenchmarkJson {

  static final String SMALLER_IS_BETTER = "customSmallerIsBetter.json";
  static final String BIGGER_IS_BETTER = "customBiggerIsBetter.json";

  private record Entry(String name, String unit, double value, String extra) {}

  private BenchmarkJson() {}

  /**
   * Writes both files, replacing earlier ones.
   *
   * @param folder the run's folder
   * @throws IOException if a file cannot be written
   */
  public static void write(RunReport report, Path folder) throws IOException {
    ScopeSummary overall = report.summary().overall();
    write(overall, Direction.LOWER_IS_BETTER, folder.resolve(SMALLER_IS_BETTER));
    write(overall, Direction.HIGHER_IS_BETTER, folder.resolve(BIGGER_IS_BETTER));
  }

  private static void write(ScopeSummary overall, Direction better, Path file) throws IOException {
    List<Entry> entries =
        Figure.headlines().stream()
            .filter(figure -> figure.direction() == better)
            .flatMap(figure -> entries(figure, overall))
            .toList();
    Files.writeString(
        file, Json.FIGURES.writerWithDefaultPrettyPrinter().writeValueAsString(entries) + "\n");
  }

  private static Stream<Entry> entries(Figure figure, ScopeSummary overall) {
    String unit = figure.unit().symbol();
    if (figure.isDistribution()) {
      Summary summary = overall.metrics().get(figure);
      if (summary == null) {
        return Stream.empty();
      }
      String samples = summary.count() + " samples";
      return Stream.of(
          new Entry(figure.label() + " p50", unit, summary.p50(), samples),
          new Entry(figure.label() + " p95", unit, summary.p95(), samples),
          new Entry(figure.label() + " p99", unit, summary.p99(), samples));
    }
    long requests = overall.totals().requests();
    OptionalDouble value = overall.totals().value(figure);
    if (value.isEmpty() || requests == 0 && value.getAsDouble() == 0) {
      return Stream.empty();
    }
    // the unit already says "per second"
    String name = figure.label().replaceFirst("/s$", "");
    return Stream.of(new Entry(name, unit, value.getAsDouble(), requests + " requests"));
  }
}
