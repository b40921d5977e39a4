package dev.gatlingllm.report;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.ColdWarm;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.ResponseSamples;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.Outcomes;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Charts;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loads of a minute, of which nothing arrives for some seconds. */
class StallTest {

  private static final int SECONDS = 60;

  private final SortedMap<String, ScopeSummary> requests = new TreeMap<>();
  private final Map<Integer, Double> waits = new TreeMap<>();
  private Figure timed = Figure.TTFT;
  private double usualMillis = 200;
  private double inFlight = 20;
  private IntToDoubleFunction inQueue = second -> 0;
  private double meanMillis = 400;
  private long longGaps = 20;
  private double lagMillis = 5;
  private int failedAt = -1;
  private String failure = "";
  private int idleFrom = SECONDS + 5;
  private int stepSeconds = 1;
  private ServerMetrics server = ServerMetrics.NONE;

  /** Returns a scope of which nothing arrives from one second to the next one, and so on. */
  private ScopeSummary silent(int... fromTo) {
    List<Second> timeline = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int second = -5; second < SECONDS + 5; second++) {
      boolean isSilent = isIn(second, fromTo);
      boolean ends = !isSilent && timed == Figure.E2E;
      long failed = second == failedAt ? 5 : 0;
      timeline.add(
          new Second(
              second,
              (ends ? 2 : 0) + failed,
              ends ? 2 : 0,
              failed,
              isSilent || ends ? 0 : second < idleFrom ? 300 : 1,
              (second < idleFrom ? inFlight : 1) + inQueue.applyAsDouble(second),
              null));
    }
    for (int second = -5; second < SECONDS + 5; second += stepSeconds) {
      double wait = waits.getOrDefault(second, usualMillis);
      boolean isSilent = isIn(second, fromTo) && isIn(second + stepSeconds - 1, fromTo);
      steps.add(
          new Step(
              second,
              2,
              0,
              300,
              inFlight,
              0,
              null,
              null,
              null,
              isSilent ? Map.of() : Map.of(timed, constant(2 * stepSeconds, wait)),
              Map.of(),
              second == failedAt ? Map.of(failure, 5L) : Map.of()));
    }
    Map<Figure, Buckets> buckets = Map.of();
    Map<Figure, Summary> metrics = new EnumMap<>(Map.of(timed, constant(120, meanMillis)));
    if (timed == Figure.TTFT) {
      metrics.put(Figure.ICL, constant(5_000, 30));
      buckets =
          Map.of(
              Figure.ICL,
              new Buckets(
                  new double[] {30, 6_700}, new long[] {5_000, longGaps}, 5_000 + longGaps));
      metrics.put(Figure.OUTPUT_TOKENS, constant(120, 50));
    }
    return new ScopeSummary(
        new Totals(Map.of(Figure.REQUESTS, 120.0, Figure.OK, 120.0), List.of()),
        metrics,
        buckets,
        timeline,
        new TreeMap<>(),
        new Charts(steps, List.of(), List.of(), null));
  }

  private static boolean isIn(int second, int... fromTo) {
    boolean isIn = false;
    for (int i = 0; i < fromTo.length; i += 2) {
      isIn |= fromTo[i] <= second && second < fromTo[i + 1];
    }
    return isIn;
  }

  private static Summary constant(long count, double value) {
    return new Summary(count, value, 0, value, value, value, value, value, value, value, value);
  }

  private static Summary lag(double max) {
    return new Summary(100, 5, 0, 5, 5, 5, 5, 5, 5, 5, max);
  }

  private Optional<Stall> stall(ScopeSummary overall) {
    return Stall.of(run(overall));
  }

  private RunSummary run(ScopeSummary overall) {
    return new RunSummary(
        SECONDS,
        overall,
        requests,
        Map.of(),
        new TreeMap<>(),
        new TreeMap<>(),
        new ColdWarm(null, null, null, null),
        new TreeMap<>(),
        Outcomes.NONE,
        Outcomes.NONE,
        Map.of(),
        List.of(),
        ResponseSamples.NONE,
        0,
        false,
        new ClientHealth(lag(lagMillis), lag(6), null, null),
        new RunSummary.FirstTokens(120, 0, 0),
        server,
        null);
  }

  @Test
  void isATimeWithoutAnythingWhileRequestsAreInFlight() {
    assertThat(stall(silent(20, 30))).contains(new Stall("", 20, 10, 30, 20, 0));
    assertThat(stall(silent(20, 20))).isEmpty();

    inFlight = 1;
    assertThat(stall(silent(20, 30))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // a second at each end may have had a token
    "20, 21, false",
    "20, 22, true",
    // in the warm-up, and after the window
    "-4, 0, false",
    "-4, 2, true",
    "58, 62, true",
    "60, 64, false",
  })
  void isInTheWindow(int from, int to, boolean isStall) {
    assertThat(stall(silent(from, to)).isPresent()).isEqualTo(isStall);
  }

  @Test
  void countsTheOthers() {
    assertThat(stall(silent(10, 13, 20, 26, 40, 44))).contains(new Stall("", 20, 6, 26, 20, 2));
  }

  @ParameterizedTest
  @CsvSource({"6.6, true", "6.7, false"})
  void isNoneIfRequestsWaitTwoThirdsAsLongAtOtherTimes(double seconds, boolean isStall) {
    waits.put(5, seconds * 1_000);
    assertThat(stall(silent(20, 30)).isPresent()).isEqualTo(isStall);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 30, true",
    "1, 39, true",
    "1, 40, false",
    "4, 27, true",
    "4, 39, true",
    "4, 43, false"
  })
  void takesForUsualNoWaitThatItCaused(int stepSeconds, int second, boolean isStall) {
    this.stepSeconds = stepSeconds;
    waits.put(second, 9_000.0);
    assertThat(stall(silent(20, 30)).isPresent()).isEqualTo(isStall);
  }

  /** Users of an open load go on to arrive: 4 requests are in flight before, 30 at its end. */
  @ParameterizedTest
  @CsvSource({
    // becomes shorter by how many a second; until when it lasts
    "2, 35, 43, true",
    "2, 42, 43, true",
    "2, 43, 43, false",
    "0.8, 59, 60, true",
    // hardly: more users come than it can serve
    "0.25, 35, 27, false",
    "-1, 35, 27, false",
  })
  void takesForUsualNoWaitInItsQueue(double fall, int waitAt, double until, boolean isStall) {
    inFlight = 4;
    longGaps = 5;
    inQueue = second -> second < 27 ? 0 : Math.max(0, 33 - fall * (second - 27));
    waits.put(waitAt, 6_000.0);

    Optional<Stall> stall = stall(silent(20, 27));

    assertThat(stall.isPresent()).isEqualTo(isStall);
    stall.ifPresent(found -> assertThat(found.queuedUntil()).isEqualTo(until));
  }

  /** In what is left of a short window, nothing may wait but what it caused. */
  @ParameterizedTest
  @CsvSource({"4_600, true", "4_700, false"})
  void isUnlikeTheWaitsOfItsQueueIfThereAreFewOthers(double waitMillis, boolean isStall) {
    inFlight = 4;
    longGaps = 5;
    inQueue = second -> second < 13 ? 0 : Math.max(0, 33 - 0.6 * (second - 13));
    waits.put(50, waitMillis);
    assertThat(stall(silent(6, 13)).isPresent()).isEqualTo(isStall);
  }

  /** Users of an open load come faster and faster, until no more come in the end. */
  @Test
  void leavesNoQueueThatGrows() {
    inFlight = 4;
    longGaps = 5;
    inQueue = second -> second < 27 ? 0 : second < 50 ? 33 + second - 27 : 0;
    assertThat(stall(silent(20, 27)).orElseThrow().queuedUntil()).isEqualTo(27);
    waits.put(45, 6_000.0);
    assertThat(stall(silent(20, 27))).isEmpty();
  }

  @Test
  void leavesAQueueUntilThatGrowsAgain() {
    inFlight = 4;
    longGaps = 5;
    inQueue = second -> second < 27 ? 0 : 10 + Math.max(45 - second, (second - 45) / 2.0);
    assertThat(stall(silent(20, 27)).orElseThrow().queuedUntil()).isEqualTo(60);
    inQueue = second -> second < 27 ? 0 : 10 + Math.abs(45 - second);
    assertThat(stall(silent(20, 27)).orElseThrow().queuedUntil()).isEqualTo(46);
  }

  @ParameterizedTest
  @CsvSource({
    // no stall; one of the last third, or at its end; one whose queue reaches into it
    "20, 20, 0, 0.2, false",
    "45, 52, 0, 2, true",
    "52, 57, 0, -1, true",
    "30, 36, 0, 2, true",
    // a queue that was there before, or that goes on to grow
    "45, 52, 1, 2, false",
    "30, 36, 0, -1, false",
  })
  void leavesTheQueueThatTheServerTells(
      int from, int to, double growth, double fall, boolean isLeft) {
    inFlight = 4;
    longGaps = 5;
    inQueue = second -> second < to ? 0 : Math.max(0, 25 - 2 * (second - to));
    double[] waiting = new double[SECONDS];
    double[] seconds = new double[SECONDS];
    for (int i = 0; i < SECONDS; i++) {
      seconds[i] = i + 0.5;
      waiting[i] = i < from ? growth * i : Math.max(0, 30 - fall * (i - to));
    }
    server =
        new ServerMetrics(
            List.of(),
            0,
            SECONDS,
            Map.of(),
            new TreeMap<>(),
            new TreeMap<>(),
            seconds,
            Map.of(ServerSignal.WAITING, waiting),
            new TreeMap<>());

    assertThat(kinds(silent(from, to)).contains("server-queue-grew")).isNotEqualTo(isLeft);
  }

  @Test
  void isNoneIfNothingTellsWhatIsUsual() {
    assertThat(stall(silent(0, 50))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1999, true", "2000, false"})
  void isNoneIfFewRequestsMayWaitThatLongByChance(double meanMillis, boolean isStall) {
    this.meanMillis = meanMillis;
    inFlight = 2;
    longGaps = 2;
    assertThat(stall(silent(20, 30)).isPresent()).isEqualTo(isStall);
  }

  /** Each of the requests in flight has such a gap; of an agent, each response has. */
  @Test
  void isNoneIfMoreStreamsPauseAsLong() {
    inFlight = 30;
    longGaps = 30;
    assertThat(stall(silent(20, 30))).isPresent();
    longGaps = 31;
    assertThat(stall(silent(20, 30))).isEmpty();

    inFlight = 20;
    longGaps = 40;
    assertThat(stall(silent(20, 30, 45, 55))).isPresent();
    longGaps = 20;
    assertThat(stall(silent(20, 30))).as("a quarter of 80 responses").isPresent();
  }

  @ParameterizedTest
  @CsvSource({"timeout, 20", "stalled, 20", "http 503, 24"})
  void goesOnWhileTheClientGivesRequestsUp(String kind, double from) {
    failedAt = 23;
    failure = kind;

    assertThat(stall(silent(20, 30)).orElseThrow().from()).isEqualTo(from);
  }

  @Test
  void namesTheLoadGeneratorIfThatStoodStill() {
    lagMillis = 4_999;
    assertThat(text()).endsWith("Look for what stops the server, or what is in front of it.");
    assertThat(verdict()).contains("The load generator kept up");
    lagMillis = 5_000;
    assertThat(text())
        .endsWith(
            "of the load generator was up to 5,000 ms late in this run, too: see to that first.");
    assertThat(verdict())
        .contains(
            "an event loop was up to 5.0 s late in this run, in which nothing arrived for 10 s")
        .doesNotContain("The load generator kept up");
  }

  private String verdict() {
    return Verdict.of(new RunReport(SampleRun.INFO, run(silent(20, 30)))).reasons().stream()
        .map(Verdict.Reason::sentence)
        .collect(joining("\n"));
  }

  private String text() {
    return Findings.of(SampleRun.INFO, run(silent(20, 30))).stream()
        .filter(finding -> finding.kind().equals("stall"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  @Test
  void isOfOneRequestIfOthersGoOn() {
    requests.put("chat", silent());
    timed = Figure.E2E;
    requests.put("embed", silent(20, 30));
    assertThat(stall(silent())).contains(new Stall("embed", 20, 10, 30, 20, 0));
  }

  @Test
  void isNoneIfOneKindOfRequestsWaitsThatLong() {
    ScopeSummary all = silent(20, 30);
    inFlight = 1;
    requests.put("chat", silent(20, 30));
    inFlight = 19;
    usualMillis = 7_000;
    meanMillis = 7_000;
    requests.put("summary", silent(20, 30));
    assertThat(stall(all)).isEmpty();
  }

  @Test
  void isAFindingAndInTheVerdict() {
    RunSummary run = run(silent(10, 13, 20, 30));

    assertThat(Findings.of(SampleRun.INFO, run).get(0).text())
        .startsWith(
            "While 20 requests were in flight, nothing arrived for 10 s or more, from second 20 of"
                + " the window on; the same happened 1 more time. Of a closed load");
    assertThat(Verdict.of(new RunReport(SampleRun.INFO, run)).text())
        .isEqualTo(
            "It held but for a stall: all 120 responses succeeded, TTFT p95 was 400 ms, but nothing"
                + " arrived for 10 s or more, from second 20 of the window on; no objectives are"
                + " set, such as llm.goodput=ttft<500ms,tpot<50ms");
  }

  /** It does not notice that clients gave up, or it stopped, for other clients of it, too. */
  @ParameterizedTest
  @CsvSource({
    "1, 100, true",
    // in the time without anything, no reading but one
    "9, 100, false",
    "1, 40, false",
    "1, 0, false"
  })
  void seesAServerThatGoesOn(int every, double perSecondMeanwhile, boolean goesOn) {
    double[] seconds =
        IntStream.rangeClosed(0, SECONDS).filter(i -> i % every == 0).asDoubleStream().toArray();
    double[] generated =
        DoubleStream.of(seconds)
            .map(i -> 100 * i + (perSecondMeanwhile - 100) * Math.min(10, Math.max(0, i - 20)))
            .toArray();
    server =
        new ServerMetrics(
            List.of(),
            0,
            SECONDS,
            Map.of(ServerSignal.OUTPUT_TOKENS, ServerMetrics.Observed.counter(100.0 * SECONDS)),
            new TreeMap<>(),
            new TreeMap<>(),
            seconds,
            Map.of(ServerSignal.OUTPUT_TOKENS, generated),
            new TreeMap<>());

    String texts =
        Findings.of(SampleRun.INFO, run(silent(20, 30))).stream()
            .map(Finding::text)
            .toList()
            .toString();
    assertThat(texts)
        .contains(
            goesOn
                ? "server generated 6,000 tokens in the window, and 0 arrived here: it went on"
                : "Look for what stops the server");
    assertThat(texts.contains("it went on")).isEqualTo(goesOn);
  }

  @Test
  void namesTheRequest() {
    requests.put("embed", silent(20, 30));
    assertThat(Findings.of(SampleRun.INFO, run(silent())).get(0).text())
        .startsWith("While 20 requests were in flight, nothing of embed arrived for 10 s or more");
  }

  /** The load had run out, and had stalled for a moment before. */
  @Test
  void doesNotHideThatTheLoadHadRunOut() {
    assertThat(kinds(silent(8, 12))).contains("stall").doesNotContain("window-idle");

    idleFrom = 22;
    assertThat(kinds(silent(8, 12))).contains("stall", "window-idle");

    idleFrom = SECONDS + 5;
    assertThat(kinds(silent(8, 28))).contains("stall").doesNotContain("window-idle");
  }

  private List<String> kinds(ScopeSummary overall) {
    return Findings.of(SampleRun.INFO, run(overall)).stream().map(Finding::kind).toList();
  }
}
