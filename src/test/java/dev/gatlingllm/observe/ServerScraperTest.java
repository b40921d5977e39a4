package dev.gatlingllm.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.RunClock;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.observe.ServerReading.Metric;
import dev.gatlingllm.text.Redactor;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerScraperTest {

  private static final long START = -5_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private static final ServerMetrics.Endpoint ENDPOINT =
      new ServerMetrics.Endpoint("http://a/metrics", 3, 0, 0, false, null, null);

  private final List<TokenRecorder> recorders = new ArrayList<>();

  private RunClock clock(Window window, long startNanos) {
    TokenRecorder recorder =
        TokenRecorder.start(window, Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorders.add(recorder);
    recorder.begin(startNanos, 1_700_000_000_000L);
    return recorder.clock();
  }

  @AfterEach
  void closeRecorders() {
    recorders.forEach(TokenRecorder::close);
  }

  private static ServerReading reading(double second, double tokens, double running) {
    return reading(second, tokens, running, "vllm:generation_tokens_total");
  }

  private static ServerReading reading(
      double second, double tokens, double running, String counter) {
    return new ServerReading(
        START + (long) (second * SECOND),
        Map.of(ServerSignal.OUTPUT_TOKENS, tokens, ServerSignal.RUNNING, running),
        Map.of(counter, new Metric(tokens, true), "own:gauge", new Metric(running, false)));
  }

  private static ServerMetrics recorded(RunClock clock, ServerReading... readings) {
    return recorded(ENDPOINT, clock, readings);
  }

  private static ServerMetrics recorded(
      ServerMetrics.Endpoint endpoint, RunClock clock, ServerReading... readings) {
    return recordedUpTo(readings[readings.length - 1].atNanos(), endpoint, clock, readings);
  }

  private static ServerMetrics recordedUpTo(
      long endNanos, ServerMetrics.Endpoint endpoint, RunClock clock, ServerReading... readings) {
    ServerRecording recording = new ServerRecording(1);
    for (ServerReading reading : readings) {
      recording.add(
          reading,
          new double[] {reading.signals().getOrDefault(ServerSignal.OUTPUT_TOKENS, Double.NaN)},
          reading.metrics().isEmpty() ? 0 : 1);
    }
    return recording.summary(clock, endNanos, List.of(endpoint));
  }

  @Test
  void aCounterGrowsEvenlyBetweenReadings() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));

    ServerMetrics server =
        recorded(
            clock(window, START), reading(0.5, 0, 1), reading(1.5, 100, 5), reading(3.5, 300, 3));

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(200, within(1e-6));
    assertThat(server.metrics().get("vllm:generation_tokens_total").delta())
        .isCloseTo(200, within(1e-6));
    assertThat(server.endpoints().get(0).outputTokens()).isCloseTo(200, within(1e-6));
  }

  private static ServerReading silence(double second) {
    return new ServerReading(START + (long) (second * SECOND), Map.of(), Map.of());
  }

  @Test
  void aCounterGrowsEvenlyOverReadingsThatFailed() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));

    ServerMetrics server =
        recorded(
            clock(window, START),
            reading(0, 0, 1),
            silence(1),
            reading(2, 200, 1),
            silence(3),
            reading(4, 400, 1));

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(200, within(1e-6));
  }

  @Test
  void aCounterThatIsNoLongerToldDoesNotSeemToStandStill() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));

    ServerMetrics server =
        recorded(
            clock(window, START),
            reading(0.5, 0, 1),
            reading(1.5, 0, 1),
            silence(2.5),
            silence(3.5));

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isNull();
    assertThat(server.metrics()).doesNotContainKey("vllm:generation_tokens_total");
  }

  /** Returns what an engine tells from the beginning and an exporter from a second on. */
  private ServerMetrics withLateExporter(Duration window, int from) {
    ServerMetrics.Endpoint engine =
        new ServerMetrics.Endpoint("http://a/metrics", 6, 0, 0, false, null, null);
    ServerMetrics.Endpoint gpu =
        new ServerMetrics.Endpoint("http://b/metrics", 3, 3, 0, false, null, null);
    ServerRecording recording = new ServerRecording(2);
    for (int second = 0; second <= 5; second++) {
      Map<ServerSignal, Double> signals =
          second < from
              ? Map.of(ServerSignal.OUTPUT_TOKENS, 100.0 * second)
              : Map.of(
                  ServerSignal.OUTPUT_TOKENS,
                  100.0 * second,
                  ServerSignal.ENERGY,
                  50.0 * (second - from),
                  ServerSignal.PREEMPTIONS,
                  (double) second - from);
      recording.add(
          new ServerReading(
              START + second * SECOND,
              signals,
              Map.of("vllm:generation_tokens_total", new Metric(100.0 * second, true))),
          new double[] {100.0 * second, Double.NaN},
          second < from ? 1 : 2);
    }
    return recording.summary(
        clock(Window.of(Duration.ofSeconds(1), List.of(window)), START),
        START + 5 * SECOND,
        List.of(engine, gpu));
  }

  @Test
  void anEndpointThatFirstAnswersAfterTheWindowHidesNothing() {
    ServerMetrics server = withLateExporter(Duration.ofSeconds(2), 4);

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(200, within(1e-6));
    assertThat(server.signals()).containsOnlyKeys(ServerSignal.OUTPUT_TOKENS);
    assertThat(server.fromSecond()).isZero();
  }

  @Test
  void readingsThatFailedCoverNothing() {
    ServerMetrics server =
        recorded(
            clock(Window.of(Duration.ZERO, List.of(Duration.ofSeconds(20))), START),
            reading(0, 0, 1),
            reading(18.5, 1_850, 1),
            silence(19.5),
            silence(20.5));

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(1_850, within(1e-6));
    assertThat(server.toSecond()).isEqualTo(18.5);
    assertThat(server.uncovered(20)).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void countersTellNothingBeforeAllEndpointsHaveAnswered() {
    ServerMetrics server = withLateExporter(Duration.ofSeconds(4), 3);

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(200, within(1e-6));
    assertThat(server.delta(ServerSignal.ENERGY)).isCloseTo(100, within(1e-6));
    assertThat(server.delta(ServerSignal.PREEMPTIONS)).isCloseTo(2, within(1e-6));
    assertThat(server.metrics().get("vllm:generation_tokens_total").delta())
        .isCloseTo(200, within(1e-6));
    assertThat(server.fromSecond()).isEqualTo(2);
    assertThat(server.timeline().get(ServerSignal.OUTPUT_TOKENS)[2]).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"2, 12, true", "30, 45, false", "30, 240, true"})
  void energyThatIsRenewedRarelyIsKnownOfALongWindowAlone(int every, int seconds, boolean isKnown) {
    Window window = Window.of(Duration.ofSeconds(10), List.of(Duration.ofSeconds(seconds)));
    List<ServerReading> readings = new ArrayList<>();
    for (int second = 0; second <= 11 + seconds; second++) {
      double joules = 50 * every * ((second + 13) / every - 13 / every);
      readings.add(
          new ServerReading(
              START + second * SECOND,
              Map.of(ServerSignal.ENERGY, joules),
              Map.of("joules_total", new Metric(joules, true))));
    }

    ServerMetrics server = recorded(clock(window, START), readings.toArray(ServerReading[]::new));

    if (isKnown) {
      // the first value is old: never less
      assertThat(server.delta(ServerSignal.ENERGY)).isBetween(50.0 * seconds, 51.5 * seconds);
    } else {
      assertThat(server.delta(ServerSignal.ENERGY)).isNull();
    }
  }

  @Test
  void countersOfServersThatAnswerInTurnAreNotDrawn() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));

    ServerMetrics server =
        recorded(
            new ServerMetrics.Endpoint("http://a/metrics", 3, 0, 9, true, null, null),
            clock(window, START),
            reading(1, 0, 1, "own:counter_total"),
            reading(2, 100, 2, "own:counter_total"),
            reading(3, 300, 3, "own:counter_total"));

    assertThat(server.timeline()).containsOnlyKeys(ServerSignal.RUNNING);
    assertThat(server.otherTimelines()).containsOnlyKeys("own:gauge");
  }

  @Test
  void aCounterThatIsFirstToldAfterTheWindowIsUnknownInIt() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));

    ServerMetrics server =
        recorded(clock(window, START), silence(0.5), silence(2), reading(3.5, 0, 1));

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isNull();
  }

  @Test
  void replicasTellNothingWhileOneOfThemIsSilent() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    String answer = "vllm:generation_tokens_total 100\nvllm:num_requests_running 3";
    Map<String, Answers> answers =
        Map.of(
            "http://one/metrics",
            new Answers(answer),
            "http://two/metrics",
            new Answers(answer, ""));
    List<ServerReading> seen = new ArrayList<>();

    readTwice(answers, clock, seen::add);

    assertThat(seen.get(0).signals()).containsKey(ServerSignal.OUTPUT_TOKENS);
    assertThat(seen.get(1).signals()).isEmpty();
    assertThat(seen.get(1).metrics()).isEmpty();
  }

  @Test
  void aGaugeHasTheValuesInTheWindowAlone() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));

    ServerMetrics server =
        recorded(
            clock(window, START),
            reading(0.5, 0, 90),
            reading(1.5, 0, 5),
            reading(2.5, 0, 7),
            reading(3.5, 0, 80));

    assertThat(server.signals().get(ServerSignal.RUNNING))
        .isEqualTo(new Observed(null, 5.0, 6.0, 7.0, 7.0));
    assertThat(server.seconds()).containsExactly(-0.5, 0.5, 1.5, 2.5);
    assertThat(server.otherTimelines()).containsOnlyKeys("own:gauge");
  }

  @Test
  void aMetricThatIsNamedAsASecretIsLeftOut() {
    Redactor.ofProcess().addSecret("Zq7nameOfAMetric9");
    Window window = Window.openEnded(Duration.ZERO);

    ServerMetrics server =
        recorded(
            clock(window, START),
            reading(0, 0, 1, "seen_Zq7nameOfAMetric9_total"),
            reading(1, 5, 1, "seen_Zq7nameOfAMetric9_total"));

    assertThat(server.metrics()).containsOnlyKeys("own:gauge");
    assertThat(server.otherTimelines()).isEmpty();
  }

  /** Returns the metrics of a load that ended 1.5 s after its window of 30 s had opened. */
  private ServerMetrics recordedUpToAnEarlyEnd(ServerReading... after) {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(30)));
    return recordedUpTo(
        START + 5 * SECOND / 2,
        ENDPOINT,
        clock(window, START),
        Stream.concat(Stream.of(reading(1, 0, 5), reading(2, 100, 7)), Stream.of(after))
            .toArray(ServerReading[]::new));
  }

  /** The server works on for another client. */
  @Test
  void theWindowEndsWithTheLoad() {
    ServerMetrics server = recordedUpToAnEarlyEnd(reading(3, 200, 1), reading(4, 220, 1));

    assertThat(server.fromSecond()).isZero();
    assertThat(server.toSecond()).isEqualTo(1.5);
    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(150, within(1e-6));
    assertThat(server.endpoints().get(0).outputTokens()).isCloseTo(150, within(1e-6));
    assertThat(server.signals().get(ServerSignal.RUNNING))
        .isEqualTo(new Observed(null, 5.0, 6.0, 7.0, 7.0));
    assertThat(server.metrics().get("own:gauge").last()).isEqualTo(7);
    assertThat(server.seconds()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void anIdleServerHasDoneAllItsWorkBeforeTheEndOfTheLoad() {
    ServerMetrics server =
        recordedUpToAnEarlyEnd(silence(2.6), reading(3, 200, 0), reading(4, 220, 0));

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(200, within(1e-6));
    assertThat(server.endpoints().get(0).outputTokens()).isCloseTo(200, within(1e-6));
  }

  /** What the server does after its end is drain, although it is idle at the next reading. */
  @Test
  void anIdleServerMayHaveWorkedAfterAWindowThatTheLoadOutlasted() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));

    ServerMetrics server =
        recorded(clock(window, START), reading(2, 100, 7), reading(4, 200, 0), reading(5, 200, 0));

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isCloseTo(50, within(1e-6));
  }

  @Test
  void iterationsHaveFiguresOfTheirOwn() {
    Window window =
        Window.ofIterations(List.of(), List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)));

    ServerMetrics server =
        recorded(clock(window, START), reading(0, 0, 1), reading(1, 10, 1), reading(2, 40, 1));

    assertThat(server.byIteration().get(1).get(ServerSignal.OUTPUT_TOKENS).delta()).isEqualTo(10);
    assertThat(server.byIteration().get(2).get(ServerSignal.OUTPUT_TOKENS).delta()).isEqualTo(30);
  }

  @Test
  void readsBeforeTheRunAndAtItsEnd() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    List<ServerReading> seen = new ArrayList<>();
    ServerScraper scraper =
        ServerScraper.of(
            List.of("http://a/metrics"),
            new Answers("vllm:generation_tokens_total 100", "vllm:generation_tokens_total 140"),
            clock,
            seen::add);

    ServerMetrics server = finished(scraper);

    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isEqualTo(40);
    assertThat(seen).hasSizeGreaterThanOrEqualTo(2);
  }

  private static ServerMetrics finished(ServerScraper scraper) {
    scraper.finish();
    return scraper.metricsUpTo(System.nanoTime());
  }

  /** Reads endpoints, in the order of their URLs, at the start and at the end. */
  private static ServerMetrics readTwice(
      Map<String, Answers> answers, RunClock clock, Consumer<ServerReading> seen) {
    return finished(
        ServerScraper.of(
            List.copyOf(new TreeMap<>(answers).keySet()),
            url -> answers.get(url).get(url),
            clock,
            seen));
  }

  @Test
  void addsUpReplicasAndLeavesOutTheGatewayBeforeThem() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    Map<String, Answers> answers =
        Map.of(
            "http://one/metrics",
            new Answers("vllm:num_requests_running 3\nvllm:kv_cache_usage_perc 0.5"),
            "http://two/metrics",
            new Answers("vllm:num_requests_running 4\nvllm:kv_cache_usage_perc 0.25"),
            "http://gateway/metrics",
            new Answers("inference_objective_running_requests 8"));
    List<ServerReading> seen = new ArrayList<>();

    readTwice(answers, clock, seen::add);

    assertThat(seen.get(0).signals())
        .containsEntry(ServerSignal.RUNNING, 7.0)
        .containsEntry(ServerSignal.KV_CACHE, 0.5);
    assertThat(seen.get(0).metrics())
        .containsEntry("inference_objective_running_requests", new Metric(8, false));
  }

  @Test
  void aGatewayBeforeReplicasHasNoTokensOfItsOwn() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    Map<String, Answers> answers =
        Map.of(
            "http://gateway/metrics",
            new Answers(
                "dynamo_frontend_output_tokens_total 200",
                "dynamo_frontend_output_tokens_total 240"),
            "http://one/metrics",
            new Answers("vllm:generation_tokens_total 100", "vllm:generation_tokens_total 120"),
            "http://two/metrics",
            new Answers("vllm:generation_tokens_total 100", "vllm:generation_tokens_total 120"));

    ServerMetrics server = readTwice(answers, clock, ignored -> {});

    assertThat(server.endpoints())
        .extracting(ServerMetrics.Endpoint::outputTokens)
        .containsExactly(null, 20.0, 20.0);
    assertThat(server.delta(ServerSignal.OUTPUT_TOKENS)).isEqualTo(40);
  }

  @Test
  void addsNoTotalOfASeriesToItsParts() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    String text =
        """
        # TYPE sglang:cached_tokens_total counter
        sglang:cached_tokens_total{cache_source="device"} %1$d
        sglang:cached_tokens_total{cache_source="total"} %1$d
        """;

    ServerMetrics server =
        finished(
            ServerScraper.of(
                List.of("http://a/metrics"),
                new Answers(text.formatted(100), text.formatted(140)),
                clock,
                seen -> {}));

    assertThat(server.metrics().get("sglang:cached_tokens_total").delta()).isEqualTo(40);
  }

  @Test
  void keepsKnownMetricsAmongAnyNumberOfOthers() {
    Window window = Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2)));
    Map<String, Metric> many = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      many.put("own:gauge" + i, new Metric(i, false));
    }
    ServerReading full = new ServerReading(START + 2 * SECOND, Map.of(), many);

    ServerMetrics server = recorded(clock(window, START), full, reading(2.5, 0, 1));

    assertThat(server.metrics()).hasSize(501).containsKey("vllm:generation_tokens_total");
  }

  @Test
  void looksAtTheUsualPlaces() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    Map<String, Answers> answers =
        Map.of(
            "http://a/metrics",
            new Answers("[]").ofType("application/json"),
            "http://a/prometheus/metrics",
            new Answers("trtllm_kv_cache_utilization 0.5"));

    ServerMetrics server =
        finished(
            ServerScraper.lookingAt(
                "http://a", url -> answers.get(url).get(url), clock, seen -> {}));

    assertThat(server.endpoints())
        .extracting(ServerMetrics.Endpoint::url)
        .containsExactly("http://a/prometheus/metrics");
  }

  @Test
  void keepsWhatItReadWhenTheLastReadingHangs() throws InterruptedException {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    Answers answers = new Answers("vllm:num_requests_running 3");
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    List<ServerReading> seen = new CopyOnWriteArrayList<>();
    ServerScraper scraper =
        ServerScraper.of(
            List.of("http://a/metrics"),
            url -> {
              if (!seen.isEmpty()) {
                hangs.countDown();
                await(end);
              }
              return answers.get(url);
            },
            clock,
            seen::add);
    hangs.await();

    scraper.finish(Duration.ofMillis(1));
    ServerMetrics server = scraper.metricsUpTo(System.nanoTime());
    end.countDown();

    assertThat(server.signals().get(ServerSignal.RUNNING).max()).isEqualTo(3);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void knowsNothingOfAServerWithoutMetrics() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());

    ServerMetrics server =
        finished(
            ServerScraper.lookingAt(
                "http://a", new Answers("not found").withStatus(404), clock, seen -> {}));

    assertThat(server).isEqualTo(ServerMetrics.NONE);
  }

  @Test
  void asksAgainWhereNobodyAnsweredYet() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());
    Answers answers = new Answers("vllm:num_requests_running 3");
    AtomicInteger asked = new AtomicInteger();

    ServerScraper scraper =
        ServerScraper.lookingAt(
            "http://a",
            url -> {
              if (asked.incrementAndGet() <= 2) {
                throw new ConnectException("Connection refused");
              }
              return answers.get(url);
            },
            clock,
            seen -> {});

    assertThat(finished(scraper).hasReadings()).isTrue();
  }

  @Test
  void tellsOfAnEndpointThatNeverAnswers() {
    RunClock clock = clock(Window.openEnded(Duration.ZERO), System.nanoTime());

    ServerMetrics server =
        finished(
            ServerScraper.of(
                List.of("http://a/metrics"), new Answers("").withStatus(503), clock, seen -> {}));

    assertThat(server.hasReadings()).isFalse();
    assertThat(server.endpoints().get(0).problem()).isEqualTo("it answers with HTTP status 503");
  }
}
