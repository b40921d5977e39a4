package dev.gatlingllm.bench.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.bench.search.Point;
import dev.gatlingllm.bench.search.SearchAxis;
import dev.gatlingllm.bench.search.SearchObjectives;
import dev.gatlingllm.bench.search.SearchResult;
import dev.gatlingllm.bench.search.SearchVerdict;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.report.PageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchPageTest {

  private static final SearchObjectives OBJECTIVES =
      SearchObjectives.parse("ttft p95 < 800ms & failures <= 1%");

  @TempDir Path folder;

  private final List<Point> points = new ArrayList<>();

  private SearchPageTest point(double value, double ttft, SearchVerdict verdict) {
    Condition first = OBJECTIVES.all().get(0);
    Condition second = OBJECTIVES.all().get(1);
    points.add(
        new Point(
            value,
            5,
            List.of(
                new Point.Check(first, ttft, Interval.around(ttft, 20), verdict, ""),
                new Point.Check(second, 0, Interval.around(0, 0), SearchVerdict.SUSTAINED, "")),
            verdict == SearchVerdict.NOT_SUSTAINED ? List.of("ttft·p95: it rises") : List.of()));
    return this;
  }

  private JsonNode page(String failure) throws IOException {
    Path page = folder.resolve("search.html");
    SearchPage.write(
        page, new SearchResult(SearchAxis.parse("users=1..8"), OBJECTIVES, 0.99, points, failure));
    return PageFile.data(page);
  }

  @Test
  void writesTheResultTheObjectivesAndEveryLoad() throws IOException {
    JsonNode page =
        point(2, 400, SearchVerdict.SUSTAINED)
            .point(8, 900, SearchVerdict.NOT_SUSTAINED)
            .point(4, 790, SearchVerdict.UNDECIDED)
            .page("");

    assertThat(page.get("summary").asText()).startsWith("Sustained: users=2; 4 is undecided");
    assertThat(page.get("limit").asText()).isEqualTo("2");
    assertThat(page.findValuesAsText("verdict"))
        .containsExactly("sustained", "not sustained", "undecided");
    assertThat(page.at("/objectives/0/limit").asDouble()).isEqualTo(800);
    JsonNode load = page.at("/points/1");
    assertThat(load.get("value").asText()).isEqualTo("8");
    assertThat(load.at("/checks/0/error").asDouble()).isEqualTo(20);
    assertThat(load.at("/checks/0/text").asText()).isEqualTo("900 ± 20 ms: not sustained");
    assertThat(load.at("/checks/1/text").asText()).isEqualTo("0 %");
    assertThat(load.at("/warnings/0").asText()).isEqualTo("ttft·p95: it rises");
  }

  @Test
  void saysWhyASearchMeasuredNothing() throws IOException {
    JsonNode page = page("users=1 could not be measured: no server");

    assertThat(page.get("summary").asText())
        .isEqualTo(
            "Nothing was measured. The search stopped early: users=1 could not be measured: no"
                + " server.");
    assertThat(page.get("limit").isNull()).isTrue();
    assertThat(page.get("points")).isEmpty();
  }
}
