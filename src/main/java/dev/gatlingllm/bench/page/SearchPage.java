package dev.gatlingllm.bench.page;

import dev.gatlingllm.bench.page.Chart.Dot;
import dev.gatlingllm.bench.page.Chart.Drawn;
import dev.gatlingllm.bench.page.Chart.Limit;
import dev.gatlingllm.bench.page.Chart.Line;
import dev.gatlingllm.bench.search.Check;
import dev.gatlingllm.bench.search.Point;
import dev.gatlingllm.bench.search.SearchObjective;
import dev.gatlingllm.bench.search.SearchResult;
import dev.gatlingllm.bench.search.Sustained;
import dev.gatlingllm.text.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The way of a search: its answer, each objective over the loads, and the loads one by one. */
public final class SearchPage {

  private static final int GRAY = 7;

  private final SearchResult result;

  private SearchPage(SearchResult result) {
    this.result = result;
  }

  /**
   * Writes the page, over an earlier one.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, SearchResult result) throws IOException {
    SearchPage page = new SearchPage(result);
    PageShell.write(
        file,
        "Limit of " + result.axis().name(),
        "The largest "
            + result.axis().name()
            + " that keeps "
            + result.objectives()
            + "; intervals of "
            + Numbers.percentOf(result.confidence()),
        page::content);
  }

  private void content(Markup page) {
    page.open("section", "class", result.limit().isPresent() ? "card answer" : "card doubts");
    page.element("p", result.summary()).close();
    if (result.points().isEmpty()) {
      return;
    }
    page.open("section").element("h3", "The way there");
    PageShell.legend(page, lines(result.objectives().all().get(0)));
    page.open("div", "class", "charts");
    way().write(page);
    result.objectives().all().forEach(objective -> chart(objective).write(page));
    page.close().close();
    table(page);
    doubts(page);
  }

  /** The loads in the order in which they were measured. */
  private Chart way() {
    List<Dot> steps = new ArrayList<>();
    for (Point point : result.points()) {
      steps.add(new Dot(Integer.toString(steps.size() + 1), point.value(), Double.NaN));
    }
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("", GRAY, Drawn.LINE, steps));
    for (Sustained verdict : Sustained.values()) {
      List<Dot> dots =
          IntStream.range(0, steps.size())
              .filter(i -> result.points().get(i).verdict() == verdict)
              .mapToObj(steps::get)
              .toList();
      lines.add(new Line(verdict.toString(), look(verdict), Drawn.DOTS, dots));
    }
    return new Chart(
        result.axis().name(),
        "",
        "measurement",
        Spread.evenly(steps.stream().map(Dot::at).toList()),
        lines,
        result.limit().stream()
            .map(point -> new Limit(point.value(), "sustained: " + written(point)))
            .toList());
  }

  private Chart chart(SearchObjective objective) {
    return new Chart(
        objective.metric(),
        objective.unit(),
        result.axis().name(),
        Spread.of(result.points().stream().map(this::written).distinct().toList()),
        lines(objective),
        List.of(new Limit(objective.limit(), objective.toString())));
  }

  /** Every verdict that was given, with its points. */
  private List<Line> lines(SearchObjective objective) {
    List<Line> lines = new ArrayList<>();
    for (Sustained verdict : Sustained.values()) {
      List<Dot> dots =
          result.points().stream()
              .filter(point -> point.verdict() == verdict)
              .map(point -> dot(point, objective))
              .toList();
      if (!dots.isEmpty()) {
        lines.add(new Line(verdict.toString(), look(verdict), Drawn.DOTS, dots));
      }
    }
    return lines;
  }

  private Dot dot(Point point, SearchObjective objective) {
    Check check =
        point.checks().stream()
            .filter(any -> any.objective().equals(objective))
            .findFirst()
            .orElseThrow();
    double error = (check.interval().high() - check.interval().low()) / 2;
    return new Dot(written(point), check.mean(), error > 0 ? error : Double.NaN);
  }

  private static int look(Sustained verdict) {
    return switch (verdict) {
      case YES -> 3;
      case NO -> 4;
      case UNDECIDED -> 6;
    };
  }

  private void table(Markup page) {
    page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Loads");
    page.open("table").element("caption", "Loads in the order in which they were measured");
    page.open("thead").open("tr");
    PageShell.heads(page, List.of(), List.of("#", result.axis().name()));
    PageShell.heads(page, List.of("verdict"), List.of("iterations"));
    for (SearchObjective objective : result.objectives().all()) {
      page.element("th", objective.toString(), "scope", "col", "class", "words");
    }
    page.close().close().open("tbody");
    int number = 0;
    for (Point point : result.points()) {
      page.open("tr").element("td", Integer.toString(++number));
      page.element("th", written(point), "scope", "row");
      page.element("td", point.verdict().toString(), "class", "words");
      page.element("td", Integer.toString(point.iterations()));
      for (Check check : point.checks()) {
        page.element("td", cell(check), "class", "words");
      }
      page.close();
    }
    page.close().close().close();
  }

  private static String cell(Check check) {
    return check.verdict() == Sustained.YES
        ? check.figure()
        : check.figure() + ": " + check.verdict();
  }

  private void doubts(Markup page) {
    if (result.points().stream().allMatch(point -> point.doubts().isEmpty())) {
      return;
    }
    page.open("section", "class", "card doubts");
    page.element("h3", "Not to be trusted as it stands").open("ol");
    for (Point point : result.points()) {
      for (String doubt : point.doubts()) {
        page.open("li").element("b", result.axis().name() + "=" + written(point));
        page.text(", " + doubt).close();
      }
    }
    page.close().close();
  }

  private String written(Point point) {
    return result.axis().written(point.value());
  }
}
