package dev.gatlingllm.metrics;

import static dev.gatlingllm.metrics.Runs.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.ScopeSummary.Second;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final Window ONE_SECOND_OF_WARM_UP = Window.openEnded(Duration.ofSeconds(1));

  @Test
  void countsABorderOnItsLaterSide() {
    Window window = seconds(1, 2, 2);

    assertThat(window.iterationAt(-1)).isEqualTo(Window.WARM_UP);
    assertThat(window.iterationAt(999_999_999)).isEqualTo(Window.WARM_UP);
    assertThat(window.iterationAt(1_000_000_000)).isEqualTo(1);
    assertThat(window.iterationAt(2_999_999_999L)).isEqualTo(1);
    assertThat(window.iterationAt(3_000_000_000L)).isEqualTo(2);
    assertThat(window.iterationAt(5_000_000_000L)).isEqualTo(Window.DRAIN);
  }

  @Test
  void labelsIterationsAsFilesDo() {
    assertThat(Window.label(Window.WARM_UP)).isEqualTo("warmup");
    assertThat(Window.label(2)).isEqualTo("2");
    assertThat(Window.label(Window.DRAIN)).isEqualTo("drain");
  }

  @Test
  void countsAResponseWhereItEndsAndTokensWhereTheyArrive() {
    RunSummary run =
        Runs.of(
            ONE_SECOND_OF_WARM_UP,
            TestResponse.streamed(0, 900),
            TestResponse.streamed(500, 800, 900, 1100, 3000),
            TestResponse.streamed(500, 700).request("warm-up only").group(7).turn(9));

    assertThat(run.durationSeconds()).isEqualTo(2);
    assertThat(run.overall().totals().requests()).isEqualTo(1);
    assertThat(run.overall().totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(2);
    assertThat(run.overall().totals().values().get(Figure.OUTPUT_TOKENS_PER_SECOND)).isEqualTo(1.0);
    assertThat(run.byRequest()).containsOnlyKeys("answer");
    assertThat(run.byGroup()).containsOnlyKeys(0);
    assertThat(run.overall().byTurn()).containsOnlyKeys(1);
  }

  @Test
  void measuresNoLatencyOfARequestThatWasWrittenInTheWarmUp() {
    ScopeSummary run =
        Runs.of(
                ONE_SECOND_OF_WARM_UP,
                TestResponse.streamed(500, 1200, 1300).scheduleDelay(9).input(7),
                TestResponse.streamed(1000, 1050, 1100))
            .overall();

    for (Figure latency : List.of(Figure.TTFT, Figure.ICL, Figure.TPOT, Figure.E2E)) {
      assertThat(run.metrics().get(latency).count()).as(latency.key()).isEqualTo(1);
      assertThat(run.metrics().get(latency).max()).as(latency.key()).isLessThanOrEqualTo(100);
    }
    assertThat(run.metrics()).doesNotContainKey(Figure.SCHEDULE_DELAY);
    assertThat(run.totals().requests()).isEqualTo(2);
    assertThat(run.totals().count(Figure.TOTAL_INPUT_TOKENS)).isEqualTo(7);
    assertThat(run.totals().count(Figure.WRITTEN_IN_WARM_UP)).isEqualTo(1);
  }

  @Test
  void countsTtftAndGapsOfAResponseThatEndsAfterTheWindow() {
    RunSummary run =
        Runs.of(
            seconds(0, 2),
            TestResponse.streamed(0, 1000),
            TestResponse.streamed(500, 1500, 1800, 2500).firstOutput(2500).scheduleDelay(5));
    ScopeSummary overall = run.overall();

    assertThat(run.durationSeconds()).isEqualTo(2);
    assertThat(overall.totals().requests()).isEqualTo(1);
    assertThat(overall.totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(3);
    assertThat(overall.metrics().get(Figure.TTFT).count()).isEqualTo(2);
    assertThat(overall.metrics().get(Figure.ICL).count()).isEqualTo(1);
    assertThat(overall.metrics().get(Figure.ICL).max()).isEqualTo(300);
    assertThat(overall.metrics().get(Figure.E2E).count()).isEqualTo(1);
    assertThat(overall.metrics().get(Figure.SCHEDULE_DELAY).count()).isEqualTo(1);
    assertThat(overall.metrics()).doesNotContainKey(Figure.TTFO);
  }

  @Test
  void countsRequestsWithoutATokenAtTheEndAsWaiting() {
    ScopeSummary run =
        Runs.of(
                seconds(1, 4),
                TestResponse.streamed(2000, 2100),
                TestResponse.streamed(3000, 6000).group(1),
                TestResponse.between(4000, 64_000).failed("timeout", "60 s").group(1),
                TestResponse.streamed(4500, 4600, 9000),
                TestResponse.streamed(5000, 5100))
            .overall();

    assertThat(run.totals().count(Figure.WAITING)).isEqualTo(2);
    assertThat(run.totals().count(Figure.UNFINISHED)).isEqualTo(3);
    assertThat(run.metrics().get(Figure.WAITING_AGE).max()).isEqualTo(2000);
    assertThat(run.metrics().get(Figure.WAITING_AGE).min()).isEqualTo(1000);
    assertThat(run.metrics().get(Figure.TTFT).max()).isEqualTo(100);
    assertThat(run.totals().requests()).isEqualTo(1);
  }

  @Test
  void noRequestWaitsForATokenOfWhichAGoodResponseHadNone() {
    RunSummary run =
        Runs.of(
            seconds(1, 4),
            TestResponse.between(2000, 2300).request("embed"),
            TestResponse.streamed(2000, 2100).request("chat"),
            TestResponse.between(2300, 2400).request("embed").abandoned(),
            TestResponse.between(4900, 5100).request("embed"),
            TestResponse.between(4700, 5200).request("embed").cut(),
            TestResponse.between(4800, 5200).request("chat").cut(),
            TestResponse.between(4900, 5200).request("another").cut());

    assertThat(run.overall().totals().count(Figure.UNFINISHED)).isEqualTo(4);
    assertThat(run.overall().totals().count(Figure.WAITING)).isEqualTo(2);
    assertThat(run.overall().metrics().get(Figure.WAITING_AGE).max()).isEqualTo(200);
    assertThat(run.byRequest().get("embed").totals().count(Figure.WAITING)).isZero();
    assertThat(run.byRequest().get("embed").metrics().get(Figure.UNFINISHED_REQUEST_AGE).max())
        .isEqualTo(300);
  }

  @Test
  void countsAbandonedResponsesApartWithTheirTokensAndKnownLatencies() {
    ScopeSummary run =
        Runs.of(
                seconds(1, 4),
                TestResponse.streamed(2000, 2100, 2150),
                TestResponse.streamed(2000, 2300, 2500).abandoned(),
                TestResponse.between(3000, 3700).abandoned().conversation(2, "left").turn(1).last(),
                TestResponse.streamed(500, 600).abandoned())
            .overall();

    assertThat(run.totals().count(Figure.ABANDONED)).isEqualTo(2);
    assertThat(run.totals().requests()).isEqualTo(1);
    assertThat(run.totals().ko()).isZero();
    assertThat(run.totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(4);
    assertThat(run.totals().count(Figure.ABANDONED_CONVERSATIONS)).isEqualTo(1);
    assertThat(run.totals().count(Figure.FAILED_CONVERSATIONS)).isZero();
    assertThat(run.metrics().get(Figure.TTFT).max()).isEqualTo(300);
    assertThat(run.metrics().get(Figure.ICL).max()).isEqualTo(200);
    assertThat(run.metrics().get(Figure.E2E).count()).isEqualTo(1);
    assertThat(run.metrics().get(Figure.TPOT).count()).isEqualTo(1);
    assertThat(run.metrics().get(Figure.SEEN_TPOT).count()).as("not of the warm-up").isEqualTo(1);
    assertThat(run.metrics().get(Figure.SEEN_TPOT).max()).isEqualTo(200);
    assertThat(run.totals().count(Figure.UNFINISHED)).isZero();
  }

  @Test
  void anAbandonedResponseWithoutATokenBoundsTheTimeToFirstToken() {
    ScopeSummary run =
        Runs.of(
                seconds(1, 4),
                TestResponse.streamed(2000, 2100),
                TestResponse.between(3000, 3700).abandoned())
            .overall();

    assertThat(run.totals().count(Figure.WAITING)).isEqualTo(1);
    assertThat(run.metrics().get(Figure.WAITING_AGE).max()).isEqualTo(700);
    assertThat(run.metrics().get(Figure.TTFT).count()).isEqualTo(1);
  }

  /** A model may reason for longer than anybody waits. */
  @Test
  void aResponseThatHasOnlyReasonedBoundsTheTimeToFirstOutput() {
    ScopeSummary run =
        Runs.of(
                seconds(1, 4),
                TestResponse.streamed(2000, 2100, 2200).firstOutput(2_200),
                TestResponse.streamed(2000, 2100, 2900).abandoned(),
                TestResponse.streamed(2000, 2100, 2200, 2800).firstOutput(2_200).abandoned(),
                TestResponse.streamed(4500, 4600, 5400).firstOutput(5_400))
            .overall();

    assertThat(run.totals().count(Figure.WAITING)).as("for any token").isZero();
    assertThat(run.metrics().get(Figure.TTFO).count()).isEqualTo(2);
    assertThat(run.metrics().get(Figure.WAITING_FOR_OUTPUT_AGE).count()).isEqualTo(2);
    assertThat(run.metrics().get(Figure.WAITING_FOR_OUTPUT_AGE).max()).isEqualTo(900);
    assertThat(run.metrics().get(Figure.WAITING_FOR_OUTPUT_AGE).min()).isEqualTo(500);
  }

  @Test
  void countsRequestsThatWereCutWithTheirTokensAndKnownLatencies() {
    RunSummary run =
        Runs.of(
            seconds(1, 8),
            TestResponse.streamed(1000, 1500),
            TestResponse.streamed(1000, 1250, 1500, 3000).cut(),
            TestResponse.between(2000, 3000).cut().group(4));
    ScopeSummary overall = run.overall();

    assertThat(run.durationSeconds()).as("until the cut").isEqualTo(2);
    assertThat(overall.totals().requests()).isEqualTo(1);
    assertThat(overall.totals().ko()).isZero();
    assertThat(overall.totals().count(Figure.CUT)).isEqualTo(2);
    assertThat(overall.metrics().get(Figure.CUT_AGE).max()).isEqualTo(2000);
    assertThat(overall.totals().count(Figure.WAITING)).isEqualTo(1);
    assertThat(overall.metrics().get(Figure.WAITING_AGE).max()).isEqualTo(1000);
    assertThat(overall.totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(4);
    assertThat(overall.metrics().get(Figure.TTFT).count()).isEqualTo(2);
    assertThat(overall.metrics().get(Figure.ICL).count()).isEqualTo(2);
    assertThat(overall.metrics().get(Figure.E2E).count()).isEqualTo(1);
    assertThat(overall.timeline()).extracting(Second::activeStreams).containsExactly(1.5, 2.0, 0.0);
    assertThat(overall.timeline()).extracting(Second::ko).containsOnly(0L);
    assertThat(run.byGroup()).containsOnlyKeys(0, 4);
  }

  @Test
  void countsRequestsThatWereCutAfterTheWindow() {
    ScopeSummary run =
        Runs.of(
                seconds(0, 2),
                TestResponse.streamed(1000, 1250, 3000).cut(),
                TestResponse.streamed(2500, 2700, 3000).cut())
            .overall();

    assertThat(run.totals().count(Figure.CUT)).isEqualTo(1);
    assertThat(run.totals().count(Figure.TOTAL_OUTPUT_TOKENS)).isEqualTo(1);
  }

  @Test
  void countsARequestThatCouldNotBeBuiltApartFromTurnsThatDoNotFit() {
    RunSummary run =
        Runs.of(
            TestResponse.streamed(0, 100),
            TestResponse.between(200, 200).notBuilt(),
            TestResponse.between(-1, -1).notBuilt());
    Totals totals = run.overall().totals();

    assertThat(totals.count(Figure.NOT_BUILT)).isEqualTo(2);
    assertThat(totals.count(Figure.UNSENT_TURNS)).isZero();
    assertThat(totals.requests()).isEqualTo(1);
    assertThat(totals.ko()).isZero();
  }

  @Test
  void countsATurnThatWasNeverSentApartFromRequests() {
    RunSummary run =
        Runs.of(
            Objectives.parse("ttft<1s"),
            TestResponse.streamed(0, 100),
            TestResponse.between(200, 200).unsent().breaking().turn(2));
    Totals totals = run.overall().totals();

    assertThat(totals.count(Figure.UNSENT_TURNS)).isEqualTo(1);
    assertThat(totals.count(Figure.BROKEN_CONVERSATIONS)).isEqualTo(1);
    assertThat(totals.requests()).isEqualTo(1);
    assertThat(totals.ko()).isZero();
    assertThat(totals.value(Figure.GOODPUT_PERCENT)).hasValue(100);
    assertThat(run.failures()).isEmpty();
    assertThat(run.durationSeconds()).isEqualTo(0.1);
  }

  @Test
  void countsRequestsThatWereWrittenTwice() {
    Totals totals =
        Runs.of(
                TestResponse.streamed(0, 100).resent(),
                TestResponse.between(0, 100).failed("connection", "closed").resent(),
                TestResponse.streamed(0, 100, 200).resent().cut(),
                TestResponse.streamed(0, 100))
            .overall()
            .totals();

    assertThat(totals.count(Figure.RESENT)).isEqualTo(3);
  }

  @Test
  void saysHowResponsesEndedThatNoFigureCounts() {
    RunSummary run =
        Runs.of(
            seconds(1, 1),
            TestResponse.between(0, 500).failed("http 503", "warming up"),
            TestResponse.streamed(0, 600),
            TestResponse.streamed(1000, 2500),
            TestResponse.between(1000, 3000).failed("http 500", "broken"),
            TestResponse.streamed(1000, 3000).cut());

    assertThat(run.overall().totals().requests()).isZero();
    assertThat(run.failures()).isEmpty();
    assertThat(run.inWarmUp().ok()).isEqualTo(1);
    assertThat(run.inWarmUp().failures()).containsOnlyKeys("http 503");
    assertThat(run.inDrain().requests()).isEqualTo(2);
    assertThat(run.inDrain().failures().get("http 500").examples()).containsExactly("broken");
  }

  @Test
  void leavesOutFailuresOfTheWarmUp() {
    RunSummary run =
        Runs.of(
            ONE_SECOND_OF_WARM_UP, TestResponse.between(0, 500).failed("http 503", "warming up"));

    assertThat(run.failures()).isEmpty();
    assertThat(run.durationSeconds()).isZero();
  }

  @Test
  void measuresOnlyTheElapsedTimeOfARunThatWasCutShort() {
    assertThat(Runs.of(seconds(1, 60), TestResponse.streamed(0, 3000)).durationSeconds())
        .isEqualTo(2);
  }

  @Test
  void rejectsInvalidLengths() {
    assertThatThrownBy(() -> Window.openEnded(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
    assertThatThrownBy(() -> Window.of(Duration.ZERO, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> seconds(1, 5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iteration 2");
  }
}
