package dev.gatlingllm.bench.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.search.Check;
import dev.gatlingllm.bench.search.Point;
import dev.gatlingllm.bench.search.SearchAxis;
import dev.gatlingllm.bench.search.SearchObjective;
import dev.gatlingllm.bench.search.SearchObjectives;
import dev.gatlingllm.bench.search.SearchResult;
import dev.gatlingllm.bench.search.Sustained;
import dev.gatlingllm.metrics.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class SearchPageTest {

  private static final SearchObjectives OBJECTIVES =
      SearchObjectives.parse("ttft p95 < 800ms & failures <= 1%");

  @TempDir Path folder;

  private final List<Point> points = new ArrayList<>();

  private SearchPageTest point(double value, double ttft, Sustained verdict) {
    SearchObjective first = OBJECTIVES.all().get(0);
    SearchObjective second = OBJECTIVES.all().get(1);
    points.add(
        new Point(
            value,
            5,
            List.of(
                new Check(first, ttft, Interval.around(ttft, 20), verdict, ""),
                new Check(second, 0, Interval.around(0, 0), Sustained.YES, "")),
            verdict == Sustained.NO ? List.of("ttft·p95: it rises") : List.of()));
    return this;
  }

  private ReadPage page(String failure) throws IOException {
    Path page = folder.resolve("search.html");
    SearchPage.write(
        page, new SearchResult(SearchAxis.parse("users=1..8"), OBJECTIVES, 0.99, points, failure));
    return new ReadPage(page);
  }

  @Test
  void theAnswerStandsFirstAndEveryLoadHasItsRow() throws IOException {
    ReadPage page =
        point(2, 400, Sustained.YES)
            .point(8, 900, Sustained.NO)
            .point(4, 790, Sustained.UNDECIDED)
            .page("");

    assertThat(page.texts("p").get(1)).startsWith("Sustained: users=2; 4 is undecided");
    assertThat(page.texts("tr"))
        .containsExactly(
            "#usersverdictiterationsttft·p95 < 800 msfailures <= 1 %",
            "12sustained5400 ± 20 ms0 %",
            "28not sustained5900 ± 20 ms: not sustained0 %",
            "34undecided5790 ± 20 ms: undecided0 %");
    assertThat(page.texts("li")).endsWith("users=8, ttft·p95: it rises");
  }

  @Test
  void everyObjectiveIsDrawnWithItsLimitAndTheWayThere() throws IOException {
    ReadPage page = point(2, 400, Sustained.YES).point(8, 900, Sustained.NO).page("");

    assertThat(page.texts("figcaption")).containsExactly("users", "ttft·p95 ms", "failures %");
    Element way = ReadPage.in(page.all("figure").get(0), "svg").get(0);
    assertThat(ReadPage.in(way, "polyline")).hasSize(1);
    assertThat(way.getAttribute("aria-label")).contains("sustained: 2");
    Element ttft = ReadPage.in(page.all("figure").get(1), "svg").get(0);
    assertThat(ttft.getAttribute("aria-label"))
        .isEqualTo(
            "ttft·p95 over users; ttft·p95 < 800 ms; sustained, users 2: 400 ± 20 ms; not"
                + " sustained, users 8: 900 ± 20 ms");
  }

  @Test
  void aSearchThatMeasuredNothingSaysWhy() throws IOException {
    ReadPage page = page("users=1 could not be measured: no server");

    assertThat(page.texts("p").get(1))
        .isEqualTo(
            "Nothing was measured. The search stopped early: users=1 could not be measured: no"
                + " server.");
    assertThat(page.all("figure")).isEmpty();
  }
}
