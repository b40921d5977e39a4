package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.DrawnResponses;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunAccumulator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.stream.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/**
 * Tries other objectives and filters on a page in a real browser, and compares what it computes
 * with what a run has that was measured so.
 */
class WhatIfPageIT {

  private static final int FEW = 600;
  private static final int MANY = 6_000;
  private static final String LORA = "lora <b>\"&'";
  private static final long MILLI = 1_000_000;

  @TempDir static Path work;

  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    Browser.require();
    TokensPage.write(report(FEW, "ttft<120ms,tpot<=20ms"), work.resolve("few.html"));
    TokensPage.write(report(MANY, "ttft<120ms"), work.resolve("many.html"));
    TokensPage.write(SampleRun.refused(), work.resolve("refused.html"));
    RunAccumulator recovered = recorded(FEW, "ttft<120ms");
    recovered.removeGaps();
    TokensPage.write(
        new RunReport(SampleRun.INFO, recovered.summary()), work.resolve("recovered.html"));
    browser = new Browser(work, work);
  }

  @AfterAll
  static void quit() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void visit() {
    browser.visit("few.html");
  }

  @AfterEach
  void consoleIsClean() {
    assertThat(browser.console()).isEmpty();
  }

  private static RunReport report(int responses, String objectives) {
    return new RunReport(SampleRun.INFO, run(responses, objectives));
  }

  /**
   * Two scenarios with two requests each, to two models; some responses fail, are of one token,
   * come at once, are cut or abandoned, or come late.
   */
  private static RunSummary run(int responses, String objectives) {
    return recorded(responses, objectives).summary();
  }

  private static RunAccumulator recorded(int responses, String objectives) {
    return recorded(responses, objectives, response -> true);
  }

  private static RunAccumulator recorded(
      int responses, String objectives, Predicate<Response> kept) {
    Random random = new Random(5);
    List<Response> all = new ArrayList<>();
    for (int i = 0; i < responses; i++) {
      // the page's times are rounded: no request is as old as a limit when the window opens
      long written = (i * 20 + 3) * MILLI;
      double slowness = i % 3 == 0 ? 2 : 1;
      long[] chunks = new long[i % 25 == 24 ? 1 : 6];
      long at = written + Math.round(slowness * 70 * Math.exp(.4 * random.nextGaussian()) * MILLI);
      for (int c = 0; c < chunks.length; c++) {
        chunks[c] = at;
        long gap = Math.round(15 * Math.exp(.4 * random.nextGaussian()) * MILLI);
        at += i % 25 == 23 ? 1 : gap;
      }
      boolean failed = i % 40 == 39;
      boolean cut = i % 40 == 38;
      boolean left = i % 40 == 37;
      // some of those who leave saw a slow stream
      if (left && i % 80 == 77) {
        chunks = new long[] {written + 10 * MILLI, written + 45 * MILLI};
      }
      int input = 400 + random.nextInt(1_200);
      all.add(
          ResponseBuilder.to(
                  i % 2 == 0 ? "chat" : "summaries", i % 3 == 0 ? "long" : "short", i / 4)
              .conversation("c" + i / 4, i % 5)
              .model(i % 6 == 0 ? LORA : "base")
              .turn(new Response.Turn(1 + i % 4, 1, input, input / 2, 0, -1))
              .times(
                  written / MILLI,
                  written,
                  cut || left ? written + 50 * MILLI : failed ? at : chunks[chunks.length - 1])
              .ttfo(chunks.length > 2 ? chunks[2] - written : Response.UNKNOWN)
              // those that come at once
              .oddities(i % 50 == 23 ? new Oddity[] {Oddity.ONE_BODY} : new Oddity[0])
              .chunks(failed || cut || (left && i % 80 != 77) ? new long[0] : chunks)
              .failure(failed ? new Failure("http 503", "busy") : null)
              .status(cut ? Response.Status.CUT : left ? Response.Status.ABANDONED : null)
              // the server's tokenizer is another one
              .promptTokens(input * 7 / 5, input / 3)
              .output(
                  cut || left ? (i % 80 == 77 ? 2 : -1) : chunks.length,
                  left ? Response.OutputTokensSource.CHUNKS : Response.OutputTokensSource.USAGE)
              .build());
    }
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.of(Duration.ofSeconds(1), List.of(Duration.ofMillis(20L * responses - 2_000))),
            Objectives.parse(objectives),
            Deployment.UNKNOWN,
            List.of());
    recorder.begin(0, 0);
    all.stream().filter(kept).forEach(recorder::record);
    recorder.close();
    return recorder.run();
  }

  private static void set(String field, String value) {
    WebElement input = browser.find("#llm-objective-" + field);
    input.clear();
    input.sendKeys(value, Keys.TAB);
  }

  private static void choose(String filter, String name) {
    browser.js(
        """
        const select = document.getElementById('llm-filter-%s');
        select.value = '%s';
        select.dispatchEvent(new Event('change', { bubbles: true }));
        return true;
        """
            .formatted(filter, name));
  }

  private static String status() {
    return browser.find("#tokens-what-if [role=status]").getText();
  }

  private static String figures() {
    return browser.find("#tokens-figures").getText();
  }

  private static double goodput(String page) {
    return Double.parseDouble(page.replaceAll("(?s).*Goodput\\s+(\\d+\\.\\d) ?%.*", "$1"));
  }

  private static double goodput(Totals totals) {
    return totals.value(Figure.GOODPUT_PERCENT).orElseThrow();
  }

  @Test
  void recomputesTheRunsOwnGoodputFromSingleResponses() {
    double own = goodput(run(FEW, "ttft<120ms,tpot<=20ms").overall().totals());

    assertThat(
            ((Number)
                    browser.js(
                        """
                        const data = Llm.data();
                        return Llm.viewOf(data, Llm.drawnOf(data), {}, true).totals.goodput.percent;
                        """))
                .doubleValue())
        .isCloseTo(own, within(1e-9));
    assertThat(goodput(figures())).isCloseTo(own, within(.05));
  }

  @ParameterizedTest
  @CsvSource({"ttft, 40", "ttfo, 60", "icl, 22", "e2e, 70"})
  void leavesOutWhatMissedAnObjectiveInTheWarmUp(String key, int limit) {
    Totals totals = run(FEW, key + "<" + limit + "ms").overall().totals();
    long leftOut = totals.count(Figure.MISSED_IN_WARM_UP);

    assertThat(leftOut).isPositive();
    assertThat(
            browser.js(
                """
                Llm.judgeBy({ %s: { limit: %d, inclusive: false } });
                const data = Llm.data();
                return Llm.viewOf(data, Llm.drawnOf(data), {}, true).totals.goodput.missedInWarmUp;
                """
                    .formatted(key, limit)))
        .isEqualTo(leftOut);
  }

  @Test
  void recomputesReusableTokensByOurOwnCount() {
    Totals totals = run(FEW, "ttft<120ms").by(Breakdown.SCENARIO).get("chat").totals();
    double own = totals.value(Figure.EXPECTED_REUSABLE_PERCENT).orElseThrow();

    assertThat(
            ((Number)
                    browser.js(
                        """
                        const data = Llm.data();
                        const filter = { scenario: 'chat' };
                        return Llm.viewOf(data, Llm.drawnOf(data), filter, true).totals.expectedReusablePercent;
                        """))
                .doubleValue())
        .isCloseTo(own, within(.05));
    assertThat(own).isCloseTo(50, within(.1));
  }

  @Test
  void showsGoodputByOtherObjectives() {
    Totals other = run(FEW, "ttft<40ms,tpot<=18ms,e2e<300ms").overall().totals();

    set("ttft", "40");
    set("tpot", "18");
    set("e2e", "300");

    assertThat(goodput(figures())).isCloseTo(goodput(other), within(.25));
    assertThat(status())
        .startsWith("Goodput ")
        .contains("by its own objectives: ", "Computed from all responses");
    assertThat(browser.find("#tokens-goodput").getText())
        .contains("TTFT < 40.0 ms", "E2E < 300")
        .contains(
            other.objectives().stream()
                .map(share -> "%.1f %%".formatted(share.percent()))
                .toList());
    assertThat(figures()).contains("objective < 40.0 ms · ×");

    browser.find("#tokens-what-if .llm-button").click();
    assertThat(figures()).contains("objective < 120 ms");
    assertThat(status()).contains("Change a limit");
  }

  @Test
  void offersNoObjectiveForGapsThatAreUnknown() {
    assertThat(browser.all("#llm-objective-icl")).hasSize(1);

    browser.visit("recovered.html");

    assertThat(browser.all("#llm-objective-tpot")).hasSize(1);
    assertThat(browser.all("#llm-objective-icl")).isEmpty();
  }

  @Test
  void filtersThePage() {
    ScopeSummary whole = run(FEW, "ttft<120ms,tpot<=20ms").byRequest().get("long");

    choose("request", "long");

    assertThat(status()).startsWith("Shown: " + whole.totals().requests() + " responses. ");
    assertThat(goodput(figures())).isCloseTo(goodput(whole.totals()), within(.25));
    assertThat(figures())
        .contains("%d of %d responses".formatted(whole.totals().ko(), whole.totals().requests()));
    for (Figure figure :
        List.of(Figure.TTFT, Figure.TTFO, Figure.TPOT, Figure.E2E, Figure.INPUT_TOKENS)) {
      assertThat(
              ((Number)
                      browser.js(
                          """
                          const data = Llm.data();
                          return Llm.viewOf(data, Llm.drawnOf(data), { request: 'long' }, false)
                            .metrics.%s.p95;
                          """
                              .formatted(figure.fileKey())))
                  .doubleValue())
          .as(figure.label())
          .isCloseTo(
              whole.metrics().get(figure).p95(), within(whole.metrics().get(figure).p95() / 200));
    }
    for (Figure figure : List.of(Figure.CUT, Figure.ABANDONED, Figure.WAITING)) {
      assertThat(figures()).contains(whole.totals().count(figure) + " " + figure.fileKey());
    }
    assertThat(browser.all("#tokens-by-request tbody tr")).hasSize(1);
    assertThat(browser.all("#tokens-slowest tbody tr")).isNotEmpty();
    assertThat(browser.find("#tokens-slowest").getText()).doesNotContain("short");
    assertThat(browser.inkOfCharts()).isNotEmpty().allMatch(pixels -> pixels > 1_000);

    choose("scenario", "summaries");
    choose("group", "3");
    assertThat(status()).startsWith("Shown: ");
    assertThat(browser.inkOfCharts()).isNotEmpty();

    browser.find("#tokens-what-if .llm-button").click();
    assertThat(figures()).contains("of " + run(FEW, "ttft<1s").overall().totals().requests());
  }

  /** Bodies are no samples of the cache; users who left saw a first token. */
  @Test
  void takesTheSameResponsesOfAPartAsOfTheWholeRun() {
    RunSummary own =
        recorded(FEW, "ttft<120ms", response -> response.who().request().equals("long")).summary();
    Object counts =
        browser.js(
            """
            const data = Llm.data();
            const view = Llm.viewOf(data, Llm.drawnOf(data), { request: 'long' }, false);
            const sum = counts => counts.reduce((total, count) => total + count, 0);
            return [view.coldWarm.cold.count, sum(view.ttftByInput.map(bin => bin.count)),
              sum(view.timeline.ttft.count)];
            """);

    long firstTokens =
        own.overall().charts().steps().stream()
            .map(step -> step.latencies().get(Figure.TTFT))
            .filter(Objects::nonNull)
            .mapToLong(Summary::count)
            .sum();
    assertThat(counts)
        .isEqualTo(
            List.of(
                own.coldWarm().cold().count(),
                own.overall().charts().ttftByInput().stream()
                    .mapToLong(bin -> bin.ttft().count())
                    .sum(),
                firstTokens));
  }

  @Test
  void filtersByAModelWhateverItsName() {
    ScopeSummary whole = run(FEW, "ttft<120ms,tpot<=20ms").by(Breakdown.MODEL).get(LORA);
    assertThat(browser.find("#tokens-by-model tbody").getText()).contains("base", LORA);

    new Select(browser.find("#llm-filter-model")).selectByValue(LORA);

    assertThat(status()).startsWith("Shown: " + whole.totals().requests() + " responses. ");
    assertThat(goodput(figures())).isCloseTo(goodput(whole.totals()), within(.25));
    assertThat(browser.all("#tokens-slowest tbody tr")).isNotEmpty();
  }

  @Test
  void saysHowFarAnEstimateCanBeOff() {
    double own = goodput(run(MANY, "ttft<120ms").overall().totals());
    browser.visit("many.html");

    assertThat(goodput(figures())).as("exact").isCloseTo(own, within(.05));
    set("ttft", "120.001");

    assertThat(status()).contains("(95 % interval ", "Estimated from 2,000 of 6,000 responses");
    assertThat(goodput(figures())).isCloseTo(own, within(4.0));
  }

  @Test
  void offersNothingToChooseWithoutResponses() {
    assertThat(DrawnResponses.NONE.all()).isEmpty();
    browser.visit("refused.html");

    assertThat(browser.all("#tokens-what-if")).isEmpty();
    assertThat(figures()).contains("Failed").doesNotContain("not reported");
  }
}
