package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.report.runs.RunsIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Looks at the list of runs in a real browser and sets two of them side by side. */
class RunsPageIT {

  private static final String FIRST = "support-20260102025405000";
  private static final String STRANGE = "support-20200102030405000";
  private static final String SECOND = "support-20260102030405000";
  private static final String MODELS = "vendor/a-model-with-a-long-name=1,".repeat(9);
  private static final String FORK = "support-20260102020000000";
  private static final String OTHER_FORK = "support-20260102020100000";

  @TempDir static Path work;

  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    Browser.require();
    Path results = Files.createDirectory(work.resolve("results"));
    run(results.resolve(FIRST), "2026-01-02T02:54:05Z", "Qwen/Qwen3-8B", 100, 50, 12.5);
    run(
        results.resolve(SECOND),
        "2026-01-02T03:04:05Z",
        "<img src=x onerror=window.hacked=1>",
        80,
        40,
        12.51);
    Load.leave(
        results.resolve("killed-20260102040405000"), Load.responses(9), r -> true, false, false);
    run(results.resolve(STRANGE), "2020-01-02T02:54:05Z", "a", 100, 50, 12.5);
    Path strange = results.resolve(STRANGE).resolve(TokensJson.FILE_NAME);
    ObjectNode tokens = (ObjectNode) new ObjectMapper().readTree(strange.toFile());
    ((ObjectNode) tokens.get("run")).put("simulation", 5).put("model", MODELS);
    ((ObjectNode) tokens.at("/totals/goodput/objectives")).putNull("ttft");
    Files.writeString(strange, tokens.toString());
    fork(results.resolve(FORK), "2026-01-02T02:00:00Z", "users=2");
    fork(results.resolve(OTHER_FORK), "2026-01-02T02:01:00Z", "users=8");
    HtmlPage.MATRIX.write(
        results.resolve("jmh.html"),
        new ObjectMapper()
            .readTree(
                "{\"subtitle\":\"2 combinations\",\"rows\":[{\"benchmark\":\"Chat\",\"reports\":[\"%s/index.html\"]}]}"
                    .formatted(FORK)));
    HtmlPage.SEARCH.write(
        results.resolve("jmh-search.html"),
        new ObjectMapper()
            .readTree("{\"parameter\":\"users\",\"summary\":\"11 users met both.\"}"));
    RunsIndex.update(results.resolve(FIRST));
    Path few = Load.leave(results.resolve("few"), Load.responses(12), r -> true, false, true);
    TokensPage.write(KeptRun.in(few).orElseThrow().report(), few.resolve("index.html"));
    browser = new Browser(results, work);
  }

  private static void fork(Path folder, String start, String parameters) throws IOException {
    run(folder, start, "a", 100, 50, 12.5);
    Path file = folder.resolve(TokensJson.FILE_NAME);
    JsonNode tokens = new ObjectMapper().readTree(file.toFile());
    ((ObjectNode) tokens.at("/run/settings"))
        .put("benchmark", "-p " + parameters + " -wi 1 -of 20260102015900000 -forked /tmp/x");
    Files.writeString(file, tokens.toString());
  }

  private static void run(
      Path folder, String start, String model, double ttft, double rate, double tpot)
      throws IOException {
    Load.leave(folder, Load.responses(40), response -> true, false, true);
    TokensJson.write(KeptRun.in(folder).orElseThrow().report(), folder);
    Files.createFile(folder.resolve("index.html"));
    Path file = folder.resolve(TokensJson.FILE_NAME);
    JsonNode tokens = new ObjectMapper().readTree(file.toFile());
    ((ObjectNode) tokens.get("run"))
        .put("start", start)
        .put("model", model)
        .put("baseUrl", "http://127.0.0.1:" + start.hashCode())
        .putObject("settings")
        .put("baseUrl", "embedded simulated server")
        .put("outputTokens", (int) rate + " tokens")
        .put("benchmark", "-p users=" + (int) rate + " -wi 1 -forked /tmp/" + start.hashCode());
    ((ObjectNode) tokens.at("/run/shard")).put("index", 3).put("count", 4);
    ((ObjectNode) tokens.get("totals")).put("outputTokensPerSecond", rate);
    ((ObjectNode) tokens.at("/totals/goodput")).put("percent", rate);
    ((ObjectNode) tokens.at("/metrics/ttft")).put("p50", ttft);
    ((ObjectNode) tokens.at("/metrics/tpot")).put("p50", tpot);
    Files.writeString(file, tokens.toString());
  }

  @AfterAll
  static void quit() {
    if (browser != null) {
      browser.close();
    }
  }

  private static String row(String figure) {
    return (String)
        browser.js(
            """
            return [...document.querySelectorAll('#figures tbody tr')]
              .find(row => row.cells[0].textContent.startsWith('%s'))
              .textContent.replace(/\\s+/g, ' ');
            """
                .formatted(figure));
  }

  @Test
  void showsTheBeginningOfALongListOfModels() {
    browser.visit("index.html");

    WebElement models = browser.find("#runs td [title='" + MODELS + "']");
    assertThat(models.getText()).hasSize(60).startsWith("vendor/a-model").endsWith("…");
  }

  @Test
  void saysWhyItIsEmptyWhereNoScriptMayRun() throws IOException {
    Path page = work.resolve("results/index.html");
    Files.writeString(
        page.resolveSibling("strict.html"),
        Files.readString(page)
            .replace(
                "<head>",
                "<head><meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\">"));

    browser.visit("strict.html");
    browser.until(
        "getComputedStyle(document.getElementById('llm-unscripted')).visibility === 'visible'");
    assertThat(browser.find("body").getText()).startsWith("A script draws this page, but ");
    assertThat(browser.console().toString()).contains("Executing inline script violates");
    browser.visit("index.html");
    assertThat(browser.all("#llm-unscripted")).isEmpty();
  }

  @Test
  void comparesTwoRunsByKeyboard() {
    browser.visit("index.html");
    assertThat(browser.all("#runs tbody tr")).hasSize(5);
    assertThat(browser.find("#runs").getText())
        .contains("incomplete: stopped before its end", "<img src=x onerror=window.hacked=1>");
    assertThat(browser.find("#runs tbody tr:nth-child(2) td.llm-words").getText())
        .as("the verdict, without its numbers")
        .matches("[✓!✗] [^:]+");
    assertThat(browser.find("#runs tbody tr:nth-child(2) a").getDomAttribute("href"))
        .isEqualTo(SECOND + "/index.html");
    assertThat(browser.find("#runs tbody tr:nth-child(2) a + a").getDomAttribute("href"))
        .isEqualTo(SECOND + "/index.html#tokens");
    assertThat(browser.find("#runs tbody tr:first-child input").isEnabled()).isFalse();

    browser.find("#runs tbody tr:nth-child(2) input").sendKeys(Keys.SPACE);
    assertThat(browser.find("#compare").getText()).contains("Pick a second run");
    browser.find("#runs tbody tr:nth-child(3) input").sendKeys(Keys.SPACE);

    assertThat(browser.js("document.getElementById('compare').getBoundingClientRect().top >= 0"))
        .as("the comparison is in view")
        .isEqualTo(true);
    assertThat(row("TTFT p50")).contains("100", "80", "−20", "−20.0 %", "▼ better");
    assertThat(row("Output tokens/s")).contains("50", "40", "−10", "−20.0 %", "▼ worse");
    assertThat(row("TPOT p50")).contains("about the same");
    assertThat(row("Requests")).doesNotContain("better", "worse");
    assertThat(row("Conversations")).contains("about the same");
    assertThat(browser.find("#runs thead small").getText()).isEqualTo("s");
    assertThat(browser.find("#differing").getText())
        .contains("model", "Qwen/Qwen3-8B", "<img src=x onerror=window.hacked=1>")
        .contains("outputTokens", "50 tokens", "40 tokens")
        .as("the port of the embedded server is another one in each run")
        .doesNotContain("tokenizer", "baseUrl", "127.0.0.1");

    browser.find("#compare button").sendKeys(Keys.ENTER);
    assertThat(row("TTFT p50")).contains("+20", "+25.0 %", "▲ worse");
  }

  @Test
  void listsAndComparesARunWithValuesOfTheWrongType() {
    browser.visit("index.html#compare=" + FIRST + "&" + STRANGE);

    assertThat(browser.find("#runs tbody tr:last-child a").getText()).isEqualTo("5, shard 3/4");
    assertThat(browser.find("#differing").getText()).contains("simulation", "SupportChat");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void showsTheForksOfABenchmarkBelowIt() {
    browser.visit("index.html");
    WebElement benchmark = browser.find("#runs tbody tr:nth-child(4)");
    assertThat(benchmark.getText())
        .contains("SupportChat", "Scores", "Limit of users", "2 forks: users=8; users=2");
    assertThat(benchmark.findElement(By.cssSelector("a")).getDomAttribute("href"))
        .isEqualTo("jmh.html");
    assertThat(browser.find("#pages").getText()).contains("2 combinations", "11 users met both.");

    benchmark.findElement(By.cssSelector("button")).sendKeys(Keys.ENTER);

    assertThat(browser.all("#runs tbody tr")).hasSize(7);
    assertThat(browser.find("#runs tbody tr:nth-child(5)").getText())
        .startsWith("users=8 · Tokens");
    browser.find("#runs tbody tr:nth-child(5) input").sendKeys(Keys.SPACE);
    browser.find("#runs tbody tr:nth-child(6) input").sendKeys(Keys.SPACE);
    assertThat(browser.find("#differing").getText())
        .contains("-p users=2 -wi 1")
        .doesNotContain("-forked");
  }

  @Test
  void sortsByAColumnAndFiltersByWords() {
    browser.visit("index.html");
    WebElement filter = browser.find("#runs input[type=search]");

    filter.sendKeys("qwen3-8b 50 tokens");
    assertThat(browser.all("#runs tbody tr")).hasSize(1);
    assertThat(browser.find("#runs [role=status]").getText()).isEqualTo("1 of 6 runs");
    filter.clear();
    filter.sendKeys(Keys.SPACE, Keys.BACK_SPACE);
    assertThat(browser.all("#runs tbody tr")).hasSize(5);

    browser.find("#runs th[rowspan] ~ th button").sendKeys(Keys.ENTER);
    assertThat(browser.find("#runs th[aria-sort]").getText()).startsWith("Verdict");
    assertThat(browser.focused().getText()).isEqualTo("Verdict");
  }

  @Test
  void drawsTheLastRunsOfASimulation() {
    browser.visit("index.html");

    assertThat(browser.find("#trends tbody").getText())
        .contains("SupportChat, shard 3/4 2", "80", "−20.0 %", "−10.0 points");
    assertThat(browser.find("#trends tbody").getText())
        .as("shares with their unit, as in the list")
        .containsPattern("[0-9.]+ %\\n−10.0 points");
    assertThat(browser.find("#trends svg").getDomAttribute("aria-label"))
        .isEqualTo("From the oldest to the newest: 100, 80.0");
    assertThat(browser.find("#runs tbody tr:nth-child(2) .llm-since").getDomAttribute("title"))
        .startsWith("Against the run before, of 2026-01-02")
        .contains("Changed: model Qwen/Qwen3-8B → <img", "outputTokens 50 tokens → 40 tokens")
        .contains("benchmark -p users=50 → -p users=40")
        .doesNotContain("-wi", "-forked");
    assertThat(browser.find("#trends .llm-since").getText())
        .as("another load may be the cause")
        .endsWith("% ≠");
  }

  @Test
  void followsTheAddressAndSaysWhichRunAThirdPickReplaces() {
    browser.visit("index.html#compare=" + FIRST + "&" + SECOND);
    browser.js("location.hash = '#compare=%s&%s'".formatted(STRANGE, SECOND));
    browser.until("document.querySelector('#runs tbody tr:last-child input').checked");

    browser.find("#runs tbody tr:nth-child(3) input").sendKeys(Keys.SPACE);

    assertThat(browser.all("#runs input:checked")).hasSize(2);
    assertThat(browser.find("#compare p").getText()).contains("is no longer picked");
  }

  @Test
  void saysThatSamplesAreTooFew() {
    browser.visit("few/index.html");

    assertThat(browser.find("#tokens-figures").getText())
        .contains("TTFT max", "responses, too few for p95")
        .doesNotContain("not reported");
  }

  @Test
  void restoresAComparisonFromTheAddress() {
    browser.visit("index.html#compare=" + FIRST + "&" + SECOND);

    assertThat(row("TTFT p50")).contains("▼ better");
    assertThat(browser.all("#runs input:checked")).hasSize(2);
    browser.visit("index.html#compare=nothing&%zz");
    assertThat(browser.find("#compare").getText()).contains("Pick two runs");
  }

  @Test
  void fitsTheWindow() throws IOException {
    browser.visit("index.html#compare=" + FIRST + "&" + SECOND);

    for (int width : new int[] {390, 768, 1024, 1440}) {
      browser.resize(width);
      assertThat(browser.js("document.documentElement.scrollWidth <= window.innerWidth"))
          .as("at %d pixels", width)
          .isEqualTo(true);
    }
    browser.resize(1440);
    assertThat(browser.accessibilityProblems()).isEmpty();
    assertThat(browser.js("window.hacked === undefined")).isEqualTo(true);
    assertThat(browser.all("img")).isEmpty();
  }
}
