package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Walks through a real report in a real browser, as someone who reads it does. */
class TokensPageIT {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

  @TempDir static Path work;

  private static Path report;
  private static ChromeDriver browser;

  @BeforeAll
  static void open() throws Exception {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER),
        "no browser: install chromium and chromium-driver to test the pages");
    report = GatlingFork.run(work, "busy").folder();
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1440,900",
        "--user-data-dir=" + work.resolve("browser"));
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile()).build(),
            options);
  }

  @AfterAll
  static void quit() {
    if (browser != null) {
      browser.quit();
    }
  }

  @AfterEach
  void theConsoleIsClean() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    assertThat(browser.executeScript("return window.hacked")).isNull();
  }

  private static void visit(String page) {
    browser.get("about:blank");
    browser.get(report.toUri() + page);
  }

  private static WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private static List<WebElement> all(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  private static void until(String condition) {
    new WebDriverWait(browser, Duration.ofSeconds(20))
        .until(ready -> Boolean.TRUE.equals(browser.executeScript("return " + condition)));
  }

  private static void openTab() {
    find("#llm-tokens-tab").click();
    until("document.querySelectorAll('.llm-plot canvas').length === 4");
  }

  /** How many pixels of each chart are drawn. */
  @SuppressWarnings("unchecked")
  private static List<Long> inkOfCharts() {
    return (List<Long>)
        browser.executeScript(
            """
            return [...document.querySelectorAll('.llm-plot canvas')].map(canvas =>
              canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
                .filter((value, index) => index % 4 === 3 && value > 0).length);
            """);
  }

  @Test
  void theTabShowsFiguresChartsAndTables() {
    visit("index.html");
    openTab();

    assertThat(find("#tokens-figures").getText())
        .contains("TTFT p50", "141 ms", "10,990 replies", "84 KO (0.8 %)", "78.3 % reusable");
    assertThat(inkOfCharts()).hasSize(4).allMatch(pixels -> pixels > 1_000);
    assertThat(all("#tokens-metrics tbody tr")).hasSize(13);
    assertThat(find("#tokens-metrics").getText()).contains("not reported");
    assertThat(all("#tokens-by-turn tbody tr")).hasSize(6);
    assertThat(find("#tokens-by-request").getText()).contains("<img src=x onerror");
    assertThat(find("#tokens-failures").getText()).contains("<script>window.hacked=1</script>");
    assertThat(find("#tokens-run").getText()).contains("Qwen/Qwen3-8B");
    assertThat(find("#tokens-findings").getText()).contains("42 prompts left earlier turns out");
    assertThat(find("#tokens-cold-warm").getText())
        .contains("Cold takes 2.43 times as long as warm");
    assertThat(find("#tokens-goodput").getText()).contains("89.3 %");
    assertThat(find("#tokens-setbacks").getText()).contains("43,008");
    assertThat(find("#tokens-client").getText()).contains("22.5 % of all cores");
    assertThat(find(".container > .nav").getText()).doesNotContain("undefined");
    assertThat(all("#tokens img, #tokens script")).isEmpty();
    assertThat(find(".content-in > .container-article").isDisplayed()).isFalse();
  }

  @Test
  void nothingIsWiderThanItsPlace() {
    visit("index.html#tokens");
    until("document.querySelectorAll('.llm-plot canvas').length === 4");

    for (int width : new int[] {1024, 1440, 1920}) {
      browser.manage().window().setSize(new Dimension(width, 900));
      until(
          "[...document.querySelectorAll('.llm-plot')].every(place =>"
              + " Math.abs(place.clientWidth - place.querySelector('.uplot').offsetWidth) <= 1)");
      assertThat(
              browser.executeScript(
                  """
                  return [document.querySelector('.content-in'),
                      ...document.querySelectorAll('.llm-figure, .llm-chart, .llm-scroll')]
                    .filter(box => box.scrollWidth > box.clientWidth + 1)
                    .map(box => box.id + box.className + ': ' + box.textContent);
                  """))
          .as("boxes at %d pixels", width)
          .isEqualTo(List.of());
    }
    browser.manage().window().setSize(new Dimension(1440, 900));
  }

  @Test
  void theThemeTakesTheChartsAlong() {
    visit("index.html");
    openTab();
    String before = image();

    find("#theme-toggle").click();
    assertThat(image()).isNotEqualTo(before);
    assertThat(inkOfCharts()).allMatch(pixels -> pixels > 1_000);
    find("#theme-toggle").click();
  }

  private static String image() {
    return (String)
        browser.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() =>
              done(document.querySelector('.llm-plot canvas').toDataURL())));
            """);
  }

  @Test
  void theMouseReadsValuesAndTheKeyboardTogglesLines() {
    visit("index.html");
    openTab();

    new Actions(browser).moveToElement(find("#tokens-ttft-by-turn .u-over")).perform();
    until("/Turn \\d/.test(document.querySelector('#tokens-ttft-by-turn .u-legend').textContent)");
    assertThat(find("#tokens-ttft-by-turn .u-legend").getText()).contains(" ms");

    find("#tokens-ttft-by-turn .u-series:nth-child(2) th").sendKeys(Keys.ENTER);
    assertThat(all("#tokens-ttft-by-turn .u-series.u-off")).hasSize(1);
  }

  @Test
  void theKeyboardReachesTheTab() {
    visit("index.html");
    find("#details_link").sendKeys(Keys.TAB);

    WebElement focused = browser.switchTo().activeElement();
    assertThat(focused.getText()).isEqualTo("Tokens");
    focused.sendKeys(Keys.ENTER);
    until("document.querySelectorAll('.llm-plot canvas').length === 4");
    assertThat(focused.getDomAttribute("aria-current")).isEqualTo("page");
  }

  @Test
  void gatlingsChartsAreWholeAfterwards() {
    visit("index.html#tokens");
    until("document.querySelectorAll('.llm-plot canvas').length === 4");

    find(".sous-menu-spacer .item:first-child a").click();
    until("document.getElementById('tokens').classList.contains('llm-hidden')");
    assertThat(find("#container_statistics_body").isDisplayed()).isTrue();
    assertThat(all(".highcharts-container")).hasSizeGreaterThan(5);
    for (WebElement chart : all(".highcharts-container")) {
      assertThat(chart.getSize().getWidth()).isBetween(200, 1_440);
      assertThat(chart.getSize().getHeight()).isBetween(200, 800);
    }
  }

  @Test
  void aRequestsPageIsOneClickAway() {
    visit("index.html");
    openTab();

    find("#tokens-by-request a[href^='req_answer']").sendKeys(Keys.ENTER);
    until("document.querySelectorAll('.llm-plot canvas').length === 4");
    assertThat(browser.getTitle()).isEqualTo("Gatling Stats - answer");
    assertThat(find("#tokens-figures").getText()).contains("9,200 replies");
    assertThat(find("#tokens-definitions").getText()).contains("2 groups");
    assertThat(all("#tokens-failures, #tokens-by-request")).isEmpty();

    find(".nav a.item[href*='script']").sendKeys(Keys.ENTER);
    until("document.querySelectorAll('.llm-plot canvas').length === 4");
    assertThat(find("#tokens-figures").getText()).contains("310 replies");
  }

  @Test
  void aSectionHasAnAddress() {
    visit("index.html#tokens-failures");
    until("document.querySelectorAll('.llm-plot canvas').length === 4");

    assertThat(find("#tokens-failures").isDisplayed()).isTrue();
    find(".nav ul:not(.llm-hidden) a[href='#tokens-metrics']").click();
    until("location.hash === '#tokens-metrics'");
    assertThat(find("#tokens-metrics").isDisplayed()).isTrue();
  }
}
