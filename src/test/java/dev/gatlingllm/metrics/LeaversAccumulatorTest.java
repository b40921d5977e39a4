package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ServerMetrics.Endpoint;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaversAccumulatorTest {

  /** Readings at the seconds 0 to 4 of a run without a warm-up. */
  private static ServerMetrics server(double[] tokens, double... running) {
    return server(
        Map.of(
            ServerSignal.OUTPUT_TOKENS,
            tokens,
            ServerSignal.RUNNING,
            running,
            ServerSignal.UNDER_WAY,
            new double[] {0, 2, 1, 0, 0}));
  }

  private static ServerMetrics server(Map<ServerSignal, double[]> timeline) {
    return new ServerMetrics(
        List.of(new Endpoint("a", 5, 0, 0, false, null, null)),
        0,
        4,
        Map.of(),
        ServerMetrics.NONE.byIteration(),
        ServerMetrics.NONE.metrics(),
        new double[] {0, 1, 2, 3, 4},
        timeline,
        ServerMetrics.NONE.otherTimelines());
  }

  private static Map<Figure, Double> figures(ServerMetrics server, TestResponse... responses) {
    LeaversAccumulator leavers = new LeaversAccumulator();
    for (TestResponse response : responses) {
      leavers.add(response.build());
    }
    return leavers.figures(server, 0, 3.5);
  }

  private static TestResponse whole() {
    return TestResponse.streamed(0, 500, 1000).maxTokens(2);
  }

  private static TestResponse left(int maxTokens) {
    return TestResponse.streamed(0, 500, 800, 1000).abandoned().maxTokens(maxTokens);
  }

  private static void assertTokens(Map<Figure, Double> figures, double least, double most) {
    assertThat(figures.get(Figure.SERVER_TOKENS_FOR_LEAVERS)).isEqualTo(most);
    assertThat(figures.get(Figure.SERVER_TOKENS_FOR_LEAVERS_LEAST)).isEqualTo(least);
  }

  private static ServerMetrics generated(double tokens) {
    return server(new double[] {0, 1, 2, 3, tokens}, 0, 2, 2, 1, 0);
  }

  @Test
  void takesChunksForAsManyTokensAsThoseOfGoodResponsesHave() {
    TestResponse good = TestResponse.streamed(0, 500, 1000).output(10);

    assertTokens(
        figures(generated(10 + 15), good, left(40).source(OutputTokensSource.CHUNKS)), 0, 0);
    assertTokens(
        figures(generated(10 + 15 + 20), good, left(40).source(OutputTokensSource.CHUNKS)), 8, 20);
  }

  @Test
  void countsWhatTheServerGeneratedAndNobodyReceived() {
    assertTokens(figures(generated(12), whole(), left(10)), 7, 7);
    assertTokens(figures(generated(5), whole(), left(10)), 0, 0);
    assertTokens(figures(generated(19), whole().output(16), left(10).output(4)), 0, 0);
  }

  @Test
  void tokensOfFailedAndCutResponsesWidenTheBounds() {
    TestResponse failed = TestResponse.streamed(0, 500).failed("stalled", "").maxTokens(4);
    TestResponse cut = TestResponse.streamed(0, 500).cut().maxTokens(2);

    assertTokens(figures(generated(12), left(10), failed, cut), 3, 7);
    assertTokens(figures(generated(12), left(10), TestResponse.streamed(0, 9).cut()), 0, 7);
  }

  /** What a server generated before its users left may never have been sent. */
  @Test
  void hiddenReasoningMayBeOfBeforeUsersLeft() {
    TestResponse hidden = whole().output(12).hidden(10);
    assertTokens(figures(generated(22), hidden, left(10)), 0, 7);

    LeaversAccumulator sum = new LeaversAccumulator();
    sum.add(left(10).build());
    LeaversAccumulator another = new LeaversAccumulator();
    another.add(hidden.build());
    sum.add(another);
    assertTokens(sum.figures(generated(22), 0, 3.5), 0, 7);
  }

  /** Of good responses without usage, nobody knows how many tokens a chunk has. */
  @Test
  void tokensOfResponsesWithoutUsageAreNotCertainlyThoseOfLeavers() {
    TestResponse own = whole().source(OutputTokensSource.CHUNKS);
    assertTokens(figures(generated(22), own, left(10).source(OutputTokensSource.CHUNKS)), 0, 7);
  }

  /** A server counts each choice as a request. */
  @Test
  void doesNotKnowTheTimeInTheServerOfSeveralChoices() {
    TestResponse two = TestResponse.streamed(0, 500, 501, 1000, 1001).choices(0, 1, 0, 1);
    assertThat(figures(generated(12), two, left(10)))
        .doesNotContainKey(Figure.SERVER_SLOT_AFTER_LEAVING)
        .containsKey(Figure.SERVER_TOKENS_FOR_LEAVERS);
  }

  @Test
  void tokensOfAnotherClientAreNotThoseOfLeavers() {
    assertTokens(figures(generated(100), whole(), left(10)), 0, 7);
    assertTokens(figures(generated(100), whole(), left(Response.UNKNOWN)), 95, 95);
  }

  private static void assertSlot(Map<Figure, Double> figures, double least, double most) {
    assertThat(figures.get(Figure.SERVER_SLOT_AFTER_LEAVING)).isCloseTo(most, within(1e-6));
    assertThat(figures.get(Figure.SERVER_SLOT_AFTER_LEAVING_LEAST)).isCloseTo(least, within(1e-6));
  }

  @Test
  void boundsHowLongRequestsStayedInTheServer() {
    // two readings, a second apart, see a request that is not under way here; each of the responses
    // may have been outside of the server until its first token
    double error = 2000 * Math.sqrt(0.25 * 0.25 * 2 + 0.25 * 3);
    assertSlot(figures(generated(12), whole(), left(10)), 2000 - error, 2000 + 2 * 500 + error);
    assertSlot(
        figures(generated(12), whole(), left(10), left(10)),
        1000 - error / 2,
        1000 + 3 * 500 / 2.0 + error / 2);
  }

  @Test
  void timeOfAResponseBeforeTheQueueAndAfterTheLastTokenIsNotInTheReadings() {
    Map<ServerSignal, double[]> timeline = new EnumMap<>(ServerSignal.class);
    timeline.putAll(generated(12).timeline());
    timeline.put(ServerSignal.QUEUE_SECONDS, new double[] {1, 1, 1, 1, 1.2});
    timeline.put(ServerSignal.QUEUE_COUNT, new double[] {5, 5, 5, 5, 7});
    timeline.put(ServerSignal.PREFILL_SECONDS, new double[] {1, 1, 1, 1, 1.6});
    timeline.put(ServerSignal.PREFILL_COUNT, new double[] {5, 5, 5, 5, 7});
    timeline.put(ServerSignal.TTFT_SECONDS, new double[] {1, 1, 1, 1, 1.9});
    timeline.put(ServerSignal.TTFT_COUNT, new double[] {5, 5, 5, 5, 7});
    double error = 2000 * Math.sqrt(0.25 * 0.25 * 2 + 0.25 * 3);

    // 500 ms to the first token, 100 of them in the queue and 300 in prefill
    assertSlot(figures(server(timeline), whole(), left(10)), 2000 - error, 2000 + 2 * 100 + error);
    assertSlot(
        figures(
            server(timeline),
            TestResponse.between(0, 1300).chunks(500, 1000).maxTokens(2),
            left(10),
            TestResponse.between(0, 800).failed("http 503", "").maxTokens(2)),
        2000 - error,
        2000 + 3 * 100 + 300 + 800 + error);
  }

  @Test
  void boundsTheTimeInTheServerByTheErrorWhereReadingsSeeNone() {
    double[] running = {0, 2, 1, 0, 0};
    Map<Figure, Double> figures =
        figures(server(new double[] {0, 1, 2, 3, 5}, running), whole(), left(10));

    assertSlot(figures, 0, 2 * 500 + 1000);
  }

  @Test
  void doesNotKnowTheTimeInTheServerOfSeveralLoadGenerators() {
    LeaversAccumulator sum = new LeaversAccumulator();
    for (int generator = 0; generator < 2; generator++) {
      LeaversAccumulator leavers = new LeaversAccumulator();
      leavers.add(left(10).build());
      sum.add(leavers);
    }

    Map<Figure, Double> figures = sum.figures(generated(12), 0, 3.5);
    assertThat(figures).doesNotContainKey(Figure.SERVER_SLOT_AFTER_LEAVING);
    assertTokens(figures, 6, 6);
  }

  /**
   * One of two load generators reads until second 4, and the other one's last response is later.
   */
  @ParameterizedTest
  @CsvSource({"3_500, true", "5_000, false"})
  void knowsNothingOfAMergedRunWhoseReadingsEndBeforeItsLastResponse(double end, boolean isKnown) {
    RunAccumulator reads = run(whole(), left(10));
    reads.setServer(generated(12));

    assertThat(
            Runs.merged(List.of(reads, run(TestResponse.streamed(3_000, 3_100, end))))
                .summary()
                .overall()
                .totals()
                .value(Figure.SERVER_TOKENS_FOR_LEAVERS)
                .isPresent())
        .isEqualTo(isKnown);
  }

  private static RunAccumulator run(TestResponse... responses) {
    return Runs.accumulator(
        Runs.seconds(0, 4),
        Objectives.NONE,
        Stream.of(responses).map(TestResponse::build).toList());
  }

  @Test
  void saysNothingIfFewerTokensWereCountedThanArrived() {
    TestResponse ofAnyReplica = whole().output(20);

    assertThat(figures(generated(12), ofAnyReplica, left(10))).isEmpty();
    assertThat(figures(generated(22), ofAnyReplica, left(10))).isNotEmpty();
    // as many tokens as one of two replicas generated
    assertThat(figures(generated(20), ofAnyReplica, left(40).output(20))).isEmpty();
    // a server that does not count the tokens of users who leave
    assertThat(figures(generated(96), whole().output(96), left(40).output(4))).isEmpty();
    TestResponse failed = TestResponse.streamed(0, 9).output(4).failed("check", "").maxTokens(4);
    assertThat(figures(generated(100), whole().output(96), left(40).output(4), failed)).isEmpty();
    TestResponse ofUnknownLength = whole().source(OutputTokensSource.CHUNKS);
    assertThat(figures(generated(2), ofUnknownLength, left(10))).isEmpty();
  }

  @Test
  void saysNothingIfNobodyLeftOrReadingsDoNotCoverTheRun() {
    assertThat(figures(generated(12), whole())).isEmpty();
    LeaversAccumulator leavers = new LeaversAccumulator();
    leavers.add(left(10).build());
    assertThat(leavers.figures(generated(12), -0.1, 3.5)).isEmpty();
    assertThat(leavers.figures(generated(12), 0, 4.1)).isEmpty();
    assertThat(leavers.figures(ServerMetrics.NONE, 0, 1)).isEmpty();
    double[] lost = DoubleStream.of(Double.NaN, 1, 2, 3, 4).toArray();
    assertThat(leavers.figures(server(lost, 0, 0, 0, 0, 0), 0, 1))
        .doesNotContainKey(Figure.SERVER_TOKENS_FOR_LEAVERS);
  }
}
