package dev.gatlingllm.report.assertion;

import static dev.gatlingllm.metrics.Response.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Comparison;
import dev.gatlingllm.metrics.Deployment;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.Response.Turn;
import dev.gatlingllm.metrics.ResponseBuilder;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Endpoint;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.metrics.TokenRecorder;
import dev.gatlingllm.metrics.Window;
import dev.gatlingllm.report.assertion.Asserted.Statistic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Assertions on the server's own metrics. */
class AssertedTest {

  private static final ServerMetrics SERVER =
      new ServerMetrics(
          List.of(new Endpoint("http://a/metrics", 10, 0, 0, false, null, null)),
          0,
          10,
          Map.of(
              ServerSignal.QUEUE_SECONDS, Observed.counter(2.5),
              ServerSignal.QUEUE_COUNT, Observed.counter(100)),
          new TreeMap<>(),
          new TreeMap<>(
              Map.of(
                  "vllm:num_preemptions_total",
                  Observed.counter(3),
                  "vllm:num_requests_waiting",
                  new Observed(null, 1.0, 4.5, 9.0, 2.0))),
          new double[0],
          Map.of(),
          new TreeMap<>());

  private static ResponseBuilder answer(int user, long endNanos) {
    return ResponseBuilder.to("chat", "answer", user).times(0, 0, endNanos);
  }

  private static RunSummary run(ServerMetrics server) {
    return run(server, Stream.of());
  }

  private static RunSummary run(Stream<Response> responses) {
    return run(ServerMetrics.NONE, responses);
  }

