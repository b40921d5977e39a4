package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.bench.result.JmhJson;
import dev.gatlingllm.bench.result.MetricScores;
import dev.gatlingllm.bench.result.ResultReader;
import dev.gatlingllm.bench.search.Point;
import dev.gatlingllm.bench.search.SearchAxis;
import dev.gatlingllm.bench.search.SearchJson;
import dev.gatlingllm.bench.search.SearchObjectives;
import dev.gatlingllm.bench.search.SearchResult;
import dev.gatlingllm.bench.search.SearchVerdict;
import dev.gatlingllm.metrics.Figure.Direction;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.report.Browser;
import dev.gatlingllm.report.HtmlPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Looks at the matrix page and the search page in a real browser. */
class ResultPagesIT {

  private static final String HOSTILE = "</script><img src=x onerror=window.hacked=1>";

  @TempDir static Path work;

  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    Browser.require();
    Path pages = Files.createDirectory(work.resolve("pages"));
    matrix(pages.resolve("jmh.html"));
    search(pages.resolve("search.html"));
    browser = new Browser(pages, work);
  }

  private static void matrix(Path page) throws IOException {
    JmhJson json = new JmhJson();
    double step = 0.1;
    for (String model : List.of("small", HOSTILE)) {
      for (int users : new int[] {1, 8, 64}) {
        step *= 4;
        double[] rising = {step, step + 6, step + 12, step + 18};
        json.benchmark("load.Chat", "users", Integer.toString(users), "model", model)
            .primary("ms", users == 64 ? rising : new double[] {step, step + 2, step + 1}, rising);
        json.secondary("cacheHitPercent", "%", new double[] {90, 91, Double.NaN}, rising);
        json.secondary("ttft·p99", "ms", new double[] {Double.NaN}, new double[] {Double.NaN});
        json.secondary("tpot·p50", "ms", shifted(users / 8.0), shifted(users / 8.0));
        json.secondary(
            "outputTokensPerSecond",
            "tokens/s",
            new double[] {90, 91, 92, 93},
            shifted(90 + users));
      }
    }
    MatrixPage.write(
        page, ResultReader.read(json.write(work.resolve("jmh.json"))), Map.of(), 0.999);
  }

  private static double[] shifted(double by) {
    return new double[] {10 + by, 10.1 + by, 9.9 + by, 10 + by};
  }

  private static void search(Path page) throws IOException {
    SearchObjectives objectives = SearchObjectives.parse("ttft p95 < 800ms & failures <= 1%");
    List<Point> points =
        List.of(
            point(objectives, 2, 400, SearchVerdict.SUSTAINED),
            point(objectives, 8, 900, SearchVerdict.NOT_SUSTAINED),
            point(objectives, 4, 790, SearchVerdict.UNDECIDED));
    HtmlPage.SEARCH.write(
        page,
        SearchJson.of(
            new SearchResult(SearchAxis.parse("users=1..8"), objectives, 0.99, points, "")));
  }

  private static Point point(
      SearchObjectives objectives, double value, double ttft, SearchVerdict verdict) {
    return new Point(
        value,
        5,
        List.of(
            new Point.Check(objectives.all().get(0), ttft, Interval.around(ttft, 20), verdict, ""),
            new Point.Check(
                objectives.all().get(1), 0, Interval.around(0, 0), SearchVerdict.SUSTAINED, "")),
        verdict == SearchVerdict.NOT_SUSTAINED ? List.of("ttft·p95: it rises") : List.of(),
        100 * value,
        value == 4,
        false,
        false,
        List.of(
            new MetricScores(
                "tpot", "ms", Direction.LOWER_IS_BETTER, List.of(List.of(value, value + 1, value))),
            new MetricScores(
                "outputTokensPerSecond",
                "tokens/s",
                Direction.HIGHER_IS_BETTER,
                List.of(List.of(100 * value, 99 * value, 101 * value)))));
  }

  @AfterAll
  static void quit() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void consoleIsClean() {
    assertThat(browser.console()).isEmpty();
    assertThat(browser.js("window.hacked")).isNull();
    assertThat(browser.all("img")).isEmpty();
  }

  @Test
  void drawsEveryMetricOverEveryParameterThatVaries() {
    browser.visit("jmh.html");

    assertThat(browser.title()).isEqualTo("Chat");
    assertThat(browser.all("h2.llm-part").stream().map(WebElement::getText))
        .containsExactly(
            "Chat", "Throughput against interactivity", "Over users", "Over model", "Iterations");
    assertThat(browser.inkOfCharts()).hasSize(1 + 4 * 2 + 6).allMatch(pixels -> pixels > 500);
    assertThat(browser.find("#benchmark1-users-1").getText()).contains("score (ms)");
    assertThat(browser.find("#benchmark1-scores").getText())
        .contains("users", "model", "score", "ms (the score)", HOSTILE);
  }

  @Test
  void drawsNoPercentageAboveHundredAndIterationsFromZero() {
    browser.visit("jmh.html");

    String scale = "Llm.allCharts.find(chart => chart.schema.id === '%s').plot.scales.y.%s";
    assertThat(browser.js(scale.formatted("benchmark1-users-2", "max"))).isEqualTo(100L);
    assertThat(browser.js(scale.formatted("benchmark1-iterations-6", "min"))).isEqualTo(0L);
  }

  @Test
  void tellsTheIntervalThatAChartOfASearchDraws() {
    browser.visit("search.html");

    browser.find("#search-objective-1 .u-wrap").sendKeys(Keys.HOME);
    assertThat(browser.find("#search-objective-1").getText())
        .containsPattern("ms \\([0-9.]+ to [0-9.]+\\)");
  }

  @Test
  void drawsThroughputAgainstInteractivity() {
    browser.visit("jmh.html");

    browser.find("#benchmark1-pareto .u-wrap").sendKeys(Keys.HOME);
    assertThat(browser.find("#benchmark1-pareto .llm-at").getText())
        .matches("tokens/s of one user \\d+\\.\\d");
    assertThat(browser.find("#benchmark1-pareto").getText())
        .contains("outputTokensPerSecond (tokens/s)", "Up and to the right is better.", "users=64");
  }

  @Test
  void readsAMeanWithItsErrorByKeyboard() {
    browser.visit("jmh.html");

    browser.find("#benchmark1-users-1 .u-wrap").sendKeys(Keys.HOME);
    assertThat(browser.find("#benchmark1-users-1 .llm-at").getText()).isEqualTo("users 1");
    assertThat(browser.find("#benchmark1-users-1 .llm-key").getText())
        .matches("(?s)model=small.*\\d+ ± \\d+ ms");
  }

  @Test
  void marksAScoreWithTheWarningAboutIt() {
    browser.visit("jmh.html");

    WebElement mark = browser.find("#benchmark1-scores .llm-mark");
    assertThat(mark.getText()).matches("\\(\\d+\\)");
    assertThat(browser.find("li:has(" + mark.getDomAttribute("href") + ")").getText())
        .contains(mark.getText() + " ")
        .endsWith(mark.getDomAttribute("title"));
  }

  @Test
  void listsAWarningOnceForAllScoresThatItIsAbout() {
    browser.visit("jmh.html");

    assertThat(browser.all("#benchmark1-warnings li").stream().map(WebElement::getText))
        .doesNotHaveDuplicates()
        .anyMatch(
            text ->
                text.matches(
                    "(?s).*cacheHitPercent; .*: iterations or forks without a value: 1.*"));
  }

  @Test
  void drawsEveryObjectiveWithItsLoads() {
    browser.visit("search.html");

    assertThat(browser.find("#search-answer").getText())
        .startsWith(
            "2 users met every objective, at 200 output tokens/s. 8 users did not: ttft·p95")
        .contains("4 users could not be decided")
        .endsWith("The load generator was late at 4 users: the limit may be its own.");
    assertThat(browser.find("#search-headroom tbody tr").getText())
        .isEqualTo("ttft·p95 < 800 ms 400 ms (380 to 420) 47.5 % 900 ms (880 to 920): broke first");
    assertThat(browser.find("#search-answer").getDomAttribute("class")).contains("llm-warning");
    assertThat(browser.inkOfCharts()).hasSize(4).allMatch(pixels -> pixels > 500);
    assertThat(browser.find("#search-objective-1").getText()).contains("ttft·p95 (ms)");
    assertThat(browser.all("#search-loads tbody tr").stream().map(WebElement::getText))
        .containsExactly(
            "1 2 sustained 5 200 400 ms (380 to 420) 0 %",
            "2 8 not sustained 5 800 900 ms (880 to 920): not sustained 0 %",
            "3 4 undecided 5 400 790 ms (770 to 810): undecided 0 %");
    assertThat(browser.find("#search-warnings").getText()).contains("users=8: ttft·p95: it rises");
  }

  @Test
  void fitsEveryWidthAndReaderInBothThemes() throws IOException {
    for (String page : List.of("jmh.html", "search.html")) {
      browser.visit(page);
      for (int width : new int[] {390, 768, 1440}) {
        browser.resize(width);
        assertThat(browser.js("document.documentElement.scrollWidth <= window.innerWidth"))
            .as("%s at %d pixels", page, width)
            .isEqualTo(true);
      }
      assertThat(browser.accessibilityProblems()).as(page).isEmpty();
      browser.find("header button").click();
      assertThat(browser.js("document.documentElement.dataset.theme")).isEqualTo("dark");
      assertThat(browser.contrastProblems()).as(page + " in dark").isEmpty();
      assertThat(browser.inkOfCharts()).allMatch(pixels -> pixels > 500);
    }
    browser.resize(1440);
  }
}
