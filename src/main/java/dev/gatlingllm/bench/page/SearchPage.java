package dev.gatlingllm.bench.page;

import dev.gatlingllm.bench.search.Point;
import dev.gatlingllm.bench.search.SearchObjectives;
import dev.gatlingllm.bench.search.SearchResult;
import dev.gatlingllm.bench.search.SearchVerdict;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.report.HtmlPage;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The page of a search: its result, each objective over the loads, and the loads one by one. */
public final class SearchPage {

  /** {@code limit} is the largest sustained load, null if there is none. */
  private record Page(
      String parameter,
      String subtitle,
      String summary,
      String limit,
      List<Objective> objectives,
      List<Load> points) {}

  private record Objective(String metric, String unit, double limit, String text) {}

  private record Load(
      String value, String verdict, int iterations, List<Measured> checks, List<String> warnings) {}

  private record Measured(double mean, double error, String text) {}

  private SearchPage() {}

  /**
   * Writes the page, replacing an earlier one.
   *
   * @throws IOException if the page cannot be written
   */
  public static void write(Path file, SearchResult result) throws IOException {
    String parameter = result.axis().name();
    HtmlPage.SEARCH.write(
        file,
        new Page(
            parameter,
            "The largest %s that meets %s, with %s intervals"
                .formatted(parameter, result.objectives(), Numbers.percentOf(result.confidence())),
            result.summary(),
            result.limit().map(point -> result.axis().written(point.value())).orElse(null),
            result.objectives().all().stream().map(SearchPage::objective).toList(),
            result.points().stream().map(point -> load(result, point)).toList()));
  }

  private static Objective objective(Condition condition) {
    return new Objective(
        SearchObjectives.scoreOf(condition),
        condition.indicator().unit().symbol(),
        condition.limit(),
        condition.toString());
  }

  private static Load load(SearchResult result, Point point) {
    return new Load(
        result.axis().written(point.value()),
        point.verdict().toString(),
        point.iterations(),
        point.checks().stream().map(SearchPage::measured).toList(),
        point.warnings());
  }

  private static Measured measured(Point.Check check) {
    return new Measured(
        check.mean(),
        check.error(),
        check.verdict() == SearchVerdict.SUSTAINED
            ? check.valueWithError()
            : check.valueWithError() + ": " + check.verdict());
  }
}
