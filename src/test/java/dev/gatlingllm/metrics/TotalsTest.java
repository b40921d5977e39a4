package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    assertThat(totals.requestsPerSecond()).isEqualTo(1);
    assertThat(totals.inputTokens()).as("of successful responses").isEqualTo(100);
    assertThat(totals.inputTokensPerSecond()).isEqualTo(50);
    assertThat(totals.outputTokens()).as("of failed responses too").isEqualTo(4);
    assertThat(totals.outputTokensPerSecond()).isEqualTo(2);
  }

  @Test
  void unreportedValuesAreNull() {
    Totals totals = Runs.of(TestResponse.streamed(0, 10)).overall().totals();

    assertThat(totals.inputTokens()).isNull();
    assertThat(totals.cachedTokens()).isNull();
    assertThat(totals.cacheHitPercent()).isNull();
    assertThat(totals.expectedReusablePercent()).isNull();
  }

  @Test
  void runWithoutResponsesIsAllZeros() {
    RunSummary nothing = Runs.of(Runs.seconds(1, 1));

    assertThat(nothing.durationSeconds()).isZero();
    assertThat(nothing.overall().totals())
        .isEqualTo(
            new Totals(0, 0, 0, 0, null, null, null, 0, 0, 0, RetryCounts.NONE, null, null, null));
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

    assertThat(totals.retryCounts()).isEqualTo(new RetryCounts(2, 2, 42, 1));
  }

  @Test
  void weightsCacheHitsByTokensOfResponsesThatReportThem() {
    Totals totals =
        Runs.of(
                TestResponse.streamed(0, 1).input(100).cached(80).expected(100, 90),
                TestResponse.streamed(0, 1).input(300).cached(0).expected(300, 30),
                TestResponse.streamed(0, 1).input(1000))
            .overall()
            .totals();

    assertThat(totals.cachedTokens()).isEqualTo(80);
    assertThat(totals.cacheHitPercent()).isCloseTo(20, within(1e-9));
    assertThat(totals.expectedReusablePercent()).isCloseTo(30, within(1e-9));
  }

  @Test
  void countsTokensWithoutAChunkAtTheEnd() {
    Totals totals = Runs.of(TestResponse.between(0, 10).output(3)).overall().totals();
    assertThat(totals.outputTokens()).isEqualTo(3);
  }

  @Test
  void countsChunksIfNobodyCountedTokens() {
    Totals totals = Runs.of(TestResponse.between(0, 10).chunks(4, 5)).overall().totals();
    assertThat(totals.outputTokens()).isEqualTo(2);
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

    assertThat(run.overall().totals().conversations()).isEqualTo(2);
    assertThat(run.overall().byTurn().get(2).totals().conversations()).isEqualTo(1);
    assertThat(run.byRequest().get("again").totals().conversations()).isEqualTo(1);
    assertThat(run.byGroup().get(0).totals().conversations()).isEqualTo(1);
  }

  @Test
  void forgetsConversationsThatPausedLongest() {
    CountedConversations counted = new CountedConversations(2);
    Response first = TestResponse.streamed(0, 1).conversation(1, "a").build();
    Response second = TestResponse.streamed(0, 1).conversation(2, "b").build();
    Response third = TestResponse.streamed(0, 1).conversation(3, "c").build();
    counted.scopesOf(first).set(0);
    counted.scopesOf(second).set(0);
    counted.scopesOf(first).set(1);

    counted.scopesOf(third);

    assertThat(counted.scopesOf(first).cardinality()).isEqualTo(2);
    assertThat(counted.scopesOf(second).isEmpty()).isTrue();
  }
}
