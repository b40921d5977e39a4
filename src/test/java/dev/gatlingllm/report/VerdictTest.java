package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.ColdWarm;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.DrawnResponses;
import dev.gatlingllm.metrics.DrawnResponses.Drawn;
import dev.gatlingllm.metrics.DrawnResponses.Place;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.ResponseSamples;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.RunSummary.Outcomes;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Charts;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.SentRequest;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.metrics.Totals.Share;
import dev.gatlingllm.report.Verdict.Level;
import dev.gatlingllm.report.Verdict.Reason;
import dev.gatlingllm.report.assertion.Asserted;
import dev.gatlingllm.report.assertion.Assertions;
import dev.gatlingllm.report.assertion.TokenAssertion;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

  private static final int SECONDS = 30;

  private final Map<Figure, Summary> metrics = new EnumMap<>(Figure.class);
  private final Map<Figure, Double> values = new EnumMap<>(Figure.class);
  private final List<Share> objectives = new ArrayList<>();
  private final TreeMap<String, ScopeSummary> requests = new TreeMap<>();
  private final Map<Breakdown, SortedMap<String, ScopeSummary>> breakdowns =
      new EnumMap<>(Breakdown.class);
  private final Map<Oddity, Long> oddities = new EnumMap<>(Oddity.class);
  private final TreeMap<String, FailureCount> failures = new TreeMap<>();
  private final List<Drawn> drawn = new ArrayList<>();
  private final List<Second> timeline = new ArrayList<>();
  private RunInfo info = SampleRun.INFO;
  private ClientHealth client = health(2);
  private ServerMetrics server = ServerMetrics.NONE;
  private LongToDoubleFunction ttft = second -> 100 + second % 2;
  private LongToDoubleFunction mean = second -> ttft.applyAsDouble(second);
  private Outcomes inDrain = Outcomes.NONE;
  private LongToDoubleFunction tpot = second -> 20;
  private LongToDoubleFunction responses = second -> 7;
  private LongToDoubleFunction output = second -> 400;
  private LongToDoubleFunction inFlight = second -> 8;
  private LongToDoubleFunction prompts = second -> 500;
  private LongToDoubleFunction hits = second -> 0;
  private LongToDoubleFunction sent = second -> 0;

  VerdictTest() {
    responses(200, 0);
    values.put(Figure.CACHE_HIT_PERCENT, 85.0);
    values.put(Figure.CACHE_HIT_PERCENT_UPPER, 85.0);
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 90.0);
    metrics.put(Figure.TTFT, mean(100));
    metrics.put(Figure.E2E, mean(1_000));
    metrics.put(Figure.TPOT, mean(20));
    metrics.put(Figure.INPUT_TOKENS, mean(1_000));
    metrics.put(Figure.TOKENIZER_DIFFERENCE, mean(20));
  }

  private static Summary mean(double mean) {
    return mean(200, mean);
  }

  private static Summary mean(long count, double mean) {
    return new Summary(count, mean, 1, mean, mean, mean, mean, mean, mean, mean, mean);
  }

  private static Summary around(double median, double mean) {
    return new Summary(7, mean, 1, median, median, median, median, median, median, median, median);
  }

  private static Buckets buckets(double value) {
    return new Buckets(new double[] {value}, new long[] {7}, 7);
  }

  private static ClientHealth health(double lag) {
    return new ClientHealth(mean(lag), mean(lag), null, null);
  }

  private void responses(long ok, long ko) {
    values.put(Figure.REQUESTS, (double) ok + ko);
    values.put(Figure.OK, (double) ok);
    values.put(Figure.FAILURES, (double) ko);
    metrics.put(Figure.OUTPUT_TOKENS, mean(ok, 64));
    metrics.put(Figure.TTFT, mean(ok, 100));
  }

  private void objective(String condition, double percent) {
    objectives.add(new Share(Condition.parseAll(condition).get(0), percent));
    values.put(Figure.GOODPUT_PERCENT, percent);
  }

  private Charts charts(Figure timed) {
    List<Step> steps = new ArrayList<>();
    for (long second = 0; second < SECONDS; second++) {
      double value = ttft.applyAsDouble(second);
      steps.add(
          new Step(
              second,
              responses.applyAsDouble(second),
              0,
              output.applyAsDouble(second),
              inFlight.applyAsDouble(second),
              prompts.applyAsDouble(second),
              hits.applyAsDouble(second),
              null,
              sent.applyAsDouble(second),
              Double.isNaN(value)
                  ? Map.of()
                  : Map.of(
                      timed,
                      around(value, mean.applyAsDouble(second)),
                      Figure.TPOT,
                      mean(7, tpot.applyAsDouble(second))),
              Double.isNaN(value)
                  ? Map.of()
                  : Map.of(timed, buckets(value), Figure.TPOT, buckets(tpot.applyAsDouble(second))),
              Map.of()));
    }
    return new Charts(steps, List.of(), List.of(), null);
  }

  private Verdict verdict() {
    ScopeSummary overall =
        new ScopeSummary(
            new Totals(values, objectives),
            metrics,
            Map.of(),
            timeline,
            new TreeMap<>(),
            charts(metrics.containsKey(Figure.TTFT) ? Figure.TTFT : Figure.E2E));
    RunSummary run =
        new RunSummary(
            SECONDS,
            overall,
            requests,
            breakdowns,
            new TreeMap<>(),
            new TreeMap<>(),
            new ColdWarm(null, null, null, null),
            failures,
            Outcomes.NONE,
            inDrain,
            oddities,
            List.of(),
            new ResponseSamples(
                List.of(), List.of(), List.of(), new DrawnResponses(drawn.size(), drawn)),
            0,
            false,
            client,
            RunSummary.FirstTokens.NONE,
            server,
            null);
    return Verdict.of(new RunReport(info, run));
  }

  /** Adds a response of which all or the first token alone is in the window. */
  private void draw(String request, double ttft, double e2e, boolean ended) {
    draw(request, 0, ttft, e2e, ended, -1, -1);
  }

  /** Adds a response whose request was written in the warm-up, so that its TTFT is no sample. */
  private void drawFromWarmUp(double second, double ttft, int tokens) {
    draw("chat", second, ttft, 99_000, true, tokens, 0);
    Drawn last = drawn.remove(drawn.size() - 1);
    drawn.add(
        new Drawn(
            last.sent(),
            ttft,
            ttft,
            -1,
            -1,
            -1,
            99_000,
            tokens,
            tokens,
            -1,
            0,
            -1,
            null,
            new Place(true, false, false, false, false, false, false, false, false)));
  }

  private void draw(
      String request,
      double second,
      double ttft,
      double e2e,
      boolean ended,
      int tokens,
      int reusable) {
    Place place = new Place(ended, true, ended, !ended, false, false, false, false, false);
    drawn.add(
        new Drawn(
            new SentRequest(request, 0, Map.of(), 1, 1, second),
            ttft,
            ttft,
            -1,
            -1,
            -1,
            e2e,
            tokens,
            tokens,
            -1,
            reusable,
            -1,
            null,
            place));
  }

  private String sentences() {
    Verdict verdict = verdict();
    return verdict.text()
        + "\n"
        + String.join("\n", verdict.reasons().stream().map(Reason::sentence).toList());
  }

  @Test
  void saysThatAGoodRunHeld() {
    Verdict verdict = verdict();

    assertThat(verdict.level()).isEqualTo(Level.GOOD);
    assertThat(verdict.text())
        .startsWith("It held: all 200 responses succeeded, TTFT p95 was 100 ms; no objectives");
    assertThat(sentences())
        .contains("Steady: TTFT went from ")
        .contains(
            "Cache works: 85.0 % of prompt tokens of turns were hits, 90.0 % had been sent before")
        .contains("The load generator kept up: event loops were at most 2.00 ms late at p99");
  }

  @Test
  void doubtsThatARunHeldOfWhichRequestsHungAtItsEnd() {
    metrics.put(Figure.WAITING_AGE, mean(99));
    assertThat(verdict().text()).startsWith("It held: ");

    metrics.put(Figure.WAITING_AGE, mean(4_489));

    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(verdict().text())
        .startsWith(
            "It held as far as is known: all 200 responses succeeded, TTFT p95 was 100 ms, but"
                + " a request that had not ended had waited for 4.5 s, and none that ended for more"
                + " than 100 ms; no");
  }

  /** All that ended had been sent in the warm-up. */
  @Test
  void doubtsThatARunHeldOfWhichAllRequestsHung() {
    metrics.remove(Figure.TTFT);
    metrics.remove(Figure.TPOT);
    metrics.remove(Figure.E2E);
    metrics.put(Figure.WAITING_AGE, mean(59_000));
    metrics.put(Figure.UNFINISHED_REQUEST_AGE, mean(59_000));

    assertThat(verdict().text())
        .contains("had waited for 59.0 s, and none that was sent in the window had ended;");
  }

  @Test
  void doubtsThatARunHeldOfWhichRequestsFailedAfterTheWindow() {
    inDrain =
        new Outcomes(5, 3, 0, new TreeMap<>(Map.of("timeout", new FailureCount(3, List.of()))));

    assertThat(verdict().text())
        .startsWith("It held as far as is known: ")
        .contains("but 3 other requests failed after the window; no objectives");
  }

  @Test
  void embeddingsHeldWhereNoneOutlastsThoseThatEnded() {
    metrics.remove(Figure.TTFT);
    metrics.put(Figure.E2E, mean(346));
    metrics.put(Figure.UNFINISHED_REQUEST_AGE, mean(178));
    assertThat(verdict().text()).startsWith("It held: ");

    metrics.put(Figure.UNFINISHED_REQUEST_AGE, mean(4_900));
    assertThat(verdict().text()).startsWith("It held as far as is known: ");
  }

  @ParameterizedTest
  @CsvSource({
    "20, 90, 180, , ",
    "20, 90, 181, 181 ms, 90.0 ms",
    // of fewer, which may have been fast by chance, the longest of all requests
    "19, 90, 1000, , ",
    "19, 90, 1090, 1.1 s, 1.0 s",
    ", , 1090, 1.1 s, 1.0 s",
  })
  void doubtsThatARunHeldOfWhichOneOfSeveralRequestsHungAtItsEnd(
      @Nullable Long count,
      @Nullable Double ended,
      double age,
      @Nullable String waited,
      @Nullable String others) {
    metrics.put(Figure.UNFINISHED_REQUEST_AGE, mean(2_100));
    request("chat", mean(90), mean(1_000), null);
    Map<Figure, Summary> embeddings =
        new EnumMap<>(Map.of(Figure.UNFINISHED_REQUEST_AGE, mean(age)));
    if (count != null) {
      embeddings.put(Figure.E2E, mean(count, ended));
    }
    request("embed", Map.of(), embeddings);

    assertThat(verdict().text())
        .startsWith(
            waited == null
                ? "It held: all 200 responses succeeded, TTFT p95 was 100 ms; no objectives"
                : "It held as far as is known: all 200 responses succeeded, TTFT p95 was 100 ms,"
                    + " but a"
                    + " request of embed that had not ended had waited for %s, and none that ended for more than %s; no"
                        .formatted(waited, others));
  }

  @Test
  void doubtsThatARunHeldOfWhichStreamsHungAtItsEnd() {
    metrics.put(Figure.ICL, mean(600));
    metrics.put(Figure.OPEN_GAP, mean(500));
    assertThat(verdict().text()).startsWith("It held: ");

    Map<Figure, Summary> chat = new EnumMap<>(metrics);
    chat.put(Figure.ICL, mean(20));
    request("chat", Map.of(), chat);
    assertThat(verdict().text())
        .contains(
            "as is known: all 200 responses succeeded, TTFT p95 was 100 ms, but a request of chat"
                + " that had not ended had waited for 500 ms for its next chunk, and none that"
                + " ended for more than 20.0 ms;");

    requests.clear();
    metrics.put(Figure.OPEN_GAP, mean(700));
    assertThat(verdict().text())
        .contains(
            "but a request that had not ended had waited for 700 ms for its next chunk, and none"
                + " that ended for more than 600 ms;");
  }

  @Test
  void namesTheMaximumWhereTooFewResponsesHaveAPercentile() {
    responses(19, 0);
    metrics.put(Figure.TTFT, new Summary(19, 90, 1, 80, 90, 90, 90, 100, 100, 100, 120));

    assertThat(verdict().text())
        .startsWith("It held: all 19 responses succeeded, TTFT max was 120 ms; no objectives");
  }

  @Test
  void leadsWithTheFailuresWhereNoResponseSucceeded() {
    responses(0, 64);
    failures.put("http 500", new FailureCount(64, List.of()));
    objective("ttft<500ms", 0);

    assertThat(verdict().text()).isEqualTo("All 64 responses failed: http 500 64");
    assertThat(sentences()).contains("Objectives missed: 0 % of requests met TTFT < 500 ms (0 %)");
  }

  @Test
  void leadsWithObjectivesAndTheirNumbers() {
    objective("ttft<500ms", 99.5);
    assertThat(verdict().level()).isEqualTo(Level.GOOD);
    assertThat(verdict().text())
        .isEqualTo("Objectives met: 99.5 % of requests met TTFT < 500 ms (99.5 %)");

    objective("tpot<40ms", 97);
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(verdict().text()).startsWith("Objectives mostly met: 97 % of requests met TTFT");

    objective("e2e<4s", 94.9);
    assertThat(verdict().level()).isEqualTo(Level.BAD);
    assertThat(verdict().text()).startsWith("Objectives missed: 94.9 %");
  }

  @Test
  void saysWhichResponsesMissedAnObjectiveInTheWarmUp() {
    values.put(Figure.MISSED_IN_WARM_UP, 12.0);
    objective("ttft<500ms", 99.5);
    assertThat(verdict().text())
        .endsWith("(99.5 %); 12 responses had missed one in the warm-up and are left out");
  }

  @Test
  void judgesNoObjectivesIfAllResponsesMissedThemInTheWarmUp() {
    values.put(Figure.MISSED_IN_WARM_UP, 200.0);
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(verdict().text())
        .isEqualTo(
            "Objectives not judged: all 200 responses had missed one in the warm-up, which must be"
                + " longer");
  }

  /** Of 10,000 requests, 60 hide among those that met all. */
  @Test
  void namesTheRequestThatMissedObjectives() {
    responses(10_000, 0);
    objective("ttft<500ms", 99.4);
    request("chat", Map.of(Figure.REQUESTS, 60.0, Figure.GOODPUT_PERCENT, 0.0));
    request("few", Map.of(Figure.REQUESTS, 20.0, Figure.GOODPUT_PERCENT, 95.0));
    request(
        "late",
        Map.of(
            Figure.REQUESTS, 900.0, Figure.UNFINISHED_MISSED, 100.0, Figure.GOODPUT_PERCENT, 97.0));

    assertThat(verdict().level()).isEqualTo(Level.BAD);
    assertThat(verdict().text())
        .isEqualTo("Objectives missed by chat: 0 % of its 60 requests met all");
    assertThat(sentences())
        .contains("Objectives met: 99.4 %")
        .contains("Objectives mostly met by late: 97 % of its 1,000 requests met all")
        .as("one of 20 may have missed by chance")
        .doesNotContain("by few");
  }

  @Test
  void namesNoRequestThatHasNoValueForAnObjective() {
    responses(10_000, 0);
    objective("ttft<500ms", 99.4);
    Map<Figure, Double> missed =
        Map.of(Figure.REQUESTS, 60.0, Figure.OK, 60.0, Figure.GOODPUT_PERCENT, 0.0);
    request("embed", missed, Map.of(Figure.E2E, mean(60, 90)));
    assertThat(verdict().level()).isEqualTo(Level.GOOD);

    request("chat", missed, Map.of(Figure.E2E, mean(60, 900), Figure.TTFT, mean(60, 600)));
    assertThat(verdict().text())
        .isEqualTo("Objectives missed by chat: 0 % of its 60 requests met all");

    objective("tpot<50ms", 99.4);
    request("chat", missed, Map.of(Figure.E2E, mean(60, 900), Figure.TTFT, mean(60, 600)));
    assertThat(verdict().text())
        .as("a class of one token has no pace")
        .isEqualTo("Objectives missed by chat: 0 % of its 60 requests met TTFT < 500 ms");
  }

  @Test
  void suggestsObjectivesThatTheResponsesHaveValuesFor() {
    assertThat(verdict().text()).endsWith("such as llm.goodput=ttft<500ms,tpot<50ms");

    metrics.put(Figure.OUTPUT_TOKENS, mean(150, 64));
    assertThat(verdict().text()).as("50 embeddings").endsWith("such as llm.goodput=e2e<5s");

    metrics.put(Figure.OUTPUT_TOKENS, mean(200, 1));
    metrics.remove(Figure.TPOT);
    assertThat(verdict().text()).as("classes").endsWith("such as llm.goodput=e2e<5s");

    metrics.remove(Figure.OUTPUT_TOKENS);
    metrics.remove(Figure.TTFT);
    assertThat(verdict().text())
        .isEqualTo(
            "It held: all 200 responses succeeded, E2E p95 was 1.0 s; no objectives are set, such"
                + " as llm.goodput=e2e<5s");
  }

  /** Of a response in one piece, TTFT is the whole duration. */
  @Test
  void leadsWithTheTtftOfStreams() {
    metrics.put(Figure.TTFT, mean(200, 1_400));
    kind("answer", 150, 140, 40);
    kind("title", 50, 1_400, 0);
    oddities.put(Oddity.UNSTREAMED, 50L);
    assertThat(verdict().text()).as("all may be streams").contains(", TTFT p95 was 1.4 s;");

    oddities.put(Oddity.ONE_BODY, 50L);

    assertThat(verdict().text())
        .isEqualTo(
            "It held: all 200 responses succeeded, TTFT p95 of streams was 140 ms; no objectives"
                + " are set, such as llm.goodput=e2e<5s");
  }

  private void kind(String name, long count, double ttft, double tpot) {
    Map<Figure, Summary> times = new EnumMap<>(Figure.class);
    times.put(Figure.TTFT, mean(count, ttft));
    times.put(Figure.OUTPUT_TOKENS, mean(count, 64));
    times.put(Figure.E2E, mean(count, 1_400));
    if (tpot > 0) {
      times.put(Figure.TPOT, mean(count, tpot));
    }
    Buckets buckets = new Buckets(new double[] {ttft}, new long[] {count}, count);
    requests.put(
        name,
        new ScopeSummary(
            new Totals(Map.of(Figure.OK, (double) count), List.of()),
            times,
            Map.of(Figure.TTFT, buckets),
            List.of(),
            new TreeMap<>(),
            Charts.NONE));
  }

  /** Bodies of JSON beside streams would look like slow streams. */
  @Test
  void countsResponsesWithoutAPaceThatMissObjectivesOfIt() {
    responses(200, 0);
    oddities.put(Oddity.UNSTREAMED, 50L);
    objective("ttft<500ms", 100);
    assertThat(verdict().text()).endsWith("TTFT < 500 ms (100 %)");

    objective("icl<50ms", 75);
    assertThat(verdict().text()).endsWith("without a pace of tokens, and count as missed");
    objective("tpot<50ms", 75);
    assertThat(verdict().text())
        .endsWith("; 50 responses came at once, without a pace of tokens, and count as missed");
  }

  @Test
  void countsResponsesWithoutTokensThatMissObjectives() {
    responses(200, 0);
    metrics.put(Figure.OUTPUT_TOKENS, mean(120, 64));
    objective("e2e<4s", 100);
    assertThat(verdict().text()).endsWith("E2E < 4000 ms (100 %)");

    objective("ttft<500ms", 60);
    assertThat(verdict().text())
        .endsWith("; 80 responses without tokens, such as embeddings, count as missed");
  }

  @Test
  void countsFailuresByKindAndWhatRetriesAdded() {
    responses(150, 50);
    values.put(Figure.RETRIES, 40.0);
    failures.put("truncated", new FailureCount(30, List.of()));
    failures.put("http 503", new FailureCount(20, List.of()));

    assertThat(verdict().level()).isEqualTo(Level.BAD);
    assertThat(verdict().text())
        .isEqualTo(
            "25 % of responses failed: truncated 30, http 503 20. Retries added 25 % to the load");

    request("chat", Map.of(Figure.FAILURES, 0.0));
    request("embed", Map.of(Figure.FAILURES, 50.0));
    assertThat(verdict().text()).contains("http 503 20, all of them of embed. Retries");

    request("chat", Map.of(Figure.FAILURES, 1.0));
    request("embed", Map.of(Figure.FAILURES, 49.0));
    assertThat(verdict().text()).contains("http 503 20. Retries");

    values.put(Figure.RETRIES, 110.0);
    assertThat(verdict().text()).endsWith(". Retries added 122.2 % to the load");
  }

  @Test
  void aRareFailureIsDoubtful() {
    responses(999, 1);
    failures.put("truncated", new FailureCount(1, List.of()));

    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(verdict().text()).isEqualTo("0.1 % of responses failed: truncated 1");
  }

  @Test
  void roundsNoShareToAllOrNone() {
    responses(9_999, 1);
    failures.put("truncated", new FailureCount(1, List.of()));
    assertThat(verdict().text()).isEqualTo("0.01 % of responses failed: truncated 1");

    objective("ttft<500ms", 99.99);
    assertThat(verdict().text())
        .isEqualTo("Objectives met: 99.99 % of requests met TTFT < 500 ms (99.99 %)");
  }

  @Test
  void countsNoFailedResponsesWhereFewSecondsHaveAFirstToken() {
    responses(12, 8_810);
    ttft = second -> second < 2 ? 60 : Double.NaN;

    assertThat(sentences())
        .contains("Too little to tell whether it was steady: 30 s with 12 samples of TTFT");
  }

  @Test
  void doubtsARunOfFewResponses() {
    responses(19, 0);
    objective("ttft<500ms", 100);

    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences()).contains("Too few responses to tell whether it was steady");
  }

  @Test
  void doubtsARunOfFewStreamsBesideManyEmbeddings() {
    metrics.put(Figure.TTFT, mean(19, 100));

    assertThat(sentences()).contains("Too few responses to tell whether it was steady: TTFT went");
  }

  @Test
  void saysThatNothingSucceededOrNothingWasMeasured() {
    responses(0, 3);
    failures.put("http 401", new FailureCount(3, List.of()));
    assertThat(verdict().text()).isEqualTo("All 3 responses failed: http 401 3");

    responses(0, 1);
    assertThat(verdict().text()).startsWith("1 response of 1 failed: ");

    responses(0, 0);
    failures.clear();
    assertThat(verdict().text()).isEqualTo("Nothing was measured: no response ended in the window");
  }

  @Test
  void isSaturatedIfRequestsPileUpForTheSameOutput() {
    ttft = second -> 1_000 + 200 * second;
    inFlight = second -> 8 + second;

    assertThat(verdict().level()).isEqualTo(Level.BAD);
    assertThat(verdict().text())
        .isEqualTo(
            "Saturated: TTFT rose from 1.2 s to 6.6 s, while output stayed at about 400 tokens/s"
                + " and requests in flight rose from 9 to 36");
  }

  /** Prompts that grow, or hidden reasoning, take as long without any queue. */
  @Test
  void isNotSaturatedIfNoMoreRequestsAreInFlight() {
    ttft = second -> 1_000 + 200 * second;
    assertThat(sentences())
        .contains(
            "Degrading: TTFT rose from 1.2 s to 6.6 s, while output stayed at about 400"
                + " tokens/s\n");

    inFlight = second -> 0.2 + 0.02 * second;
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    inFlight = second -> 8;

    prompts = second -> second < 6 ? 0 : 500 + 20 * second;
    assertThat(sentences())
        .contains("400 tokens/s; the mean prompt rose from 640 to 1,060 tokens\n");
    prompts = second -> 0;

    request("chat", mean(4_000), mean(5_000), mean(20));
    request("embed", null, mean(1_000), null);
    request("in one piece", mean(4_000), mean(4_000), mean(20, 10));
    draw("chat", 4_000, 5_000, true);
    draw("in one piece", 4_000, 4_000, true);
    assertThat(sentences())
        .contains(
            "Degrading: TTFT rose from 1.2 s to 6.6 s, while output stayed at about 400 tokens/s."
                + " TTFT was 80 % of E2E: requests waited, or prompts or hidden reasoning took long"
                + " to compute\n");
  }

  /** Requests that take longer are longer in flight, on an idle server too. */
  @Test
  void isNotSaturatedIfLatencyRoseAsPromptsDid() {
    ttft = second -> 1_000 + 200 * second;
    inFlight = second -> 8 + second;
    prompts = second -> 500 + 90 * second;

    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Degrading: TTFT rose from 1.2 s to 6.6 s, while output stayed at about 400 tokens/s"
                + " and requests in flight rose from 9 to 36; the mean prompt rose from 590 to"
                + " 3,020 tokens\n");

    hits = second -> 100 - 100 * 500 / (500 + 90 * second);
    assertThat(verdict().level()).as("of which the same was computed").isEqualTo(Level.BAD);
    hits = second -> 0;

    prompts = second -> 500 + 50 * second;
    assertThat(verdict().level()).as("by more than prompts did").isEqualTo(Level.BAD);
  }

  /** A server that takes whatever comes into its batch lets nothing wait. */
  @Test
  void isSaturatedIfResponsesThatBeginAtOnceBecomeSlower() {
    metrics.put(Figure.TPOT, mean(80));
    tpot = second -> 20 + 4 * second;
    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    assertThat(sentences())
        .contains("Steady: TTFT went from ")
        .contains(
            "Degrading: TPOT rose from 24.0 ms to 132 ms, while output stayed at about 400"
                + " tokens/s\n")
        .doesNotContain("TPOT of chat");

    inFlight = second -> 8 + second;
    assertThat(verdict().text())
        .isEqualTo(
            "Saturated: TPOT rose from 24.0 ms to 132 ms, while output stayed at about 400"
                + " tokens/s and requests in flight rose from 9 to 36");

    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    tpot = second -> 20;
    assertThat(verdict().text()).startsWith("Saturated: TPOT of chat rose from 24.0 ms");
  }

  /** A token is computed from all tokens before it, cached or not. */
  @Test
  void isNotSaturatedIfThePaceFellAsPromptsGrew() {
    metrics.put(Figure.TPOT, mean(80));
    tpot = second -> 20 + 4 * second;
    inFlight = second -> 8 + second;
    prompts = second -> 500 + 90 * second;
    hits = second -> 100 - 100 * 500 / (500 + 90 * second);
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains("Degrading: TPOT rose from 24.0 ms")
        .contains("; the mean prompt rose from 590 to 3,020 tokens");

    prompts = second -> 500 + 50 * second;
    assertThat(verdict().level()).as("by more than prompts did").isEqualTo(Level.BAD);
  }

  /** In a batch, what is slower has more in flight, by chance too. */
  @Test
  void takesNoPaceForSlowerThatMayHaveFallenByChance() {
    metrics.put(Figure.TPOT, mean(80));
    inFlight = second -> 8 + second;
    tpot = second -> 100 + 2 * second + (second / 3 % 2 == 0 ? 15 : -15);
    assertThat(verdict().level()).isEqualTo(Level.GOOD);
  }

  @Test
  void tellsThatThePaceFellWhereNothingIsKnownOfTheFirstToken() {
    metrics.put(Figure.TPOT, mean(80));
    ttft = second -> second / 3 % 3 == 0 ? 20_000 : 100;
    mean = ttft;
    tpot = second -> 20 + 4 * second;
    assertThat(sentences())
        .contains("TTFT varied too much to tell", "Degrading: TPOT rose from 24.0 ms to 132 ms");
  }

  @Test
  void thePaceDoesNotQueue() {
    metrics.put(Figure.TPOT, mean(80));
    tpot = second -> 20 + 4 * second;
    server = queued();
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences()).contains("Degrading: TPOT rose from 24.0 ms");
  }

  /** The median of a second is that of the many, and embeddings have no TTFT. */
  @Test
  void isSaturatedIfOneRequestOfSeveralIs() {
    LongToDoubleFunction steady = ttft;
    ttft = second -> 1_000 + 200 * second;
    requests.put("slow", scope(Map.of(), Map.of(Figure.TTFT, mean(4_000)), charts(Figure.TTFT)));
    requests.put("few", scope(Map.of(), Map.of(Figure.TTFT, mean(19, 1)), charts(Figure.TTFT)));
    inFlight = second -> 8 + second;
    requests.put("embed", scope(Map.of(), Map.of(Figure.E2E, mean(4_000)), charts(Figure.E2E)));
    ttft = steady;

    assertThat(verdict().text())
        .isEqualTo(
            "Saturated: E2E of embed rose from 1.2 s to 6.6 s, while its output stayed at about 7"
                + " responses/s and requests in flight rose from 9 to 36");
    assertThat(verdict().reasons())
        .extracting(Reason::title)
        .as("and the one that is not saturated, but slower")
        .contains("Degrading", "Steady")
        .hasSize(5);
  }

  /** One of sixteen steady requests rises for sure by chance, in every third run. */
  @Test
  void takesNoRequestForSlowerThatMayHaveRisenByChance() {
    LongToDoubleFunction steady = ttft;
    ttft = second -> 100 + 2 * second + (second / 3 % 2 == 0 ? 15 : -15);
    inFlight = second -> 8 + second;
    requests.put("noisy", scope(Map.of(), Map.of(Figure.TTFT, mean(100)), charts(Figure.TTFT)));
    ttft = steady;
    assertThat(verdict().level()).isEqualTo(Level.GOOD);
  }

  /** Those of a closed load that began together do so again and again. */
  @ParameterizedTest
  @CsvSource({"0, true", "50, false"})
  void isNotSaturatedIfUsersBeginConversationsTogether(int more, boolean isSaturated) {
    ttft = second -> 1_000 + 200 * second;
    inFlight = second -> 8 + second;
    for (int second = 0; second < 30; second++) {
      // all of another conversation's turns had been sent
      draw("chat", second, 100, 9_000, true, 1_000, 900 - more * second / 3);
      draw("chat", second, 100, 9_000, true, 1_000 * second, 1_000 * second);
    }

    assertThat(verdict().level()).isEqualTo(isSaturated ? Level.BAD : Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            isSaturated
                ? "Saturated: TTFT rose from 1.2 s to 6.6 s, while output stayed at about 400"
                : "Not steady: TTFT rose from 1.2 s to 6.6 s, while output stayed at about 400"
                    + " tokens/s and requests in flight rose from 9 to 36; prompts sent for the"
                    + " first time rose from 116 to 566 tokens/s");
  }

  /** A batch job beside a chat makes this slower; its prompts may be known to the server alone. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 400, true",
    "3000, -1, 400, false",
    "3000, 0, 400, false",
    "0, 0, 1000, false"
  })
  void isNotSaturatedBesideOtherRequestsThatCome(
      int tokens, int reusable, double outputOfAll, boolean isSaturated) {
    LongToDoubleFunction steady = ttft;
    ttft = second -> 1_000 + 400 * Math.max(0, Math.min(10, second - 10));
    inFlight = second -> ttft.applyAsDouble(second) / 100;
    Map<Figure, Summary> chat = Map.of(Figure.TTFT, mean(4_000));
    requests.put("chat", scope(Map.of(), chat, charts(Figure.TTFT)));
    ttft = steady;
    inFlight = second -> 8;
    Map<Figure, Summary> job = Map.of(Figure.TTFT, mean(100), Figure.INPUT_TOKENS, mean(tokens));
    requests.put("job", scope(Map.of(), job, charts(Figure.TTFT)));
    output = second -> second < 10 ? 400 : outputOfAll;
    for (int second = 0; second < SECONDS; second++) {
      draw("chat", second, 100, 9_000, true, 1_000, 900);
      if (second >= 10) {
        draw("job", second, 100, 9_000, true, tokens, reusable);
      }
    }

    assertThat(verdict().level()).isEqualTo(isSaturated ? Level.BAD : Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            isSaturated
                ? "Saturated: TTFT of chat rose from 1.0 s to 5.0 s, while its output stayed at"
                : tokens > 0
                    ? "Not steady: TTFT of chat rose from 1.0 s to 5.0 s, while its output stayed"
                        + " at about 400 tokens/s and requests in flight rose from 10 to 50;"
                        + " prompts sent for the first time rose from 300 to 3,1"
                    : "Degrading: TTFT of chat rose from 1.0 s to 5.0 s, while its output stayed at"
                        + " about 400 tokens/s, that of all requests rose from 440 to 1,000"
                        + " tokens/s and requests in flight rose from 10 to 50");
  }

  /** Servers leave the count out where nothing was cached; some state no length of the prompt. */
  @ParameterizedTest
  @CsvSource({"200, 10, 30, Not steady", "0, 0, 10, Saturated"})
  void takesPromptsWithoutAReportOfCachedTokensForUncached(
      long known, int from, int to, String title) {
    LongToDoubleFunction steady = ttft;
    ttft = second -> 1_000 + 400 * Math.max(0, Math.min(10, second - 10));
    inFlight = second -> ttft.applyAsDouble(second) / 100;
    Map<Figure, Summary> chat = Map.of(Figure.TTFT, mean(4_000));
    requests.put("chat", scope(Map.of(), chat, charts(Figure.TTFT)));
    ttft = steady;
    inFlight = second -> 8;
    Map<Figure, Summary> job =
        Map.of(
            Figure.TTFT,
            mean(100),
            Figure.INPUT_TOKENS,
            mean(known, 1_000),
            Figure.CACHED_TOKENS,
            mean(20, 900));
    requests.put("job", scope(Map.of(), job, charts(Figure.TTFT)));
    for (int second = 0; second < SECONDS; second++) {
      draw("chat", second, 100, 9_000, true, 1_000, 0);
      if (second >= from && second < to) {
        draw("job", second, 100, 9_000, true, 1_000, -1);
      }
    }

    assertThat(sentences()).contains(title + ": TTFT of chat rose from 1.0 s to 5.0 s");
  }

  /** More of them may be what overloads the server. */
  @Test
  void isSaturatedIfMoreComeOfTheOnlyRequestWhosePromptsAreUnknown() {
    ttft = second -> 1_000 + 200 * second;
    inFlight = second -> 8 + second;
    Map<Figure, Summary> chat = Map.of(Figure.TTFT, mean(4_000), Figure.INPUT_TOKENS, mean(1_000));
    requests.put("chat", scope(Map.of(), chat, charts(Figure.TTFT)));
    for (int i = 0; i < SECONDS * SECONDS; i++) {
      draw("chat", Math.sqrt(i), 100, 9_000, true, 1_000, -1);
    }

    assertThat(verdict().text()).startsWith("Saturated: TTFT rose from 1.2 s to 6.6 s");
  }

  /** Each may have a server of its own. */
  @Test
  void isSaturatedBesideOtherModelsThatAreAskedMore() {
    SortedMap<String, ScopeSummary> models = new TreeMap<>();
    breakdowns.put(Breakdown.MODEL, models);
    models.put("large", scope(Map.of(), Map.of(), Charts.NONE));
    models.put("small", scope(Map.of(), Map.of(), Charts.NONE));

    isNotSaturatedBesideOtherRequestsThatCome(3_000, 0, 1_000, true);
  }

  /** In a queue of ten seconds, those of the warm-up have the first tokens of the window. */
  @Test
  void isSaturatedIfTheQueueIsOlderThanTheWindow() {
    ttft = second -> 10_000 + 200 * second;
    inFlight = second -> 8 + second;
    for (int second = 0; second < 30; second++) {
      if (second < 10) {
        drawFromWarmUp(second - 10, 10_000, 1_000);
      } else {
        draw("chat", second - 10, 10_000, 19_000, true, 1_000, 0);
      }
    }

    assertThat(verdict().level()).isEqualTo(Level.BAD);
    assertThat(verdict().text()).startsWith("Saturated: TTFT rose");
  }

  /** TTFT is a small part of a long response, but the server says that it was queue. */
  @Test
  void isSaturatedIfTheServerSaysThatRequestsQueue() {
    ttft = second -> 100 + 20 * second;
    metrics.put(Figure.TTFT, mean(400));
    metrics.put(Figure.E2E, mean(5_000));
    server = queued();

    assertThat(verdict().level()).isEqualTo(Level.BAD);
    assertThat(verdict().text())
        .startsWith("Saturated: TTFT rose from 120 ms to 660 ms")
        .endsWith(
            "Requests waited in the server's queue for 300 ms on average, 75 % of its mean TTFT");
  }

  private static ServerMetrics queued() {
    return new ServerMetrics(
        List.of(),
        0,
        10,
        Map.of(
            ServerSignal.QUEUE_SECONDS, Observed.counter(30),
            ServerSignal.QUEUE_COUNT, Observed.counter(100),
            ServerSignal.TTFT_SECONDS, Observed.counter(40),
            ServerSignal.TTFT_COUNT, Observed.counter(100)),
        new TreeMap<>(),
        new TreeMap<>(),
        new double[0],
        Map.of(),
        new TreeMap<>());
  }

  @Test
  void degradesIfOutputRisesToo() {
    ttft = second -> 100 + 10 * second;
    output = second -> 400 + 20 * second;
    inFlight = second -> 8 + second;

    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Degrading: TTFT rose from 110 ms to 380 ms, while output rose from 420 to 960"
                + " tokens/s and requests in flight rose from 9 to 36\n");
  }

  /**
   * Output by less than a tenth, in the last third; requests in flight by a quarter, and by one.
   */
  @ParameterizedTest
  @CsvSource({
    "6, 8, 1, true",
    "6.3, 8, 1, false",
    "0, 8, 0.084, false",
    "0, 8, 0.087, true",
    "0, 2, 0.036, false",
    "0, 2, 0.038, true"
  })
  void isSaturatedIfOutputHardlyRoseAndRequestsPiledUp(
      double moreOutput, double inFlightFirst, double moreInFlight, boolean isSaturated) {
    ttft = second -> 1_000 + 200 * second;
    output = second -> 400 + moreOutput * second;
    inFlight = second -> inFlightFirst + moreInFlight * second;

    assertThat(verdict().level()).isEqualTo(isSaturated ? Level.BAD : Level.DOUBTFUL);
  }

  @ParameterizedTest
  @CsvSource({"501, 75, true", "500, 75, false", "900, 74, false"})
  void remarksThatMostOfResponsesWasBeforeTheirFirstToken(
      double ttft, long paced, boolean isRemarked) {
    request("chat", mean(100, ttft), mean(100, 1_000), mean(paced, 20));
    draw("chat", ttft, 1_000, true);

    assertThat(sentences().contains("% of E2E: requests waited")).isEqualTo(isRemarked);
  }

  /** A server that has just frozen gives late first tokens of responses that have not ended. */
  @Test
  void remarksOnNoResponseThatHasNotEnded() {
    request("chat", mean(100, 2_000), mean(100, 1_000), mean(20));
    draw("chat", 300, 1_000, true);
    draw("chat", 6_000, -1, false);

    assertThat(sentences()).doesNotContain("% of E2E");
  }

  /** A load that grows until it is more than the server can serve. */
  @Test
  void isSaturatedIfItIsInTheSecondHalf() {
    ttft = second -> 100 + 300 * Math.max(0, second - 12);
    output = second -> Math.min(550, 100 + 30 * second);
    inFlight = second -> 2 + 8 * Math.max(0, second - 12);
    assertThat(verdict().text())
        .isEqualTo(
            "Saturated: TTFT rose from 1.2 s to 5.2 s in the second half, while output stayed at"
                + " about 550 tokens/s and requests in flight rose from 30 to 138");

    inFlight = second -> 8;
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences()).contains("Degrading: TTFT rose from 100 ms to ").doesNotContain("half");
  }

  /** As conversations go on, more of the responses may be of the slower kind. */
  @Test
  void isSteadyIfEachOfSeveralRequestsIs() {
    LongToDoubleFunction steady = ttft;
    requests.put(
        "answer", scope(Map.of(), Map.of(Figure.TTFT, mean(150, 100)), charts(Figure.TTFT)));
    ttft = second -> 900 + second % 2;
    requests.put(
        "sum up", scope(Map.of(), Map.of(Figure.TTFT, mean(50, 900)), charts(Figure.TTFT)));
    ttft = second -> 100 + 20 * second;
    assertThat(sentences())
        .contains(
            "Steady: each of 2 requests of which there are enough responses was; TTFT of answer"
                + " went from 100 ms to 101 ms over the window");

    requests.put(
        "sum up", scope(Map.of(), Map.of(Figure.TTFT, mean(50, 900)), charts(Figure.TTFT)));
    assertThat(sentences()).as("one rises").contains("Degrading: TTFT rose from 120 ms to 660 ms");

    ttft = steady;
    requests.put(
        "sum up", scope(Map.of(), Map.of(Figure.TTFT, mean(19, 900)), charts(Figure.TTFT)));
    ttft = second -> 100 + 20 * second;
    assertThat(sentences()).as("one is unknown").contains("Degrading: TTFT rose from 120 ms");
  }

  /** Users who hang send nothing more, and those who go on are as fast as ever. */
  @Test
  void isNotSteadyIfLessComesForAsManyRequests() {
    output = second -> 400 - 10 * second;
    assertThat(sentences()).as("responses become shorter").contains("Steady: TTFT");

    responses = second -> 8 - 0.2 * second;
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Not steady: output fell from 390 to 120 tokens/s, while about as many requests were in"
                + " flight")
        .doesNotContain("Steady: TTFT");

    metrics.remove(Figure.TTFT);
    assertThat(sentences())
        .contains("Not steady: output fell from 8 to 2 responses/s, while about");
    metrics.put(Figure.TTFT, mean(100));

    inFlight = second -> 8 + second;
    assertThat(sentences())
        .contains(
            "Not steady: output fell from 390 to 120 tokens/s, while requests in flight rose from 9"
                + " to 36");

    inFlight = second -> 40 - second;
    assertThat(sentences()).as("the load decreased").contains("Steady: TTFT");
  }

  @Test
  void judgesTheTrendOfResponsesWithoutTokensByTheirWholeLatency() {
    metrics.remove(Figure.TTFT);
    metrics.remove(Figure.OUTPUT_TOKENS);
    assertThat(sentences()).contains("Steady: E2E went from 100 ms to 101 ms");

    ttft = second -> 100 + 10 * second;
    output = second -> 0;
    assertThat(sentences())
        .contains(
            "Degrading: E2E rose from 110 ms to 380 ms, while output stayed at about 7"
                + " responses/s\n");

    inFlight = second -> 8 + second;
    assertThat(verdict().text())
        .startsWith("Saturated: E2E rose from 110 ms to 380 ms")
        .endsWith("at about 7 responses/s and requests in flight rose from 9 to 36");
  }

  @Test
  void isNotSteadyIfTheWarmUpWasTooShort() {
    ttft = second -> 500 - 12 * second;

    assertThat(sentences()).contains("Not steady: TTFT fell from 488 ms to 164 ms");
  }

  /** Ever fewer responses are to cold prompts. */
  @Test
  void isNotSteadyIfTheCacheWarmsInTheWindow() {
    mean = second -> 500 - 12 * second;
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences()).contains("Not steady: mean TTFT fell from 488 ms to 164 ms: the warm");

    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    assertThat(sentences()).as("of the only request, too").contains("Not steady: mean TTFT fell");
  }

  @Test
  void isNotSteadyIfSomeRequestsWaitedForAWhile() {
    mean = second -> second < 12 || second >= 18 ? 100 : 900;
    ttft = mean;
    assertThat(sentences())
        .contains(
            "Not steady: mean TTFT was 900 ms from second 12 to 18 of the window, and about 100 ms"
                + " in the quieter parts of it\n");

    sent = second -> second < 12 || second >= 18 ? 90 : 73;
    assertThat(sentences()).as("2.7 times as much was new").doesNotContain("Not steady");
    sent = second -> second < 12 || second >= 18 ? 90 : 74;
    assertThat(sentences()).as("2.6 times as much").contains("Not steady: mean TTFT was 900 ms");
  }

  @Test
  void isNotSteadyIfTokensBecameSlowerForAWhile() {
    metrics.put(Figure.TPOT, mean(80));
    tpot = second -> second < 12 || second >= 18 ? 20 : 90;
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Not steady: mean TPOT was 90.0 ms from second 12 to 18 of the window, and about 20.0");
  }

  @Test
  void tellsOfSlowTokensWhereTtftVariedTooMuch() {
    ttft = second -> second / 3 % 3 == 0 ? 280 : 100;
    mean = ttft;
    assertThat(sentences()).contains("TTFT varied too much to tell whether it was steady: TTFT");

    tpot = second -> second < 12 || second >= 18 ? 20 : 90;
    assertThat(sentences())
        .contains("TTFT varied too much")
        .contains("Not steady: mean TPOT was 90.0 ms from second 12 to 18 of the window");

    output = second -> second < 12 || second >= 18 ? 400 : 90;
    responses = second -> second < 12 || second >= 18 ? 7 : 2;
    metrics.put(Figure.E2E, mean(1_000));
    assertThat(sentences())
        .contains("Not steady: 11 tokens/s came to each request in flight from second 12 to 18")
        .doesNotContain("TTFT varied too much", "TPOT");
  }

  /** Of responses that take longer than the slow time, no pace is far from the usual one. */
  @Test
  void isNotSteadyIfFewTokensCameForAWhile() {
    metrics.put(Figure.TPOT, mean(20));
    metrics.put(Figure.E2E, mean(1_000));
    output = second -> second < 12 || second >= 18 ? 400 : 120;
    assertThat(verdict().level()).as("shorter responses").isEqualTo(Level.GOOD);

    responses = second -> second < 12 || second >= 18 ? 7 : 3;
    metrics.put(Figure.TPOT, mean(189, 20));
    assertThat(verdict().level()).as("some have no pace").isEqualTo(Level.GOOD);

    metrics.put(Figure.TPOT, mean(19, 20));
    metrics.put(Figure.E2E, mean(19, 1_000));
    metrics.put(Figure.TTFT, mean(19, 100));
    assertThat(sentences()).as("too few tell").doesNotContain("Not steady");

    metrics.put(Figure.TTFT, mean(20, 100));
    assertThat(verdict().level()).as("most sent in the warm-up").isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Not steady: 15 tokens/s came to each request in flight from second 12 to 18 of the"
                + " window, and about 50 in the quicker parts of it");

    output = second -> second < 12 || second >= 18 ? 400 : 140;
    assertThat(verdict().level()).as("more than a third").isEqualTo(Level.GOOD);

    output = second -> second < 12 || second >= 18 ? 400 : 50;
    responses = second -> second < 12 || second >= 18 ? 7 : 1;
    inFlight = second -> second < 12 || second >= 18 ? 8 : 5.9;
    assertThat(verdict().level()).as("for fewer requests").isEqualTo(Level.GOOD);
    inFlight = second -> second < 12 || second >= 18 ? 8 : 6;
    assertThat(verdict().level()).as("for three quarters").isEqualTo(Level.DOUBTFUL);
  }

  /** A response is in flight for 8 / 7 s, or 8 / 3.5 s. */
  @ParameterizedTest
  @CsvSource({"3.51, false", "3.5, true"})
  void isNotSteadyIfFewTokensCameForTwiceAsLong(double responsesPerSecond, boolean isTold) {
    metrics.put(Figure.E2E, mean(1_000));
    output = second -> second < 12 || second >= 18 ? 400 : 120;
    responses = second -> second < 12 || second >= 18 ? 7 : responsesPerSecond;

    assertThat(sentences().contains("Not steady: 15 tokens/s came")).isEqualTo(isTold);
  }

  @Test
  void tellsOfTheSlowTimeThatIsNotByShorterResponses() {
    metrics.put(Figure.E2E, mean(1_000));
    output = second -> second < 3 || second >= 9 ? 400 : 120;
    assertThat(sentences()).doesNotContain("Not steady");

    LongToDoubleFunction once = output;
    output = second -> second < 18 || second >= 24 ? once.applyAsDouble(second) : 100;
    responses = second -> second < 18 || second >= 24 ? 7 : 2;
    assertThat(sentences())
        .contains("12 tokens/s came to each request in flight from second 18 to");
  }

  @Test
  void tellsOfASlowTimeOnlyWhereNoChangeWasTold() {
    metrics.put(Figure.E2E, mean(1_000));
    output = second -> second < 12 || second >= 18 ? 400 : 50;
    responses = second -> second < 12 || second >= 18 ? 7 : 1;
    assertThat(sentences()).contains("tokens/s came");

    ttft = second -> 500 - 12 * second;
    mean = ttft;
    assertThat(sentences()).contains("Not steady: TTFT fell").doesNotContain("tokens/s came");
  }

  @Test
  void isNotSteadyIfTokensBecameSlowerWherePromptsWereNew() {
    metrics.put(Figure.TPOT, mean(80));
    tpot = second -> second < 12 || second >= 18 ? 20 : 90;
    sent = second -> second < 12 || second >= 18 ? 90 : 0;
    assertThat(sentences()).contains("Not steady: mean TPOT was 90.0 ms from second 12 to 18");
  }

  @Test
  void isNotSteadyIfFewTokensCameBeforeAnIdleTime() {
    metrics.put(Figure.E2E, mean(1_000));
    output = second -> second < 12 || second >= 24 ? 400 : second < 18 ? 90 : 5;
    inFlight = second -> second < 18 || second >= 24 ? 8 : 1;
    responses = second -> second < 12 || second >= 24 ? 7 : second < 18 ? 2 : 0.1;
    assertThat(sentences())
        .contains(
            "Not steady: 11 tokens/s came to each request in flight from second 12 to 18 of the");
  }

  /** Users who begin together wait for their first turns. */
  @Test
  void isSteadyIfFewTokensCameWhereMorePromptsWereNew() {
    metrics.put(Figure.E2E, mean(1_000));
    output = second -> second < 12 || second >= 18 ? 400 : 100;
    responses = second -> second < 12 || second >= 18 ? 7 : 2;
    sent = second -> second < 12 || second >= 18 ? 90 : 82;
    assertThat(verdict().level()).as("1.8 times as much was new").isEqualTo(Level.GOOD);

    sent = second -> second < 12 || second >= 18 ? 90 : 83;
    assertThat(sentences()).as("1.7 times as much").contains("Not steady: 12 tokens/s came");
  }

  /** Users of one of two replicas wait for a while: they send nothing, so that no mean tells it. */
  @Test
  void isNotSteadyIfAFewResponsesWereFarSlowerForAWhile() {
    LongToDoubleFunction steady = ttft;
    requests.put("rag", scope(Map.of(), metrics, charts(Figure.TTFT)));
    ttft = second -> second == 13 ? 2_000 : 100 + second % 2;
    mean = ttft;
    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    ttft = steady;
    mean = steady;
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Not steady: 7 responses of chat, from second 13 to 14 of the window, had TTFT of 1.0 s"
                + " or more, where the median was 100 ms; 5.8 % of the time of all requests went by"
                + " in such waits\n");
  }

  @Test
  void isNotSteadyIfOneOfSeveralRequestsWaitedForAWhile() {
    LongToDoubleFunction steady = ttft;
    ttft = second -> second < 12 || second >= 18 ? 100 : 900;
    mean = ttft;
    requests.put("rag", scope(Map.of(), Map.of(Figure.TTFT, mean(100)), charts(Figure.TTFT)));
    assertThat(sentences()).as("reported for all requests").doesNotContain("TTFT of rag");

    ttft = steady;
    mean = steady;
    assertThat(sentences())
        .contains("Not steady: mean TTFT of rag was 900 ms from second 12 to 18");
  }

  /** A text that becomes longer takes longer to compute, without any queue. */
  @Test
  void isNotSaturatedIfOneBodyTakesAsLongAsItsText() {
    objective("ttft<9s", 100);
    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    Map<Figure, Summary> body = new EnumMap<>(metrics);
    body.remove(Figure.TPOT);
    LongToDoubleFunction steady = ttft;
    ttft = second -> 500 + 20 * second;
    mean = ttft;
    inFlight = second -> 8 + second;
    responses = second -> 400 / (50 + 2.0 * second);
    requests.put("title", scope(Map.of(Figure.OK, 50.0), body, charts(Figure.E2E)));
    ttft = steady;
    mean = steady;
    assertThat(sentences()).contains("Degrading: E2E of title rose from 520 ms");

    responses = second -> 7;
    ttft = second -> 500 + 20 * second;
    mean = ttft;
    requests.put("title", scope(Map.of(Figure.OK, 50.0), body, charts(Figure.E2E)));
    ttft = steady;
    mean = steady;
    assertThat(verdict().text())
        .as("for as many tokens")
        .startsWith(
            "Saturated: E2E of title rose from 520 ms to 1.1 s, while its output stayed at about"
                + " 400 tokens/s and");
  }

  @Test
  void doesNotCallNoiseSteady() {
    ttft = second -> second / 3 % 3 == 0 ? 20_000 : 100;
    mean = ttft;

    assertThat(sentences())
        .contains("TTFT varied too much to tell whether it was steady: TTFT went from 8.")
        .as("TTFT cannot fall by more than it was")
        .contains("interval of the change -8.1 s to +");
  }

  /** Every fourth response is to a cold prompt, a few to a part of the window. */
  @Test
  void isSteadyIfTheMediansOfPartsAreWhereThoseOfSecondsJump() {
    ttft = second -> second % 4 == 0 ? 800 : 100;
    mean = ttft;
    assertThat(sentences())
        .contains("Steady: TTFT went from 100 ms to 100 ms over the window (95 % interval of the");
  }

  /** Of cold and warm prompts, the median of a part is one or the other. */
  @Test
  void isSteadyIfItsMeansAreWhereMediansJump() {
    ttft = second -> second / 3 % 3 == 0 ? 800 : 100;
    mean = second -> 330 + second % 2;
    assertThat(sentences())
        .contains("Steady: mean TTFT went from 330 ms to 331 ms over the window (95 % interval");

    mean = second -> 200 + 10 * second + (second / 3 % 2 == 0 ? 150 : -150);
    assertThat(sentences()).contains("TTFT varied too much to tell whether it was steady: TTFT");
  }

  /** A tenth of the requests queue at one replica, which no median shows. */
  @Test
  void isSaturatedIfSomeRequestsWaitForEverLonger() {
    mean = second -> 100 + 200 * second;
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Degrading: mean TTFT rose from 300 ms to 5.7 s (its median went from 100 ms to 101"
                + " ms), while output stayed at about 400 tokens/s\n")
        .doesNotContain("Steady: ");

    ttft = second -> 500 - 12 * second;
    assertThat(sentences())
        .as("others became faster")
        .contains("Degrading: mean TTFT rose from 300 ms to 5.7 s (its median went from 488 ms to");

    inFlight = second -> 8 + second;
    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    assertThat(verdict().text())
        .startsWith("Saturated: mean TTFT rose from 300 ms to 5.7 s (its median")
        .contains("while output stayed at about", "and requests in flight rose from 9 to 36");
  }

  /** As slow at the beginning, before the cache is warm. */
  @Test
  void isSaturatedIfItIsInTheSecondHalfAlone() {
    ttft = second -> 100 + 300 * Math.abs(second - 15);
    inFlight = second -> 2 + 8 * Math.max(0, second - 12);
    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    assertThat(verdict().text())
        .startsWith("Saturated: TTFT rose from 250 ms to 4.3 s in the second half");

    inFlight = second -> 8;
    requests.clear();
    assertThat(sentences()).doesNotContain("Saturated", "Degrading");
  }

  /** The last of three steps is more than the server can serve. */
  @Test
  void isSaturatedIfItIsInTheLastThirdAlone() {
    ttft = second -> second < 20 ? 100 : 100 + 300 * (second - 20);
    output = second -> second < 20 ? 100 + 20 * second : 600;
    inFlight = second -> second < 20 ? 2 + second / 10.0 : 4 + 8 * (second - 20);
    assertThat(verdict().text())
        .startsWith("Saturated: TTFT rose from 100 ms to 2.8 s in the last third, while output");
  }

  /** Users of an open load go on to arrive at a server that stands still, near the end. */
  @ParameterizedTest
  @CsvSource({"20, 27, 3_000, false", "20, 27, 12_000, true", "4, 11, 3_000, true"})
  void isNotSaturatedByAStallOfTheEnd(int from, int to, double waited, boolean isSaturated) {
    ttft = second -> second < 20 ? 100 : waited;
    inFlight = second -> second < 20 ? 2 : 2 + 3 * (second - 19);
    assertThat(verdict().text()).startsWith("Saturated: TTFT rose from 100 ms to ");

    for (int second = 0; second < SECONDS; second++) {
      boolean isSilent = from <= second && second < to;
      timeline.add(new Second(second, 0, 0, 0, isSilent ? 0 : 400, 8, null));
    }
    assertThat(verdict().level()).isEqualTo(isSaturated ? Level.BAD : Level.DOUBTFUL);
    assertThat(sentences().contains("Not steady: TTFT rose from 100 ms to "))
        .isNotEqualTo(isSaturated);
  }

  /** The queue lasts for longer than nothing arrived. */
  @ParameterizedTest
  @CsvSource({"2, false", "0.5, true"})
  void isNotSaturatedByTheQueueOfAStall(double fall, boolean isSaturated) {
    ttft = second -> second < 14 ? 100 : 3_000;
    inFlight = second -> second < 14 ? 2 : 40 - fall * (second - 18);
    assertThat(verdict().text()).startsWith("Saturated: TTFT rose from 100 ms to ");

    for (int second = 0; second < SECONDS; second++) {
      boolean isSilent = 14 <= second && second < 18;
      double active = inFlight.applyAsDouble(second);
      timeline.add(new Second(second, 0, 0, 0, isSilent ? 0 : 400, active, null));
    }
    assertThat(verdict().level()).isEqualTo(isSaturated ? Level.BAD : Level.DOUBTFUL);
  }

  /** Of one request of several nothing arrives: the others wait for another reason. */
  @Test
  void isSaturatedBesideAStallOfOneRequest() {
    assertThat(new Stall("chat", 20, 7, 27, 8, 0).explains(0, 20, 100)).isFalse();
    assertThat(new Stall("", 20, 7, 27, 8, 0).explains(0, 20, 100)).isTrue();
    assertThat(new Stall("", 10, 7, 17, 8, 0).explains(0, 20, 100)).as("before").isFalse();
    assertThat(new Stall("", 10, 7, 25, 8, 0).explains(0, 20, 100)).as("its queue").isTrue();
    assertThat(new Stall("", 10, 7, 25, 8, 0).explains(18, 20, 100)).isTrue();
    assertThat(new Stall("", 10, 7, 25, 8, 0).explains(19, 20, 100)).as("ended").isFalse();
  }

  @Test
  void isSaturatedIfSomeRequestsWaitForEverLongerInTheSecondHalf() {
    mean = second -> 100 + 300 * Math.max(0, second - 12);
    output = second -> Math.min(550, 100 + 30 * second);
    inFlight = second -> 2 + 8 * Math.max(0, second - 12);
    assertThat(verdict().text())
        .startsWith(
            "Saturated: mean TTFT rose from 1.2 s to 5.2 s (its median went from 101 ms to 101 ms)"
                + " in the second half, while output stayed at about 550 tokens/s");
  }

  @Test
  void isSaturatedIfSomeOfOneRequestWaitForEverLonger() {
    metrics.put(Figure.TPOT, mean(20));
    LongToDoubleFunction steady = mean;
    mean = second -> 100 + 200 * second;
    inFlight = second -> 8 + second;
    requests.put("rag", scope(Map.of(), Map.of(Figure.TTFT, mean(100)), charts(Figure.TTFT)));
    mean = steady;
    assertThat(verdict().text())
        .startsWith("Saturated: mean TTFT of rag rose from 300 ms to 5.7 s (its median went");
  }

  /** A body takes as long as its text, but one that takes ever longer is no mix of requests. */
  @Test
  void isNotSteadyIfResponsesInOneBodyTakeEverLonger() {
    objective("ttft<2s", 100);
    requests.put("chat", scope(Map.of(), metrics, charts(Figure.TTFT)));
    Map<Figure, Summary> body = new EnumMap<>(metrics);
    body.remove(Figure.TPOT);
    LongToDoubleFunction rising = second -> 500 + 20 * second;
    ttft = rising;
    requests.put("title", scope(Map.of(Figure.OK, 50.0), body, charts(Figure.E2E)));
    assertThat(sentences()).contains("Degrading: TTFT rose from 520 ms");

    ttft = second -> second / 3 % 3 == 0 ? 900 : 100;
    mean = ttft;
    requests.put("title", scope(Map.of(Figure.OK, 50.0), body, charts(Figure.E2E)));
    ttft = rising;
    assertThat(sentences()).contains("Steady: TTFT of chat went from 100 ms to 101 ms");
  }

  @Test
  void isNotSteadyIfItMayHaveChangedByMoreThanAQuarter() {
    ttft = second -> 100 + second + (second / 3 % 2 == 0 ? 15 : -15);
    assertThat(sentences()).contains("Steady: TTFT went from 1");

    ttft = second -> 100 + 2 * second + (second / 3 % 2 == 0 ? 29 : -29);
    assertThat(sentences()).contains("TTFT varied too much to tell whether it was steady: TTFT");
  }

  @Test
  void findsACacheThatEvicts() {
    values.put(Figure.CACHE_HIT_PERCENT, 59.0);

    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "Cache evicts or is not hit: 59.0 % of prompt tokens of turns were hits, 90.0 % had"
                + " been sent before");
  }

  /** Such as retrieved documents. */
  @Test
  void doesNotJudgeTheCacheByTextThatRequestsAdd() {
    values.put(Figure.CACHE_HIT_PERCENT, 30.0);
    metrics.put(Figure.INPUT_TOKENS, mean(1_800));
    metrics.put(Figure.TOKENIZER_DIFFERENCE, mean(1_200));
    assertThat(sentences())
        .contains(
            "Cache not judged: 30.0 % of prompt tokens of turns were hits, and 90.0 % of those");

    values.put(Figure.CACHE_HIT_PERCENT, 81.0);
    assertThat(sentences()).contains("Cache works: 81.0 % of prompt");

    values.put(Figure.CACHE_HIT_PERCENT, 19.0);
    assertThat(sentences())
        .contains("Cache evicts or is not hit: 19.0 % of", ", at least 30.0 % had");
  }

  @Test
  void saysNothingOfTheCacheIfRequestsDoNotCarryTheirPrompts() {
    values.put(Figure.CACHE_HIT_PERCENT, 3.0);
    metrics.put(Figure.INPUT_TOKENS, mean(49));
    metrics.put(Figure.TOKENIZER_DIFFERENCE, mean(-51));

    assertThat(sentences()).doesNotContain("Cache ");
  }

  private void request(String name, Map<Figure, Double> totals) {
    request(name, totals, Map.of());
  }

  private void request(String name, @Nullable Summary ttft, Summary e2e, @Nullable Summary tpot) {
    Map<Figure, Summary> times = new EnumMap<>(Map.of(Figure.E2E, e2e));
    if (ttft != null) {
      times.put(Figure.TTFT, ttft);
    }
    if (tpot != null) {
      times.put(Figure.TPOT, tpot);
    }
    request(name, Map.of(), times);
  }

  private void request(String name, Map<Figure, Double> totals, Map<Figure, Summary> times) {
    requests.put(name, scope(totals, times, Charts.NONE));
  }

  /** Returns a scope that met all objectives by the share that met all of them. */
  private ScopeSummary scope(
      Map<Figure, Double> totals, Map<Figure, Summary> times, Charts charts) {
    List<Share> met =
        objectives.stream()
            .filter(share -> totals.containsKey(Figure.GOODPUT_PERCENT))
            .map(share -> new Share(share.objective(), totals.get(Figure.GOODPUT_PERCENT)))
            .toList();
    return new ScopeSummary(
        new Totals(totals, met), times, Map.of(), List.of(), new TreeMap<>(), charts);
  }

  @ParameterizedTest
  @CsvSource({
    "46, 85, 'Cache works: 85.0 % of prompt tokens of turns were hits, 90.0 %'",
    "88, 40, 'Cache evicts or is not hit: 40.0 % of prompt tokens of turns were hits, 90.0 %'",
  })
  void judgesTheCacheByRequestsOfWhichItIsKnownWhatWasSent(
      double all, double ofTurns, String says) {
    values.put(Figure.CACHE_HIT_PERCENT, all);
    turns(400, ofTurns, true);
    request("classify", Map.of(Figure.CACHE_HIT_PERCENT, 100.0));

    assertThat(sentences()).contains(says);
  }

  private void turns(double inputTokens, double hit, boolean isReported) {
    Map<Figure, Double> totals = new EnumMap<>(Figure.class);
    totals.put(Figure.CACHE_HIT_PERCENT, hit);
    totals.put(Figure.EXPECTED_REUSABLE_PERCENT, 90.0);
    if (isReported) {
      totals.put(Figure.CACHE_HIT_PERCENT_UPPER, hit);
    }
    request("turn", totals, Map.of(Figure.INPUT_TOKENS, mean(inputTokens)));
  }

  @Test
  void judgesTheCacheByTheLengthOfPromptsOfTurns() {
    metrics.put(Figure.INPUT_TOKENS, mean(80));
    turns(400, 65, true);
    assertThat(sentences()).as("many short embeddings").contains("Cache evicts or is not hit: 65");

    metrics.put(Figure.INPUT_TOKENS, mean(4_000));
    turns(100, 75, true);
    assertThat(sentences()).as("long embeddings").doesNotContain("Cache");
  }

  @Test
  void doesNotJudgeACacheOfWhichOtherRequestsThanTurnsReport() {
    turns(400, 0, false);

    assertThat(sentences()).doesNotContain("Cache");
  }

  @Test
  void doubtsACacheThatHeldPromptsOfAnEarlierRun() {
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 46.0);
    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(sentences())
        .contains(
            "another llm.salt generates new ones: 85.0 % of prompt tokens of turns were hits, 46.0"
                + " % had");

    metrics.put(Figure.OUTPUT_TOKENS, mean(400));
    assertThat(sentences())
        .as("responses of this run can be what was hit")
        .contains("Cache works: 85.0 %");
  }

  @Test
  void doubtsACacheThatHeldPromptsOfAnEarlierRunAlsoBesideEmbeddings() {
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 46.0);
    turns(1_000, 85, true);
    metrics.put(Figure.INPUT_TOKENS, mean(10_200, 30));

    assertThat(sentences()).contains("Cache held more than this run had sent");
  }

  /** Only of prompts whose length is known is it known what of them is new. */
  @Test
  void doesNotDoubtACacheWhoseContentMayBeOfThisRun() {
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 46.0);
    metrics.put(Figure.TOKENIZER_DIFFERENCE, mean(400));
    assertThat(sentences()).as("tools of extraBody").contains("Cache works: 85.0 %");

    metrics.put(
        Figure.TOKENIZER_DIFFERENCE, new Summary(150, 20, 1, 20, 20, 20, 20, 20, 20, 20, 20));
    assertThat(sentences()).as("some requests are no turns").contains("Cache works: 85.0 %");

    metrics.remove(Figure.TOKENIZER_DIFFERENCE);
    assertThat(sentences()).as("the server does not count prompts").contains("Cache works: 85.0 %");
  }

  /** A request of one's own may name another model in its body than the one that is known. */
  @Test
  void doubtsNoCacheWhereSeveralModelsWereAsked() {
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 46.0);
    SortedMap<String, ScopeSummary> models = new TreeMap<>();
    breakdowns.put(Breakdown.MODEL, models);
    models.put("rag-8b", scope(Map.of(), Map.of(), Charts.NONE));
    assertThat(sentences()).contains("Cache held more");

    models.put("simulated", scope(Map.of(), Map.of(), Charts.NONE));
    assertThat(sentences()).doesNotContain("Cache");

    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 90.0);
    assertThat(sentences()).contains("Cache works: 85.0 %");
  }

  @ParameterizedTest
  @CsvSource({
    "replay, recorded/prompts.jsonl, false",
    "questionTokens, texts set by the simulation, false",
    "questionTokens, 128; texts set by the simulation, false",
    "systemPromptTokens, texts set by the simulation, false",
    "questionTokens, set by the simulation, true",
    "questionTokens, 64, true",
    "extraBody, '{\"n\":4}', false",
    "extraBody, '{\"seed\":4}', true",
    "benchmark, -i 5 -cache keep, false",
    "benchmark, -i 5 -cache fresh, true"
  })
  void doubtsNoCacheWhoseHitsAreExpected(String setting, String value, boolean doubts) {
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 46.0);
    info = SampleRun.withSettings(Map.of(setting, value));

    assertThat(sentences().contains("Cache held more")).isEqualTo(doubts);
  }

  @Test
  void praisesNoCacheThatHeldLittleOrNothing() {
    values.put(Figure.CACHE_HIT_PERCENT, 0.0);
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 0.0);
    assertThat(sentences()).doesNotContain("Cache");

    metrics.put(Figure.INPUT_TOKENS, mean(40));
    values.put(Figure.EXPECTED_REUSABLE_PERCENT, 50.0);
    assertThat(sentences())
        .as("20 tokens of a prompt are less than a block")
        .doesNotContain("Cache");
  }

  @Test
  void doubtsALoadGeneratorThatWasLate() {
    client = health(96);

    assertThat(verdict().level()).isEqualTo(Level.DOUBTFUL);
    assertThat(verdict().text()).startsWith("It held: ");
    assertThat(sentences()).contains("Do not trust these latencies: an event");
  }

  @Test
  void doesNotSayThatItHeldIfAnAssertionFailed() {
    info =
        SampleRun.INFO.withRemarks(
            List.of(
                new Finding(
                    RunReport.ASSERTION_FAILED, Finding.Level.WARNING, "TTFT p95 was 100 ms")));

    assertThat(sentences())
        .startsWith("1 assertion failed: TTFT p95 was 100 ms")
        .contains("No response of the window failed: all 200 responses succeeded")
        .doesNotContain("It held");
  }

  @Test
  void leavesAssertionsOfAShardToTheMerge() {
    TokenAssertion limit =
        new TokenAssertion(
            new Asserted.OfServer("queue", Asserted.Statistic.MAX), Comparison.LESS, 9, 9);
    RunInfo whole = SampleRun.INFO;
    info =
        new RunInfo(
                whole.id(),
                whole.simulation(),
                whole.start(),
                whole.versions(),
                whole.seed(),
                whole.target(),
                whole.load(),
                new RunInfo.Shard(2, 4, "llm.shard"),
                null,
                Assertions.NONE,
                List.of(),
                List.of())
            .withAssertions(new Assertions(List.of(limit, limit), null));

    assertThat(verdict().text()).startsWith("It held");
    assertThat(verdict().level()).isEqualTo(Verdict.Level.DOUBTFUL);
    assertThat(verdict().reasons())
        .extracting(Reason::sentence)
        .contains(
            "2 assertions on token figures not judged here: the merge of the 4 shards judges them");
  }

  @Test
  void didNotHoldWhereRequestsCouldNotBeBuilt() {
    values.put(Figure.NOT_BUILT, 2.0);

    assertThat(verdict().level()).isEqualTo(Level.BAD);
    assertThat(sentences())
        .contains("The simulation could not build 2 requests: of 202, 200 were sent")
        .doesNotContain("It held");
  }

  @Test
  void namesWhatFiguresLack() {
    values.put(Figure.RESENT, 5.0);
    values.put(Figure.UNSENT_TURNS, 2.0);

    assertThat(sentences())
        .containsPattern(
            "Read with care: 5 requests were written twice[^.;]*\\. 2 turns were never sent");
  }
}
