package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TotalsTest {

  @Test
  void ratesAreOverTheWindow() {
    Totals totals =
        Runs.of(
                TestResponse.streamed(0, 500, 1000).input(100),
                TestResponse.streamed(1000, 1500, 2000).input(50).failed("truncated", null))
            .overall()
            .totals();

    assertThat(totals.requests()).isEqualTo(2);
    assertThat(totals.ok()).isEqualTo(1);
    assertThat(totals.ko()).isEqualTo(1);
    assertThat(totals.values().get(Figure.REQUESTS_PER_SECOND)).isEqualTo(1.0);
    assertThat(totals.count(Figure.TOTAL_INPUT_TOKENS))
        .as("of successful responses")
        .isEqualTo(100);
    assertThat(totals.values().get(Figure.INPUT_TOKENS_PER_SECOND)).isEqualTo(50.0);
    assertThat(totals.count(Figure.TOTAL_OUTPUT_TOKENS)).as("of failed responses too").isEqualTo(4);
    assertThat(totals.values().get(Figure.OUTPUT_TOKENS_PER_SECOND)).isEqualTo(2.0);
  }

  @Test
  void unreportedValuesAreMissing() {
    Totals totals = Runs.of(TestResponse.streamed(0, 10)).overall().totals();

    assertThat(totals.value(Figure.TOTAL_INPUT_TOKENS)).isEmpty();
    assertThat(totals.value(Figure.TOTAL_CACHED_TOKENS)).isEmpty();
    assertThat(totals.value(Figure.CACHE_HIT_PERCENT)).isEmpty();
    assertThat(totals.value(Figure.EXPECTED_REUSABLE_PERCENT)).isEmpty();
  }

  @Test
  void runWithoutResponsesIsAllZeros() {
    RunSummary nothing = Runs.of(Runs.seconds(1, 1));

    assertThat(nothing.durationSeconds()).isZero();
    assertThat(nothing.overall().totals())
        .returns(0L, Totals::requests)
        .returns(List.of(), Totals::objectives);
    assertThat(nothing.overall().totals().values().values()).containsOnly(0.0);
    assertThat(nothing.overall().totals().values())
        .containsKeys(
            Figure.CONVERSATIONS, Figure.OUTPUT_TOKENS_PER_SECOND, Figure.REQUESTS_PER_SECOND)
        .doesNotContainKeys(Figure.TOTAL_INPUT_TOKENS, Figure.FAILED_PERCENT);
    assertThat(nothing.overall().metrics()).isEmpty();
    assertThat(nothing.overall().timeline()).isEmpty();
  }

  @Test
  void countsRetriesDroppedTurnsAndBrokenConversations() {
    Totals totals =
        Runs.of(
                TestResponse.streamed(0, 1).failed("truncated", null),
                TestResponse.streamed(0, 1).attempt(2).dropped(40),
                TestResponse.streamed(0, 1).dropped(2),
                TestResponse.streamed(0, 1).attempt(3).failed("truncated", null).breaking())
            .overall()
            .totals();

    assertThat(totals.count(Figure.RETRIES)).isEqualTo(2);
    assertThat(totals.count(Figure.TURNS_CUT)).isEqualTo(2);
    assertThat(totals.count(Figure.DROPPED_TOKENS)).isEqualTo(42);
    assertThat(totals.count(Figure.BROKEN_CONVERSATIONS)).isEqualTo(1);
  }

  @Test
  void cacheHitRateIsBoundedIfOnlyHitsAreReported() {
    List<TestResponse> responses = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      TestResponse response = TestResponse.streamed(0, 1).input(1_000).expected(1_000, 950);
      responses.add(i % 10 == 0 ? response.turn(2).cached(896) : response.turn(1));
    }
    ScopeSummary overall = Runs.of(responses.toArray(TestResponse[]::new)).overall();

    assertThat(overall.totals().values())
        .containsEntry(Figure.CACHE_HIT_PERCENT, 8.96)
        .containsEntry(Figure.CACHE_HIT_PERCENT_UPPER, 89.6);
    assertThat(overall.byTurn().get(1).totals().values())
        .as("no response to turn 1 reports anything, but others do")
        .containsEntry(Figure.CACHE_HIT_PERCENT, 0.0)
        .doesNotContainKey(Figure.CACHE_HIT_PERCENT_UPPER);
    assertThat(overall.charts().steps().get(0))
        .returns(8.96, ScopeSummary.Step::cacheHitPercent)
        .returns(89.6, ScopeSummary.Step::cacheHitPercentUpper);
    assertThat(Condition.parse("cacheHit < 9 %").indicator().of(overall)).hasValue(8.96);
  }

  @Test
  void cacheHitRateIsExactIfEveryResponseReportsIt() {
    Totals totals =
        Runs.of(
                TestResponse.streamed(0, 1).input(100).cached(80).expected(100, 90),
                TestResponse.streamed(0, 1).input(300).cached(0).expected(300, 30),
                TestResponse.streamed(0, 1).cached(5))
            .overall()
            .totals();

    assertThat(totals.count(Figure.TOTAL_CACHED_TOKENS)).isEqualTo(80);
    assertThat(totals.values().get(Figure.CACHE_HIT_PERCENT)).isCloseTo(20, within(1e-9));
    assertThat(totals.values().get(Figure.CACHE_HIT_PERCENT_UPPER)).isCloseTo(20, within(1e-9));
    assertThat(totals.values().get(Figure.EXPECTED_REUSABLE_PERCENT)).isCloseTo(30, within(1e-9));
  }

  @Test
  void embeddingsHaveNeitherCacheNorOutput() {
    ResponseBuilder embeddings =
        ResponseBuilder.to("search", "embed", 1)
            .times(0, TestResponse.nanos(0), TestResponse.nanos(9))
            .promptTokens(300, -1)
            .output(0, OutputTokensSource.CHUNKS);
    ResponseBuilder answer =
        ResponseBuilder.to("search", "answer", 1)
            .times(0, TestResponse.nanos(0), TestResponse.nanos(9))
            .promptTokens(100, 80)
            .output(7, OutputTokensSource.USAGE);
    ScopeSummary overall =
        Runs.of(Runs.seconds(0, 1), List.of(embeddings.build(), answer.build())).overall();

    assertThat(overall.totals().count(Figure.TOTAL_INPUT_TOKENS)).isEqualTo(400);
    assertThat(overall.totals().values()).containsEntry(Figure.CACHE_HIT_PERCENT, 80.0);
    assertThat(overall.metrics().get(Figure.OUTPUT_TOKENS).mean()).isEqualTo(7);
    assertThat(overall.charts().steps().get(0).promptTokens()).isEqualTo(100);
  }

  @Test
  void sumsReasoningTokensOfSuccessfulResponses() {
    ResponseBuilder reasoned =
        ResponseBuilder.to("support", "answer", 1)
            .times(0, TestResponse.nanos(0), TestResponse.nanos(9))
            .reasoning(40, 0);

    assertThat(
            Runs.of(
                    Runs.seconds(0, 1),
                    List.of(
                        reasoned.build(),
                        TestResponse.streamed(0, 1).build(),
                        reasoned.failure("truncated", null).build()))
                .overall()
                .totals()
                .count(Figure.TOTAL_REASONING_TOKENS))
        .isEqualTo(40);
  }

  @Test
  void countsTokensWithoutAChunkAtTheEnd() {
    Totals totals = Runs.of(TestResponse.between(0, 10).output(3)).overall().totals();
    assertThat(totals.count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(3);
  }

  @Test
  void countsChunksIfNobodyCountedTokens() {
    Totals totals = Runs.of(TestResponse.between(0, 10).chunks(4, 5)).overall().totals();
    assertThat(totals.count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(2);
  }

  @Test
  void countsAConversationOnceInEachScope() {
    RunSummary run =
        Runs.of(
            TestResponse.streamed(0, 10).turn(1),
            TestResponse.streamed(10, 20).turn(2),
            TestResponse.streamed(20, 30).turn(2).request("again"),
            TestResponse.streamed(0, 10).turn(1).conversation(2, "c1").group(1),
            TestResponse.streamed(0, 10).turn(0).conversation(3, null));

    assertThat(run.overall().totals().count(Figure.CONVERSATIONS)).isEqualTo(2);
    assertThat(run.overall().byTurn().get(2).totals().count(Figure.CONVERSATIONS)).isEqualTo(1);
    assertThat(run.byRequest().get("again").totals().count(Figure.CONVERSATIONS)).isEqualTo(1);
    assertThat(run.byGroup().get(0).totals().count(Figure.CONVERSATIONS)).isEqualTo(1);
  }

  @Test
  void forgetsConversationsThatPausedLongest() {
    CountedConversations counted = new CountedConversations(2, left -> {});
    Response first = TestResponse.streamed(0, 1).conversation(1, "a").build();
    Response second = TestResponse.streamed(0, 1).conversation(2, "b").build();
    Response third = TestResponse.streamed(0, 1).conversation(3, "c").build();
    assertThat(counted.isNew(first, 0)).isTrue();
    assertThat(counted.isNew(second, 0)).isTrue();
    assertThat(counted.isNew(first, 1)).isTrue();

    assertThat(counted.isNew(third, 0)).isTrue();

    assertThat(counted.isNew(first, 0)).isFalse();
    assertThat(counted.isNew(first, 1)).isFalse();
    assertThat(counted.isNew(second, 0)).isTrue();
  }
}
