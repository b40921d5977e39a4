package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Walks through a real report in a real browser, as someone who reads it does. */
@Order(2)
class TokensPageIT {

  private static final int CHARTS = 13;

  @TempDir static Path work;

  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    Browser.require();
    browser = new Browser(GatlingFork.run(work, "busy").folder(), work);
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
  }

  private static void openTab() {
    browser.find("#llm-tokens-tab").click();
    untilDrawn();
  }

  private static void untilDrawn() {
    browser.until("document.querySelectorAll('.llm-plot canvas').length === " + CHARTS);
    // the driver clicks where an element is, not where Gatling's smooth scrolling will have it
    browser.js("document.querySelector('.cadre').style.scrollBehavior = 'auto'");
  }

  @Test
  void showsFiguresChartsAndTables() {
    browser.visit("index.html");
    openTab();

    assertThat(browser.find("#tokens > :first-child").getText())
        .as("the run, then the verdict")
        .contains("Qwen/Qwen3-8B", "chat: constantConcurrentUsers(64, 300 seconds)");
    assertThat(browser.find("#tokens > .llm-run + *").getText())
        .contains("Objectives missed: 89.3 % of requests met TTFT < 500 ms (93.3 %)")
        .contains("0.8 % of responses failed", "Steady", "Cache works");
    assertThat(browser.find("#tokens-figures").getText())
        .startsWith("Goodput\n89.3 %")
        .contains("TTFT p95", "objective < 500 ms · met", "10,990 responses")
        .contains("84 of 11,074 responses", "78.3 % or more sent before");
    assertThat(browser.find("#tokens-figures").getDomProperty("textContent"))
        .as("a number and its unit are on one line")
        .doesNotContainPattern("tokens in [0-9.,]+ s")
        .containsPattern("tokens in [0-9.,]+\u00a0s");
    assertThat(browser.find("#tokens .llm-notes").getText())
        .contains(
            "): TTFT p95 ×32.6 · output −41 %. Changed: ",
            "users 8 → 64, groups not set → 4", ". Single runs");
    assertThat(browser.inkOfCharts()).hasSize(CHARTS).allMatch(pixels -> pixels > 1_000);
    assertThat(browser.all("#tokens-metrics tbody tr")).hasSize(14);
    assertThat(browser.find("#tokens-metrics").getText()).contains("not reported");
    assertThat(browser.all("#tokens-by-turn tbody tr")).hasSize(6);
    assertThat(browser.all("#tokens-by-group tbody tr")).hasSize(4);
    assertThat(browser.find("#tokens-by-request").getText()).contains("<img src=x onerror");
    assertThat(browser.find("#tokens-failures").getText())
        .contains("<script>window.hacked=1</script>");
    assertThat(browser.find("#tokens-run").getText())
        .contains("Qwen/Qwen3-8B", "chat: constantConcurrentUsers(64, 300 seconds)", "users = 64");
    assertThat(browser.find("#tokens-findings").getText())
        .contains("42 prompts omitted earlier turns");
    assertThat(browser.find("#tokens-cold-warm").getText())
        .contains("Cold takes 2.43 times as long as warm", "less than half was cached");
    assertThat(browser.js("return Llm.wasCached({ totals: { cacheHitPercent: null } });"))
        .isEqualTo("had been sent before");
    assertThat(browser.find("#tokens-conversations").getText())
        .contains("Duration (ms) 1,831 21,000", "Tool time (ms)", "1,831 completed, 3 failed, ")
        .doesNotContain("Think time");
    assertThat(browser.find("#tokens-goodput").getText()).contains("89.3 %");
    assertThat(browser.find("#tokens-retries").getText()).contains("43,008");
    assertThat(browser.find("#tokens-client").getText()).contains("22.5 % of all cores");
    assertThat(browser.find(".container > .nav").getText()).doesNotContain("undefined");
    assertThat(browser.all("#tokens img, #tokens script")).isEmpty();
    assertThat(browser.find(".content-in > .container-article").isDisplayed()).isFalse();
  }

  /** Tests that leave the tab as it was, which is loaded once for all of them. */
  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class Unchanged {

    @BeforeAll
    void open() {
      browser.visit("index.html#tokens");
      untilDrawn();
    }

    @Test
    void showsConversationsTurnByTurn() {
      assertThat(browser.all("#tokens-lanes .llm-lane-name[title]")).hasSize(6);
      assertThat(browser.all("#tokens-lanes .llm-turn")).hasSize(30);
      assertThat(browser.all("#tokens-lanes .llm-bar-failed:not(.llm-bar-key)")).hasSize(1);
      assertThat(browser.all("#tokens-lanes .llm-bar-cut:not(.llm-bar-key)")).hasSize(1);
      assertThat(browser.find("#tokens-lanes .llm-turn").getAttribute("title"))
          .isEqualTo(
              "Turn 1, sent at -4.0 s, TTFT 420 ms, ended after 1,920 ms, 550 input tokens,"
                  + " 0.0 % cached, 64 output tokens");
      assertThat(
              browser.js(
                  """
                  return [...document.querySelectorAll('#tokens-lanes .llm-bar')].every(bar => {
                    const track = bar.closest('.llm-track').getBoundingClientRect();
                    const box = bar.getBoundingClientRect();
                    return box.left >= track.left - 1 && box.right <= track.right + 1;
                  });
                  """))
          .as("every turn is on its track")
          .isEqualTo(true);
      assertThat(browser.find("#tokens-first-failed").getText()).contains("truncated");
      assertThat(browser.all("#tokens-slowest tbody tr")).hasSize(6);
    }

    @Test
    void readsTurnsByArrowKeys() {
      WebElement lanes = browser.find("#tokens-lanes .llm-scroll");
      lanes.sendKeys(Keys.ARROW_RIGHT);
      String first = ": Turn 1, sent at -4.0 s, TTFT 420 ms, ";
      assertThat(browser.focused().getAccessibleName()).contains(first);
      assertThat(browser.find("#tokens-lanes .llm-turn-words").getText()).contains(first);

      browser.focused().sendKeys(Keys.ARROW_RIGHT);
      assertThat(browser.focused().getAccessibleName()).contains(": Turn 2, ");
      browser.focused().sendKeys(Keys.TAB);
      assertThat(browser.js("document.activeElement.closest('#tokens-lanes')"))
          .as("the focus leaves the turns")
          .isNull();
    }

    @Test
    void keepsTheColoursOfMarksWhereTheSystemChoosesColours() {
      String backgrounds =
          """
          return [...new Set([...document.querySelectorAll('.llm-bar-warm, .llm-bar-cold,'
            + '.llm-bar-stream')].map(bar => getComputedStyle(bar).backgroundColor))].join();
          """;
      Object usual = browser.js(backgrounds);
      browser.forceColours(true);
      assertThat(browser.js("matchMedia('(forced-colors: active)').matches")).isEqualTo(true);
      assertThat(browser.js(backgrounds)).isEqualTo(usual);
      browser.forceColours(false);
    }

    @Test
    void saysHowManyResponsesAChartShows() {
      assertThat(browser.find("#tokens-ttft-by-turn .llm-caption").getText())
          .matches("Of the prompt, .*\\. [\\d,]+ responses\\.");
      assertThat(browser.find("#tokens-ttft-by-input .llm-caption").getText())
          .matches(".* [\\d,]+ cold responses\\. [\\d,]+ warm responses\\.");
    }

    @Test
    void keepsNamesOfLinesApartAndInsideTheChart() {
      assertThat(browser.js("Llm.apart([5, 8, 30], 13, 13, 200).join()")).isEqualTo("13,26,39");
      assertThat(browser.js("Llm.apart([100, 195, 196], 13, 13, 200).join()"))
          .isEqualTo("100,187,200");
    }

    @Test
    void countsEachKindOfFailureApartFromThoseBelowIt() {
      assertThat(
              browser.js(
                  """
                  const frame = Llm.allCharts.find(chart => chart.schema.id === 'tokens-failures-over-time');
                  const kinds = frame.plot.series.slice(1).map(series => series.label);
                  const at = frame.plot.data[0].indexOf(0);
                  return kinds.map((kind, index) =>
                    frame.plot.series[index + 1].format(frame.plot.data[index + 1][at], at)).join(' ')
                    + ' of ' + frame.plot.data[1][at];
                  """))
          .isEqualTo("4 1 of 5");
    }

    @Test
    void showsTheObjectiveInEachChartOfItsFigure() {
      assertThat(
              browser.js(
                  """
                  return Object.fromEntries(Llm.allCharts.map(chart => [chart.schema.id,
                      chart.make().limits?.().map(limit => limit.label).join()])
                    .filter(([, labels]) => labels));
                  """))
          .isEqualTo(
              Map.of(
                  "tokens-ttft-by-turn", "objective < 500 ms",
                  "tokens-ttft-by-input", "objective < 500 ms",
                  "tokens-every-response", "objective < 500 ms",
                  "tokens-ttft-over-time", "objective < 500 ms",
                  "tokens-ttft-by-uncached", "objective < 500 ms",
                  "tokens-percentiles", "TTFT objective < 500 ms,TPOT objective ≤ 50.0 ms"));
    }

    @Test
    void fitsTheWindow() {
      for (int width : new int[] {390, 768, 1024, 1440, 1920}) {
        browser.resize(width);
        browser.until(
            "[...document.querySelectorAll('.llm-plot')].every(place =>"
                + " Math.abs(place.clientWidth - place.querySelector('.uplot').offsetWidth) <= 1)");
        assertThat(
                browser.js(
                    """
                    return [document.querySelector('.content-in'), ...document.querySelectorAll(
                        '.llm-figure, .llm-chart, .llm-header, .llm-legend, .llm-verdict, .llm-scroll')]
                      .filter(box => window.innerWidth > 1024 || !box.matches('.llm-scroll'))
                      .filter(box => box.scrollWidth > box.clientWidth + 1)
                      .map(box => box.id + box.className + ': ' + box.textContent);
                    """))
            .as("boxes at %d pixels", width)
            .isEqualTo(List.of());
      }
      browser.resize(1440);
    }

    @Test
    void endsWhereItsContentEnds() {
      assertThat(browser.js("document.documentElement.scrollHeight <= window.innerHeight"))
          .as("only the panel scrolls")
          .isEqualTo(true);
      assertThat(
              browser.js(
                  """
                  const panel = document.querySelector('.cadre');
                  panel.scrollTo({ top: panel.scrollHeight, behavior: 'instant' });
                  return window.innerHeight
                    - document.getElementById('tokens-definitions').getBoundingClientRect().bottom;
                  """))
          .as("pixels below the last section")
          .satisfies(pixels -> assertThat(((Number) pixels).doubleValue()).isBetween(0.0, 60.0));
    }

    @Test
    void keepsHeadingsReadableInANarrowWindow() {
      browser.resize(700);

      assertThat(
              browser.js(
                  """
                  return [...document.querySelectorAll('.llm-header h2')]
                    .filter(heading => heading.offsetHeight > 70)
                    .map(heading => heading.textContent);
                  """))
          .as("headings of more than three lines")
          .isEqualTo(List.of());
      browser.resize(1440);
    }

    @Test
    void savesTheFiguresOfATableAsCsv() throws IOException {
      StringWriter written = new StringWriter();
      TokensJson.write(SampleRun.busy(), written);
      JsonNode ttft = new ObjectMapper().readTree(written.toString()).at("/metrics/ttft");

      browser.find("#tokens-metrics .llm-csv").sendKeys(Keys.ENTER);
      List<String> lines = browser.saved("tokens-metrics.csv").lines().toList();
      assertThat(lines).hasSize(15);
      assertThat(lines.get(0))
          .isEqualTo("\ufeffMetric,Count,Mean,Std Dev,Min,p50,p75,p90,p95,p99,p99.9,Max");
      String[] row = lines.get(1).split(",");
      assertThat(row[0]).isEqualTo("TTFT (ms)");
      assertThat(Long.parseLong(row[1])).isEqualTo(ttft.get("count").asLong());
      assertThat(Double.parseDouble(row[5])).isCloseTo(ttft.get("p50").asDouble(), within(1e-9));
      assertThat(Double.parseDouble(row[10])).isCloseTo(ttft.get("p999").asDouble(), within(1e-9));
    }

    @Test
    void savesNoFormulasAndEveryPointOfAChart() throws IOException {
      assertThat(browser.js("Llm.csv([['=1+1', 'a \"b\"', -2, null]]).trim()"))
          .isEqualTo("'=1+1,\"a \"\"b\"\"\",-2,");
      browser.find("#tokens-per-second .llm-csv").sendKeys(Keys.ENTER);
      List<String> lines = browser.saved("tokens-per-second.csv").lines().toList();
      assertThat(lines).hasSize(1 + 68);
      assertThat(lines.get(0)).isEqualTo("\ufeffSecond,Tokens/s,Streams");
      assertThat(lines.get(1)).startsWith("-8,");
    }

    @Test
    void speaksTheValuesUnderTheArrowKeys() {
      browser.find("#tokens-ttft-by-turn .u-wrap").sendKeys(Keys.END);
      assertThat(browser.find("#tokens-ttft-by-turn [role=status]").getDomProperty("textContent"))
          .matches("Turn 6, n = 1,\\d+, p50\\d+, p95\\d+, p99[\\d,]+");
    }

    @Test
    void leadsFromEachReasonOfTheVerdictToItsEvidence() {
      assertThat(browser.all(".llm-verdict .llm-evidence")).hasSizeGreaterThan(2);
      browser.find(".llm-evidence[href='#tokens-failures']").sendKeys(Keys.ENTER);
      browser.until(
          "Math.abs(document.getElementById('tokens-failures').getBoundingClientRect().top) < 150");
    }

    @Test
    void printsEveryChartAndTable() {
      String pdf = new String(browser.printed(), StandardCharsets.ISO_8859_1);
      assertThat(pdf.split("/Type /Page\\b").length - 1).as("pages").isBetween(5, 12);
    }

    @Test
    void disablesPercentilesOfTooFewResponses() {
      WebElement p999 = browser.find("#tokens-ttft-over-time .llm-key:nth-child(6)");
      assertThat(p999.getText()).isEqualTo("p99.9");
      assertThat(p999.getDomAttribute("aria-disabled")).isEqualTo("true");
      p999.sendKeys(Keys.ENTER);
      assertThat(browser.find("#tokens-ttft-over-time .llm-at").getText())
          .isEqualTo("p99.9: Most steps have fewer than 1,000 responses");
      assertThat(p999.getDomAttribute("aria-pressed")).isEqualTo("false");
    }

    @Test
    void redrawsChartsWhenTheThemeChanges() {
      String before = image();

      browser.find("#theme-toggle").click();
      assertThat(image()).isNotEqualTo(before);
      assertThat(browser.inkOfCharts()).allMatch(pixels -> pixels > 1_000);
      browser.find("#theme-toggle").click();
    }

    @Test
    void togglesALineByItsLegendButton() {
      String before = image();
      WebElement p75 = browser.find("#tokens-ttft-by-turn .llm-key:nth-child(2)");

      assertThat(p75.getDomAttribute("aria-pressed")).isEqualTo("false");
      p75.sendKeys(Keys.ENTER);
      assertThat(p75.getDomAttribute("aria-pressed")).isEqualTo("true");
      assertThat(image()).isNotEqualTo(before);
      p75.sendKeys(Keys.ENTER);
      assertThat(image()).isEqualTo(before);
    }

    @Test
    void switchesTheMetricOfAChart() {
      browser.find("#tokens-ttft-by-turn .llm-choice button:nth-child(3)").sendKeys(Keys.ENTER);
      assertThat(browser.find("#tokens-ttft-by-turn h2").getText()).startsWith("E2E by turn (ms)");
      assertThat(browser.all("#tokens-ttft-by-turn canvas")).hasSize(1);
      switchBack();
    }

    @Test
    void zoomsAllChartsOverTimeTogether() {
      WebElement plot = browser.find("#tokens-per-second .u-over");
      assertThat(zooms()).hasSize(1);

      dragOver(plot);
      browser.until(
          "[...document.querySelectorAll('.llm-tools > .llm-button')].some(b => "
              + "b.textContent === 'Reset zoom' && !b.hidden)");
      assertThat(zooms()).as("one range for all").hasSize(1).doesNotContain("-8 59");
      browser.find("#tokens-ttft-over-time .llm-choice button:nth-child(2)").sendKeys(Keys.ENTER);
      assertThat(zooms()).as("another metric, drawn anew").hasSize(1).doesNotContain("-8 59");

      browser.find("#tokens-per-second .llm-tools > .llm-button").click();
      assertThat(zooms()).isEqualTo(List.of("-8 59"));

      dragOver(plot);
      browser.mouse().doubleClick(plot).perform();
      browser.until("document.querySelector('#tokens-responses .llm-tools > .llm-button').hidden");
      assertThat(zooms()).isEqualTo(List.of("-8 59"));
    }

    @Test
    void readsValuesByMouseAndArrowKeys() {
      browser.mouse().moveToElement(browser.find("#tokens-ttft-by-turn .u-over")).perform();
      browser.until(
          "/Turn \\d/.test(document.querySelector('#tokens-ttft-by-turn .llm-at').textContent)");
      assertThat(browser.find("#tokens-ttft-by-turn .llm-key").getText()).matches("(?s)p50.*\\d+");

      WebElement plot = browser.find("#tokens-ttft-by-turn .u-wrap");
      assertThat(plot.getAccessibleName()).matches("TTFT by turn \\(ms\\)\\. p50: from \\d+ to .*");
      passOverThePlot();
      plot.sendKeys(Keys.END);
      assertThat(browser.find("#tokens-ttft-by-turn .llm-at").getText())
          .matches("Turn 6, n = 1,\\d+");
      passOverThePlot();
      plot.sendKeys(Keys.ARROW_LEFT);
      browser.until(
          "document.querySelector('#tokens-ttft-by-turn .llm-at').textContent.startsWith('Turn 5')");
    }

    @Test
    void namesTheFileOfAChartAfterWhatItShows() throws IOException {
      browser.find("#tokens-ttft-by-turn .llm-choice button:nth-child(3)").sendKeys(Keys.ENTER);
      browser.find("#tokens-ttft-by-turn .llm-csv").click();
      assertThat(browser.saved("tokens-e2e-by-turn.csv").lines().findFirst().orElseThrow())
          .startsWith("\ufeffTurn,E2E p50 (ms),E2E p75 (ms)")
          .endsWith("Responses");
      assertThat(browser.find(".nav a[href='#tokens-ttft-by-turn']").getText())
          .as("the menu")
          .isEqualTo("E2E by turn");
      switchBack();
    }

    private static void dragOver(WebElement plot) {
      browser
          .mouse()
          .moveToElement(plot, -60, 0)
          .clickAndHold()
          .moveByOffset(120, 0)
          .release()
          .perform();
    }

    private static void switchBack() {
      browser.find("#tokens-ttft-by-turn .llm-choice button:first-child").sendKeys(Keys.ENTER);
    }
  }

  @Test
  void leavesTheWidthOfANarrowWindowToTheTab() {
    browser.visit("index.html#tokens");
    untilDrawn();

    browser.resize(768);
    assertThat(browser.js("document.querySelector('.cadre').offsetWidth === window.innerWidth"))
        .as("the menu is not beside the tab")
        .isEqualTo(true);
    browser.find(".sous-menu-spacer .item:first-child a").click();
    // Gatling's own tabs keep their menu at the side
    browser.until("document.querySelector('.container > .nav').offsetWidth < 300");
    browser.resize(1440);
  }

  @Test
  void hasNoProblemsOfAccessibility() throws IOException {
    browser.visit("index.html");
    String request =
        browser.find("#container_statistics_body a[href^='req_']").getDomAttribute("href");
    for (String page : List.of("index.html#tokens", request + "#tokens")) {
      browser.visit(page);
      browser.until("document.querySelectorAll('.llm-plot canvas').length > 5");
      assertThat(browser.accessibilityProblems(".head")).as(page).isEmpty();
      browser.find("#theme-toggle").click();
      assertThat(browser.contrastProblems(".head")).as(page + " in the other theme").isEmpty();
      browser.find("#theme-toggle").click();
    }
  }

  @Test
  void skipsTheMenuByKeyboard() {
    browser.visit("index.html#tokens");
    untilDrawn();

    browser.find("body").sendKeys(Keys.TAB);
    assertThat(browser.focused().getText()).isEqualTo("Skip to the figures");
    browser.focused().sendKeys(Keys.ENTER);
    browser.focused().sendKeys(Keys.TAB);
    assertThat(browser.js("document.activeElement.closest('#tokens') !== null")).isEqualTo(true);
  }

  private static String image() {
    return (String)
        browser.jsAsync(
            """
            const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() =>
              done(document.querySelector('.llm-plot canvas').toDataURL())));
            """);
  }

  private void passOverThePlot() {
    browser
        .mouse()
        .moveToElement(browser.find("#tokens-ttft-by-turn .u-over"))
        .moveToElement(browser.find("#tokens-ttft-by-turn .llm-title"))
        .perform();
    browser.until("!document.querySelector('#tokens-ttft-by-turn .llm-at').textContent");
  }

  /** The different ranges of time that charts show. */
  @SuppressWarnings("unchecked")
  private static List<String> zooms() {
    return (List<String>)
        browser.js(
            """
            return [...new Set(Llm.allCharts.filter(chart => chart.reset).map(chart =>
              chart.plot.scales.x.min + ' ' + chart.plot.scales.x.max))];
            """);
  }

  @Test
  void aSecondAloneHasAnAxisOfSeconds() {
    browser.visit("index.html#tokens");
    untilDrawn();

    assertThat(
            browser.js(
                "return Llm.allCharts.find(chart => chart.reset).plot.scales.x.range({ data: [[3]] }, 3, 103).join()"))
        .isEqualTo("3,4");
  }

  /** Responses without tokens, such as embeddings, have no other latency. */
  @Test
  void comparesWholeLatenciesWithTheRunBefore() {
    browser.visit("index.html");

    assertThat(
            browser.js(
                """
                const run = p95 => ({ run: {}, totals: {}, metrics: { e2e: { p95 } }, folder: 'before' });
                return Llm.figureNotes({ ...run(300), previous: run(100) })[0].textContent
                """))
        .isEqualTo(
            "Against the run before (start unknown): E2E p95 ×3.00. Same settings. Single runs vary by"
                + " chance.");
  }

  /**
   * Draws TTFT over time with a value in each step but those that a condition names, and returns
   * what an expression says of it.
   */
  private Object ttftOverTime(int steps, String without, String expression) {
    browser.visit("index.html#tokens");
    untilDrawn();
    return browser.jsAsync(
        """
        const done = arguments[arguments.length - 1];
        const plot = Llm.allCharts.find(chart => chart.schema.id === 'tokens-ttft-over-time').plot;
        const seconds = [...Array(%d).keys()];
        const given = second => %s ? null : 5;
        plot.setData([seconds, ...plot.series.slice(1).map(() => seconds.map(given))]);
        requestAnimationFrame(() => requestAnimationFrame(() => done(%s)));
        """
            .formatted(steps, without, expression));
  }

  @ParameterizedTest
  @CsvSource({
    "100, second > 20 && second < 40 || second === 70, 20 to 40",
    "17, second === 5 || second > 9 && second < 12, 9 to 12",
    "41, second % 4 > 0, ''"
  })
  void drawsNoLineThroughATimeInWhichTheServerGaveNothing(int steps, String down, String gaps) {
    assertThat(
            ttftOverTime(
                steps,
                down,
                """
                plot.series[1]._paths.gaps.map(pixels =>
                  pixels.map(pixel => Math.round(plot.posToVal(pixel, 'x', true))).join(' to ')).join()
                """))
        .as("one step without a response is no such time, nor is a tenth of the chart")
        .isEqualTo(gaps);
  }

  @Test
  void drawsAPointWhereTheServerGaveSomethingOnceInALongTime() {
    assertThat(
            ttftOverTime(
                300,
                "second >= 100 && second !== 200",
                "plot.series[1].points.filter(plot, 1, plot.series[1].points.show(plot, 1, 0, 299)).join()"))
        .isEqualTo("200");
  }

  @Test
  void opensTheTabByKeyboard() {
    browser.visit("index.html");
    browser.find("#details_link").sendKeys(Keys.TAB);

    WebElement focused = browser.focused();
    assertThat(focused.getText()).isEqualTo("Tokens");
    focused.sendKeys(Keys.ENTER);
    untilDrawn();
    assertThat(focused.getDomAttribute("aria-current")).isEqualTo("page");
  }

  @Test
  void leavesGatlingsChartsIntact() {
    browser.visit("index.html#tokens");
    untilDrawn();

    browser.find(".sous-menu-spacer .item:first-child a").click();
    browser.until("document.getElementById('tokens').classList.contains('llm-hidden')");
    assertThat(browser.find("#container_statistics_body").isDisplayed()).isTrue();
    assertThat(browser.all(".highcharts-container")).hasSizeGreaterThan(5);
    for (WebElement chart : browser.all(".highcharts-container")) {
      assertThat(chart.getSize().getWidth()).isBetween(200, 1_440);
      assertThat(chart.getSize().getHeight()).isBetween(200, 800);
    }
  }

  @Test
  void navigatesToARequestPageAndBack() {
    browser.visit("index.html");
    openTab();

    browser.find("#tokens-by-request a[href^='req_answer']").sendKeys(Keys.ENTER);
    untilDrawn();
    assertThat(browser.title()).matches("answer – \\w+, 2026-01-0.*");
    assertThat(browser.find("#tokens-figures").getText()).contains("9,200 responses");
    assertThat(browser.find("#tokens > :first-child").getText())
        .as("before the figures")
        .startsWith("All responses of this name, from 2 groups of Gatling’s · ");
    assertThat(browser.all("#tokens-failures, #tokens-by-request, #tokens-by-group")).isEmpty();

    browser.find(".nav a.item[href*='script']").sendKeys(Keys.ENTER);
    untilDrawn();
    assertThat(browser.find("#tokens-figures").getText()).contains("310 responses");

    browser.back();
    browser.back();
    untilDrawn();
    assertThat(browser.find("#tokens-figures").getText()).contains("10,990 responses");
  }

  @Test
  void givesEveryChartAndTableAnAddress() {
    browser.visit("index.html#tokens-failures");
    untilDrawn();

    assertThat(distanceFromTop("tokens-failures")).isBetween(0.0, 150.0);
    for (String section : List.of("tokens-percentiles", "tokens-by-turn")) {
      browser.visit("index.html#" + section);
      untilDrawn();
      assertThat(distanceFromTop(section)).as(section).isBetween(0.0, 150.0);
    }
    browser.find(".nav ul:not(.llm-hidden) a[href='#tokens-metrics']").click();
    browser.until("location.hash === '#tokens-metrics'");
    assertThat(
            browser.js(
                """
                return [...document.querySelectorAll('.llm-chart, .llm-table')].filter(box =>
                  !box.querySelector(`.llm-anchor[href="#${box.id}"]`)
                    || !document.querySelector(`.nav a[href="#${box.id}"]`)).map(box => box.id);
                """))
        .isEqualTo(List.of());
  }

  private static double distanceFromTop(String section) {
    return ((Number)
            browser.js("document.getElementById('" + section + "').getBoundingClientRect().top"))
        .doubleValue();
  }

  @Test
  void returnsToTheTopWithTheAddressOfTheTab() {
    browser.visit("index.html#tokens");
    untilDrawn();
    browser.js("location.hash = '#tokens-by-turn'");
    browser.until("document.querySelector('.cadre').scrollTop > 1000");

    browser.back();
    browser.until("document.querySelector('.cadre').scrollTop === 0");
  }
}
