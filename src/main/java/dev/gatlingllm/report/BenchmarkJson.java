package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Percentile;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Writes the headline figures for github-action-benchmark, which draws them over the commits of a
 * repository: one file with the figures of which lower values are better and one with those of
 * which higher values are. Figures that were not measured are left out, and percentiles of too few
 * samples.
 */
public final class BenchmarkJson {

  static final String SMALLER_IS_BETTER = "customSmallerIsBetter.json";
  static final String BIGGER_IS_BETTER = "customBiggerIsBetter.json";

  private record Entry(String name, String unit, double value, String extra) {}

  private BenchmarkJson() {}

  /**
   * Returns the name of the file with the figures of one kind in a run's folder.
   *
   * @param better which values are better; not {@link Direction#NEITHER}
   */
  public static String fileName(Direction better) {
    return better == Direction.LOWER_IS_BETTER ? SMALLER_IS_BETTER : BIGGER_IS_BETTER;
  }

  /**
   * Writes one of the files, replacing an earlier one atomically.
   *
   * @param better which values are better; not {@link Direction#NEITHER}
   * @param folder the run's folder
   * @throws IOException if the file cannot be written
   */
  public static void write(RunReport report, Direction better, Path folder) throws IOException {
    ScopeSummary overall = report.summary().overall();
    List<Entry> entries =
        Indicator.headlines().stream()
            .filter(indicator -> indicator.figure().direction() == better)
            .flatMap(indicator -> entry(indicator, overall).stream())
            .toList();
    AtomicFile.write(
        folder.resolve(fileName(better)),
        Json.FIGURES.writerWithDefaultPrettyPrinter().writeValueAsString(entries) + "\n");
  }

  private static Optional<Entry> entry(Indicator indicator, ScopeSummary overall) {
    OptionalDouble value = indicator.of(overall);
    long requests = overall.totals().requests();
    if (value.isEmpty() || (requests == 0 && value.getAsDouble() == 0)) {
      return Optional.empty();
    }
    Summary distribution = overall.metrics().get(indicator.figure());
    if (distribution != null
        && !Percentile.isShown(distribution.count(), indicator.statistic().percentile())) {
      return Optional.empty();
    }
    String samples =
        distribution == null ? requests + " requests" : distribution.count() + " samples";
    // the unit already says "per second"
    String name = indicator.words().replaceFirst("/s$", "");
    return Optional.of(new Entry(name, indicator.unit().symbol(), value.getAsDouble(), samples));
  }
}
