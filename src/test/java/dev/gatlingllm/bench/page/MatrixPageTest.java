package dev.gatlingllm.bench.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.result.JmhJson;
import dev.gatlingllm.bench.result.ResultReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class MatrixPageTest {

  private static final String HOSTILE = "</script><script>alert(1)</script>'\"&\u0000<b>";

  @TempDir Path folder;

  private final JmhJson json = new JmhJson();
  private final Map<Key, List<Path>> reports = new HashMap<>();

  private MatrixPageTest row(String users, String prefix, double... scores) {
    json.benchmark("load.Chat", "users", users, "prefix", prefix).primary("ms", scores, scores);
    json.secondary("cacheHitPercent", "%", scores, scores);
    return this;
  }

  private ReadPage page() throws IOException {
    List<BenchmarkScores> rows = ResultReader.read(json.write(folder.resolve("jmh.json")));
    Path page = folder.resolve("jmh.html");
    rows.forEach(
        row ->
            reports.put(
                row.key(), List.of(folder.resolve("chat 1/index.html"), folder.resolve("../x"))));
    MatrixPage.write(page, rows, reports, 0.999);
    return new ReadPage(page);
  }

  @Test
  void aRowOfTheTableHasParametersScoresAndLinks() throws IOException {
    ReadPage page = row("1", "64", 10, 12, 11).row("8", "64", 20, 22, 21).page();

    assertThat(page.texts("h1")).containsExactly("Chat");
    assertThat(page.texts("th"))
        .startsWith("users", "prefix", "scorems (the score)", "cacheHitPercent%", "Forks");
    List<Element> cells = ReadPage.in(page.all("tr").get(2), "td");
    assertThat(cells.get(0).getTextContent()).isEqualTo("21 ± 2.5");
    assertThat(ReadPage.in(cells.get(2), "a"))
        .extracting(link -> link.getAttribute("href"))
        .containsExactly("chat%201/index.html", "../x");
  }

  @Test
  void everyMetricIsDrawnOverEveryParameterThatVaries() throws IOException {
    ReadPage page =
        row("1", "64", 10, 12, 11)
            .row("8", "64", 20, 22, 21)
            .row("1", "1024", 30, 32, 31)
            .row("8", "1024", 40, 42, 41)
            .page();

    assertThat(page.texts("h3"))
        .containsExactly("Over users", "Over prefix", "Iteration by iteration");
    assertThat(page.texts("figcaption"))
        .startsWith("score ms", "cacheHitPercent %", "score ms", "cacheHitPercent %")
        .hasSize(2 * 2 + 4);
    Element chart = ReadPage.in(page.all("figure").get(0), "svg").get(0);
    assertThat(chart.getAttribute("aria-label")).contains("prefix=1024, users 8: 41 ± 2.508 ms");
    assertThat(ReadPage.in(chart, "polyline")).hasSize(2);
    assertThat(
            ReadPage.in(chart, "path").stream()
                .filter(p -> p.getAttribute("class").equals("error")))
        .hasSize(4);
  }

  @Test
  void oneParameterChoiceHasNothingToBeDrawnOver() throws IOException {
    ReadPage page = row("1", "64", 10, 12, 11).page();

    assertThat(page.texts("h3")).containsExactly("Iteration by iteration");
  }

  @Test
  void scoresThatAreNotToBeTrustedPointToTheReason() throws IOException {
    ReadPage page = row("1", "64", 10, 20, 30, 40).page();

    assertThat(page.texts("li").get(0))
        .startsWith("users=1, prefix=64: score: it rises by 120.0 %");
    Element mark = page.all("a").get(0);
    assertThat(mark.getTextContent()).isEqualTo("(1)");
    assertThat(mark.getAttribute("href")).isEqualTo("#" + page.all("li").get(0).getAttribute("id"));
  }

  @Test
  void hostileNamesAreData() throws IOException {
    ReadPage page = row(HOSTILE, "64", 10, 12, 11).row("8", "64", 20, 22, 21).page();

    assertThat(page.all("script")).hasSize(1);
    assertThat(page.all("b")).extracting(Element::getTextContent).doesNotContain("");
    assertThat(page.texts("th")).contains(HOSTILE.replace('\u0000', '\uFFFD'));
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws IOException {
    row("1", "64", 10, 12, 11).row("8", "64", 20, 22, 21).page();

    assertThat(folder.resolve("jmh.html"))
        .content()
        .doesNotContain("http:", "https:", "src=", "@import", "url(");
  }

  @Test
  void valuesThatAreMissingLeaveGaps() throws IOException {
    double nan = Double.NaN;
    ReadPage page = row("1", "64", nan, nan, nan).row("8", "64", 20, nan, 22).page();

    assertThat(ReadPage.in(page.all("tr").get(1), "td").get(0).getTextContent())
        .startsWith("– (1)");
    assertThat(page.text()).contains("6 of 6 iterations have no value");
  }

  @Test
  void manyBenchmarksHaveASectionEach() throws IOException {
    json.benchmark("load.Other").primary("ms", new double[] {1, 2, 3});

    ReadPage page = row("1", "64", 10, 12, 11).page();

    assertThat(page.texts("h1")).containsExactly("Benchmarks");
    assertThat(page.texts("h2")).containsExactly("Other", "Chat");
    assertThat(page.texts("p").get(0)).startsWith("2 combinations, 1 to 2 forks of 3 iterations.");
  }
}