  private static RunSummary run(ServerMetrics server, Stream<Response> responses) {
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.openEnded(Duration.ZERO), Objectives.NONE, Deployment.UNKNOWN, List.of());
    recorder.begin(0, 0);
    responses.forEach(recorder::record);
    recorder.setServer(endNanos -> server);
    recorder.close();
    return recorder.summary();
  }

  private static TokenAssertion.Outcome judge(
      String name, Statistic statistic, Comparison comparison, double limit) {
    return new TokenAssertion(new Asserted.OfServer(name, statistic), comparison, limit, limit)
        .judge(run(SERVER));
  }

  @Test
  void judgesCountersByTheirIncreaseAndGaugesByTheirValues() {
    String counter = "vllm:num_preemptions_total";
    String gauge = "vllm:num_requests_waiting";

    assertThat(judge(counter, Statistic.DELTA, Comparison.EQUAL, 3).holds()).isTrue();
    assertThat(judge(counter, Statistic.DELTA, Comparison.EQUAL, 0).holds()).isFalse();
    assertThat(judge(gauge, Statistic.MAX, Comparison.LESS, 9).holds()).isFalse();
    assertThat(judge(gauge, Statistic.MAX, Comparison.LESS, 10).holds()).isTrue();
    assertThat(judge(gauge, Statistic.MIN, Comparison.EQUAL, 1).holds()).isTrue();
    assertThat(judge(gauge, Statistic.MEAN, Comparison.EQUAL, 4.5).holds()).isTrue();
    assertThat(judge(gauge, Statistic.LAST, Comparison.EQUAL, 2).holds()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "EQUAL, 0, 0.0004, false, it is 0.001",
    "LESS_OR_EQUAL, 0, 0.0004, false, it is 0.001",
    "GREATER_OR_EQUAL, 99.9, 99.8996, false, it is 99.899",
    "GREATER_OR_EQUAL, 100, 100, true, it is 100",
    "LESS, 800, 799.9999, true, it is 799.999",
    "LESS_OR_EQUAL, 41.1, 41.10000000000001, true, it is 41.1",
    "LESS, 2000000, 3000000, false, it is 3000000",
  })
  void roundsNoValueToItsLimit(
      Comparison comparison, double limit, double value, boolean holds, String found) {
    TokenAssertion assertion =
        new TokenAssertion(new Asserted.OfServer("a", Statistic.MAX), comparison, limit, limit);
    TokenAssertion.Outcome outcome =
        new TokenAssertion.Outcome(assertion, OptionalDouble.of(value), null);

    assertThat(outcome.holds()).isEqualTo(holds);
    assertThat(outcome.found()).isEqualTo(found);
  }

  @Test
  void saysWhatCanBeAssertedOfAMetric() {
    assertThat(judge("vllm:num_requests_waiting", Statistic.DELTA, Comparison.EQUAL, 0).found())
        .contains("it is a gauge; assert min(), mean(), max() or last()");
    assertThat(judge("vllm:num_preemptions_total", Statistic.MAX, Comparison.EQUAL, 0).found())
        .contains("it is a counter; assert delta()");
  }

  @Test
  void failsForAMetricThatTheServerDoesNotHave() {
    TokenAssertion.Outcome outcome =
        judge("vllm:num_preemption_total", Statistic.DELTA, Comparison.EQUAL, 0);

    assertThat(outcome.holds()).isFalse();
    assertThat(outcome.found()).contains("did you mean vllm:num_preemptions_total?");
  }

  @Test
  void failsWhereNoMetricsWereRead() {
    TokenAssertion assertion =
        new TokenAssertion(
            new Asserted.OfServer("x_total", Statistic.DELTA), Comparison.EQUAL, 0, 0);

    assertThat(assertion.judge(run(ServerMetrics.NONE)).found()).contains("llm.serverMetrics");
  }

  @ParameterizedTest
  @CsvSource({"vllm:num_preemptions_total, DELTA", "vllm:num_requests_waiting, MAX"})
  void failsForAMetricOfAPartOfTheWindow(String name, Statistic statistic) {
    TokenRecorder recorder =
        TokenRecorder.start(
            Window.of(Duration.ZERO, List.of(Duration.ofSeconds(20))),
            Objectives.NONE,
            Deployment.UNKNOWN,
            List.of());
    recorder.begin(System.nanoTime() - Duration.ofSeconds(30).toNanos(), 0);
    recorder.setServer(endNanos -> SERVER);
    recorder.close();
    Asserted metric = new Asserted.OfServer(name, statistic);
    TokenAssertion assertion = new TokenAssertion(metric, Comparison.LESS, 10, 10);

    assertThat(assertion.judge(recorder.summary()).found()).contains("in a part of the measured");
  }

  @Test
  void failsForAGaugeThatManyReadingsLack() {
    ServerMetrics overloaded = readAt(10, 2);
    Asserted gauge = new Asserted.OfServer("vllm:num_requests_waiting", Statistic.MAX);
    Asserted counter = new Asserted.OfServer("vllm:num_preemptions_total", Statistic.DELTA);

    assertThat(gauge.in(run(overloaded), true).value()).isEmpty();
    assertThat(counter.in(run(overloaded), true).value()).hasValue(3);
    assertThat(gauge.in(run(readAt(8, 1)), true).value()).isPresent();
    assertThat(gauge.in(run(readAt(0, 20)), true).value()).isEmpty();
    assertThat(counter.in(run(readAt(0, 20)), true).value()).isEmpty();
  }

  private static ServerMetrics readAt(int readings, int failures) {
    return new ServerMetrics(
        List.of(
            new Endpoint("http://a/metrics", 20, 0, 0, false, null, null),
            new Endpoint("http://b/metrics", readings, failures, 0, false, "timeout", null)),
        SERVER.fromSecond(),
        SERVER.toSecond(),
        SERVER.signals(),
        SERVER.byIteration(),
        SERVER.metrics(),
        SERVER.seconds(),
        SERVER.timeline(),
        SERVER.otherTimelines());
  }

  @Test
  void judgesTheMeanTimeInTheQueue() {
    Asserted queue =
        new Asserted.OfResponses(Indicator.of(Figure.SERVER_QUEUE), ResponseFilter.ALL);
    TokenAssertion assertion = new TokenAssertion(queue, Comparison.LESS, 100, 100);

    assertThat(assertion.judge(run(SERVER)).value()).hasValue(25);
    assertThat(assertion.words()).isEqualTo("server queue is less than 100 ms");
    assertThat(assertion.judge(run(ServerMetrics.NONE)).found()).contains("llm.serverMetrics");
  }

  @Test
  void judgesBothEndsOfTooFewSamples() {
    RunSummary run =
        run(
            IntStream.of(1, 60, 60)
                .mapToObj(
                    tokens ->
                        answer(1, 1_000_000).output(tokens, OutputTokensSource.USAGE).build()));
    Asserted median =
        new Asserted.OfResponses(
            new Indicator(Figure.OUTPUT_TOKENS, dev.gatlingllm.metrics.Statistic.percentile(50)),
            ResponseFilter.ALL);

    TokenAssertion between = new TokenAssertion(median, Comparison.BETWEEN, 50, 200);
    assertThat(between.judge(run).found())
        .isEqualTo(
            "it is 1 tokens (3 samples are too few for p50, which needs 10; the least is"
                + " judged)");
    assertThat(between.judge(run).holds()).isFalse();
    assertThat(new TokenAssertion(median, Comparison.BETWEEN, 1, 59).judge(run).holds()).isFalse();
    assertThat(new TokenAssertion(median, Comparison.BETWEEN, 1, 60).judge(run).holds()).isTrue();
  }

  @Test
  void saysWhichTurnsThereAreInsteadOfOneWithoutResponses() {
    RunSummary run =
        run(
            IntStream.of(1, 2, 4)
                .mapToObj(turn -> new Turn(turn, 1, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN))
                .map(turn -> answer(1, 1_000_000).turn(turn).build()));
    Asserted ofTurn =
        new Asserted.OfResponses(
            Indicator.of(Figure.OK), ResponseFilter.ALL.ofRequest("answer").ofTurn(3));

    assertThat(ofTurn.in(run, true).remark())
        .isEqualTo(
            "no response was measured of answer of turn 3; the turns of these responses are"
                + " [1, 2, 4]");
  }

  @Test
  void judgesTheResponsesOfOneFinishReason() {
    RunSummary run =
        run(
            IntStream.range(0, 4)
                .mapToObj(
                    i ->
                        answer(i, 1_000_000L * (1 + i))
                            .finishReason(i == 0 ? "length" : "stop")
                            .build()));
    Asserted ofStopped =
        new Asserted.OfResponses(
            new Indicator(Figure.E2E, dev.gatlingllm.metrics.Statistic.MEAN),
            ResponseFilter.ALL.of(Breakdown.FINISH_REASON, "stop"));
    Asserted ofFiltered =
        new Asserted.OfResponses(
            Indicator.of(Figure.OK),
            ResponseFilter.ALL.of(Breakdown.FINISH_REASON, "content_filter"));

    assertThat(ofStopped.in(run, true).value()).hasValue(3);
    assertThat(ofStopped.words()).isEqualTo("E2E mean of finish reason stop");
    assertThat(ofFiltered.in(run, true).remark())
        .isEqualTo(
            "no response was measured of finish reason content_filter; the finish reasons of this"
                + " run are [length, stop]");
    assertThat(Indicator.of(Figure.LENGTH_PERCENT).of(run.overall())).hasValue(25);
  }

  @Test
  void rejectsANameWithLabels() {
    assertThatThrownBy(() -> new Asserted.OfServer("x{a=\"b\"}", Statistic.MAX))
        .hasMessageContaining("without labels");
  }

  @ParameterizedTest
  @CsvSource({
    "CACHE_HIT_PERCENT, GREATER, 0.7, true",
    "CACHE_HIT_PERCENT, GREATER_OR_EQUAL, 1, true",
    "CACHE_HIT_PERCENT, GREATER, 70, false",
    "CACHE_HIT_PERCENT, GREATER, 0, false",
    "CACHE_HIT_PERCENT, LESS, 0.7, false",
    "REQUESTS_PER_SECOND, GREATER, 0.7, false"
  })
  void seesALimitThatIsNoPercentageButAFraction(
      Figure figure, Comparison comparison, double limit, boolean seen) {
    var asserted = new Asserted.OfResponses(Indicator.of(figure), ResponseFilter.ALL);

    assertThat(new TokenAssertion(asserted, comparison, limit, limit).looksLikeFraction())
        .isEqualTo(seen);
  }
}
