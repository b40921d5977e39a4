package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PageSize;
import org.openqa.selenium.print.PrintOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium of Debian's packages, with a report open in it. */
public final class Browser implements AutoCloseable {

  /** The shell has no windows of its own, which take most of the processors' time. */
  private static final Path CHROMIUM =
      Stream.of("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
          .map(Path::of)
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(Path.of("chromium"));

  private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final ChromeDriver driver;
  private final Path report;
  private final Path downloads;

  /**
   * @param report the run's folder
   * @param work a folder of the browser's own
   */
  public Browser(Path report, Path work) {
    this.report = report;
    downloads = work.resolve("downloads");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    if (CHROMIUM.endsWith("chromium-headless-shell")) {
      options.setCapability("browserName", "chrome-headless-shell");
    }
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1440,900",
        "--user-data-dir=" + work.resolve("browser"));
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile()).build(),
            options);
    driver.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", downloads.toString()));
    driver.manage().timeouts().scriptTimeout(PATIENCE);
  }

  /**
   * Skips the calling test class where no Chromium is installed, except in continuous integration,
   * where it fails.
   */
  public static void require() {
    boolean installed = Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER);
    String problem = "no browser: install chromium and chromium-driver to test the pages";
    if ("true".equals(System.getenv("CI"))) {
      assertThat(installed).as(problem).isTrue();
    }
    assumeTrue(installed, problem);
  }

  public void visit(String page) {
    driver.get("about:blank");
    driver.get(report.toUri() + page);
  }

  /** Lets the system choose the colours, as Windows does for those who need high contrast. */
  public void forceColours(boolean whether) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "forced-colors", "value", whether ? "active" : ""))));
  }

  public void back() {
    driver.navigate().back();
  }

  public void resize(int width) {
    driver.manage().window().setSize(new Dimension(width, 900));
  }

  public String title() {
    return driver.getTitle();
  }

  public WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  public WebElement focused() {
    return driver.switchTo().activeElement();
  }

  public Actions mouse() {
    return new Actions(driver);
  }

  /** The value of an expression, or of a body with {@code return}. */
  public Object js(String script) {
    return driver.executeScript(script.contains("return ") ? script : "return " + script);
  }

  public Object jsAsync(String script) {
    return driver.executeAsyncScript(script);
  }

  /** Returns what axe-core finds on the page, without the parts that a selector excludes. */
  public List<?> accessibilityProblems(String... excluded) throws IOException {
    return problems(List.of(), excluded);
  }

  /** Returns those of them that another theme can have: it differs in colours alone. */
  public List<?> contrastProblems(String... excluded) throws IOException {
    return problems(List.of("color-contrast", "link-in-text-block"), excluded);
  }

  private List<?> problems(List<String> rules, String... excluded) throws IOException {
    try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
      driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    return (List<?>)
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            const options = { resultTypes: ['violations'], preload: false };
            if (arguments[1].length) {
              options.runOnly = arguments[1];
            }
            axe.run({ exclude: arguments[0] }, options).then(found =>
              done(found.violations.map(rule => rule.id + ': ' + rule.help + rule.nodes.map(node =>
                ' | ' + node.target.join(' ') + ' ' + node.failureSummary).join(''))));
            """,
            List.of(excluded),
            rules);
  }

  /** Returns the page as a PDF of A4 pages. */
  public byte[] printed() {
    PrintOptions options = new PrintOptions();
    options.setPageSize(new PageSize(29.7, 21));
    return OutputType.BYTES.convertFromBase64Png(driver.print(options).getContent());
  }

  public void until(String condition) {
    patiently().until(ready -> Boolean.TRUE.equals(js(condition)));
  }

  private WebDriverWait patiently() {
    return new WebDriverWait(driver, PATIENCE, BETWEEN_LOOKS);
  }

  /** A file that the page has saved. */
  public String saved(String name) throws IOException {
    Path file = downloads.resolve(name);
    patiently().until(ready -> Files.exists(file));
    return Files.readString(file);
  }

  /** Returns what the console says and what the page has loaded from elsewhere than the disk. */
  public List<?> console() {
    List<Object> problems = new ArrayList<>(driver.manage().logs().get(LogType.BROWSER).getAll());
    problems.addAll(
        (List<?>)
            js(
                "return performance.getEntriesByType('resource').map(entry => entry.name)"
                    + ".filter(name => !/^(file|data|blob):/.test(name))"));
    return problems;
  }

  @Override
  public void close() {
    driver.quit();
  }

  /** Returns how many pixels of each chart of the page are drawn. */
  @SuppressWarnings("unchecked")
  public List<Long> inkOfCharts() {
    return (List<Long>)
        js(
            """
            return [...document.querySelectorAll('.llm-plot canvas')].map(canvas => {
              const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              let drawn = 0;
              for (const pixel of new Uint32Array(image.data.buffer)) {
                drawn += pixel ? 1 : 0;
              }
              return drawn;
            });
            """);
  }
}
