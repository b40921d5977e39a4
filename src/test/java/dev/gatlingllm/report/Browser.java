package dev.gatlingllm.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium of Debian's packages, with a report open in it. */
final class Browser implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChromeDriver driver;
  private final Path report;
  private final Path downloads;

  /**
   * @param report the run's folder
   * @param work a folder of the browser's own
   */
  Browser(Path report, Path work) {
    this.report = report;
    downloads = work.resolve("downloads");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", downloads.toString()));
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
  }

  static boolean isInstalled() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER);
  }

  void visit(String page) {
    driver.get("about:blank");
    driver.get(report.toUri() + page);
  }

  void back() {
    driver.navigate().back();
  }

  void resize(int width) {
    driver.manage().window().setSize(new Dimension(width, 900));
  }

  String title() {
    return driver.getTitle();
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  Actions mouse() {
    return new Actions(driver);
  }

  /** The value of an expression, or of a body with {@code return}. */
  Object js(String script) {
    return driver.executeScript(script.contains("return ") ? script : "return " + script);
  }

  Object jsAsync(String script) {
    return driver.executeAsyncScript(script);
  }

  void until(String condition) {
    new WebDriverWait(driver, PATIENCE).until(ready -> Boolean.TRUE.equals(js(condition)));
  }

  /** A file that the page has saved. */
  String saved(String name) throws IOException {
    Path file = downloads.resolve(name);
    new WebDriverWait(driver, PATIENCE).until(ready -> Files.exists(file));
    return Files.readString(file);
  }

  List<?> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
