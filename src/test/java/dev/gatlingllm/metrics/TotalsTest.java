package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TotalsTest {

  @Test
  void ratesAreOverTheWindow() {
    Totals totals =
        Runs.of(
                Reply.streamed(0, 500, 1000).input(100),
                Reply.streamed(1000, 1500, 2000).input(50).failed("truncated", null))
            .overall()
            .totals();

    assertThat(totals.requests()).isEqualTo(2);
    assertThat(totals.ok()).isEqualTo(1);
    assertThat(totals.ko()).isEqualTo(1);
    assertThat(totals.requestsPerSecond()).isEqualTo(1);
    assertThat(totals.inputTokens()).as("of good replies").isEqualTo(100);
    assertThat(totals.inputTokensPerSecond()).isEqualTo(50);
    assertThat(totals.outputTokens()).as("of failed replies too").isEqualTo(4);
    assertThat(totals.outputTokensPerSecond()).isEqualTo(2);
  }

  @Test
  void whatNoReplyReportsIsNull() {
    Totals totals = Runs.of(Reply.streamed(0, 10)).overall().totals();

    assertThat(totals.inputTokens()).isNull();
    assertThat(totals.cachedTokens()).isNull();
    assertThat(totals.cacheHitPercent()).isNull();
    assertThat(totals.expectedReusablePercent()).isNull();
  }

  @Test
  void aRunWithoutRepliesIsAllZeros() {
    RunSummary nothing = Runs.of(Runs.seconds(1, 1));

    assertThat(nothing.durationSeconds()).isZero();
    assertThat(nothing.overall().totals())
        .isEqualTo(
            new Totals(0, 0, 0, 0, null, null, null, 0, 0, 0, RetryCounts.NONE, null, null, null));
    assertThat(nothing.overall().metrics()).isEmpty();
    assertThat(nothing.overall().timeline()).isEmpty();
  }

  @Test
  void retriesDroppedTurnsAndBrokenConversationsAreCounted() {
    Totals totals =
        Runs.of(
                Reply.streamed(0, 1).failed("truncated", null),
                Reply.streamed(0, 1).attempt(2).dropped(40),
                Reply.streamed(0, 1).dropped(2),
                Reply.streamed(0, 1).attempt(3).failed("truncated", null).breaking())
            .overall()
            .totals();

    assertThat(totals.retryCounts()).isEqualTo(new RetryCounts(2, 2, 42, 1));
  }

  @Test
  void cacheHitsAreWeightedByTokensAndOnlyOverRepliesThatReportThem() {
    Totals totals =
        Runs.of(
                Reply.streamed(0, 1).input(100).cached(80).expected(100, 90),
                Reply.streamed(0, 1).input(300).cached(0).expected(300, 30),
                Reply.streamed(0, 1).input(1000))
            .overall()
            .totals();

    assertThat(totals.cachedTokens()).isEqualTo(80);
    assertThat(totals.cacheHitPercent()).isCloseTo(20, within(1e-9));
    assertThat(totals.expectedReusablePercent()).isCloseTo(30, within(1e-9));
  }

  @Test
  void tokensThatNoChunkShowedCountAtTheEnd() {
    Totals totals = Runs.of(Reply.between(0, 10).output(3)).overall().totals();
    assertThat(totals.outputTokens()).isEqualTo(3);
  }

  @Test
  void tokensThatNobodyCountedAreChunks() {
    Totals totals = Runs.of(Reply.between(0, 10).chunks(4, 5)).overall().totals();
    assertThat(totals.outputTokens()).isEqualTo(2);
  }

  @Test
  void aConversationCountsOnceInEveryScope() {
    RunSummary run =
        Runs.of(
            Reply.streamed(0, 10).turn(1),
            Reply.streamed(10, 20).turn(2),
            Reply.streamed(20, 30).turn(2).request("again"),
            Reply.streamed(0, 10).turn(1).conversation(2, "c1").group(1),
            Reply.streamed(0, 10).turn(0).conversation(3, null));

    assertThat(run.overall().totals().conversations()).isEqualTo(2);
    assertThat(run.overall().byTurn().get(2).totals().conversations()).isEqualTo(1);
    assertThat(run.byRequest().get("again").totals().conversations()).isEqualTo(1);
    assertThat(run.byGroup().get(0).totals().conversations()).isEqualTo(1);
  }

  @Test
  void onlyConversationsThatPausedLongestAreForgotten() {
    CountedConversations counted = new CountedConversations(2);
    Response first = Reply.streamed(0, 1).conversation(1, "a").measured();
    Response second = Reply.streamed(0, 1).conversation(2, "b").measured();
    Response third = Reply.streamed(0, 1).conversation(3, "c").measured();
    counted.scopesOf(first).set(0);
    counted.scopesOf(second).set(0);
    counted.scopesOf(first).set(1);

    counted.scopesOf(third);

    assertThat(counted.scopesOf(first).cardinality()).isEqualTo(2);
    assertThat(counted.scopesOf(second).isEmpty()).isTrue();
  }
}
