package dev.gatlingllm.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * Writes the headline figures for github-action-benchmark, which draws them over the commits of a
 * repository: one file with the figures of which lower values are better and one with those of
 * which higher values are. Figures that were not measured are left out.
 */
public final class BenchmarkJson {

  static final String SMALLER_IS_BETTER = "customSmallerIsBetter.json";
  static final String BIGGER_IS_BETTER = "customBiggerIsBetter.json";

  private final JsonGenerator json;

  private BenchmarkJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes both files, over earlier ones.
   *
   * @param folder the run's folder
   * @throws IOException when they cannot be written
   */
  public static void write(RunReport report, Path folder) throws IOException {
    ScopeSummary overall = report.summary().get().overall();
    write(overall, Direction.LOWER_IS_BETTER, folder.resolve(SMALLER_IS_BETTER));
    write(overall, Direction.HIGHER_IS_BETTER, folder.resolve(BIGGER_IS_BETTER));
  }

  private static void write(ScopeSummary overall, Direction better, Path file) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      BenchmarkJson entries = new BenchmarkJson(json);
      for (Figure figure : Figure.headlines()) {
        if (figure.direction() == better) {
          entries.write(figure, overall);
        }
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  private void write(Figure figure, ScopeSummary overall) throws IOException {
    if (figure.isDistribution()) {
      Summary summary = overall.metrics().get(figure);
      if (summary != null) {
        String samples = summary.count() + " samples";
        write(figure.label() + " p50", figure, summary.p50(), samples);
        write(figure.label() + " p95", figure, summary.p95(), samples);
        write(figure.label() + " p99", figure, summary.p99(), samples);
      }
      return;
    }
    long requests = overall.totals().requests();
    OptionalDouble value = figure.of(overall.totals());
    if (value.isPresent() && (requests > 0 || value.getAsDouble() > 0)) {
      // the unit already says "per second"
      String name = figure.label().replaceFirst("/s$", "");
      write(name, figure, value.getAsDouble(), requests + " requests");
    }
  }

  private void write(String name, Figure figure, double value, String extra) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("unit", figure.unit().symbol());
    new SnapshotJson(json).number("value", value);
    json.writeStringField("extra", extra);
    json.writeEndObject();
  }
}
