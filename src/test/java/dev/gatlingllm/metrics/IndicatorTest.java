package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Indicator.Bound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which value a limit is judged by. */
class IndicatorTest {

  private static final Window TEN_SECONDS =
      Window.of(Duration.ZERO, List.of(Duration.ofSeconds(10)));

  private final List<Response> responses = new ArrayList<>();

  /** TTFTs of 1, 2, 3 … ms. */
  private void answered(int count) {
    for (int i = 1; i <= count; i++) {
      responses.add(TestResponse.streamed(1_000, 1_000 + i).firstOutput(1_000 + i).build());
    }
  }

  private void hanging(int count) {
    for (int i = 0; i < count; i++) {
      responses.add(TestResponse.between(4_000, 70_000).failed("timeout", "60 s").build());
    }
  }

  private Bound bound(String indicator, boolean wantsLess) {
    ScopeSummary run = Runs.of(TEN_SECONDS, Objectives.NONE, responses).overall();
    return Indicator.parse(indicator).orElseThrow().bound(run, wantsLess);
  }

  @ParameterizedTest
  @ValueSource(strings = {"requests", "completedConversations", "outputTokensPerSecond"})
  void countsAndRatesAreZeroWhereNothingHappened(String figure) {
    assertThat(Indicator.parse(figure).orElseThrow().of(null, null)).hasValue(0);
  }

  @Test
  void saysWhetherNothingWasMeasuredOrNothingSucceeded() {
    Indicator ttft = Indicator.parse("ttft p95").orElseThrow();
    ScopeSummary nothing = Runs.of(TEN_SECONDS, Objectives.NONE, responses).overall();
    responses.add(TestResponse.between(4_000, 5_000).failed("timeout", "1 s").build());
    ScopeSummary failed = Runs.of(TEN_SECONDS, Objectives.NONE, responses).overall();

    assertThat(ttft.whyAbsent(nothing)).isEqualTo("no response ended in the measured window");
    assertThat(ttft.whyAbsent(failed)).isEqualTo("none of its 1 responses was successful");
  }

  @Test
  void enoughSamplesAreJudgedByThePercentile() {
    answered(100);

    assertThat(bound("ttft p95", true).value().orElseThrow()).isBetween(95.9, 96.1);
    assertThat(bound("ttft p95", true).remark()).isNull();
  }

  @Test
  void tooFewSamplesAreJudgedByTheWorst() {
    answered(99);

    assertThat(bound("ttft p95", true).value()).hasValue(99);
    assertThat(bound("ttft p95", true).remark())
        .isEqualTo("99 samples are too few for p95, which needs 100; the greatest is judged");
    assertThat(bound("ttft p95", false).value().orElseThrow()).isBetween(1.0, 1.001);
    assertThat(bound("ttft max", true).remark()).isNull();
    assertThat(bound("ttft", true).value()).hasValue(50);
  }

  @Test
  void requestsThatHangCountWithTheirAge() {
    answered(1_000);
    hanging(60);

    assertThat(bound("ttft p95", true).value().orElseThrow()).isGreaterThan(5_990);
    assertThat(bound("ttft p95", true).remark())
        .isEqualTo("60 requests that waited for the first token count with their age");
    assertThat(bound("ttft p50", true).value().orElseThrow()).isBetween(529.0, 532.0);
    assertThat(bound("icl p95", true).value()).isEmpty();
  }

  @Test
  void requestsThatHangCountInTheMeanAndTheMaximum() {
    answered(1_000);
    hanging(60);

    assertThat(bound("ttft max", true).value()).hasValue(6_000);
    assertThat(bound("ttfo max", true).value()).hasValue(6_000);
    assertThat(bound("ttft", true).value().orElseThrow())
        .isCloseTo((1_000 * 500.5 + 60 * 6_000) / 1_060, within(1e-6));
    assertThat(bound("ttft", true).remark())
        .isEqualTo("60 requests that waited for the first token count with their age");
    assertThat(bound("ttft", false).value()).hasValue(500.5);
    assertThat(bound("ttft min", true).remark()).isNull();
  }

  @Test
  void requestsThatStallInMidStreamCountInE2eWithTheirAge() {
    answered(1_000);
    for (int i = 0; i < 60; i++) {
      responses.add(TestResponse.between(4_000, 70_000).chunks(4_100, 4_200).cut().build());
    }

    assertThat(bound("e2e p95", true).value().orElseThrow()).isGreaterThan(5_990);
    assertThat(bound("e2e max", true).value()).hasValue(6_000);
    assertThat(bound("e2e max", true).remark())
        .isEqualTo("60 requests that had not ended count with their age");
    assertThat(bound("e2e p95", false).value().orElseThrow()).isLessThan(1_000);
    assertThat(bound("ttft max", true).value()).hasValue(1_000);
  }

  /** They have a token, but neither output nor a time per token of their own. */
  @Test
  void requestsThatUsersLeftCountWithWhatTheseSaw() {
    answered(1_000);
    responses.add(TestResponse.streamed(1_000, 1_010, 1_030).firstOutput(1_030).build());
    for (int i = 0; i < 60; i++) {
      responses.add(
          TestResponse.between(4_000, 9_000).chunks(5_000, 9_000).output(2).abandoned().build());
    }

    assertThat(bound("ttfo max", true).value()).hasValue(5_000);
    assertThat(bound("ttfo max", true).remark())
        .isEqualTo("60 requests that waited for output count with their age");
    assertThat(bound("ttft max", true).value()).hasValue(1_000);
    assertThat(bound("tpot max", true).value()).hasValue(4_000);
    assertThat(bound("tpot max", true).remark())
        .isEqualTo("60 responses that their users left count with the TPOT until then");
    assertThat(bound("tpot max", false).value()).hasValue(20);
  }

  /** 1,000 gaps of 10 ms, and so many streams without a chunk since 4,200 ms. */
  private void stalled(int count) {
    for (int i = 0; i < 1_000; i++) {
      responses.add(TestResponse.streamed(1_000, 1_010, 1_020).build());
    }
    for (int i = 0; i < count; i++) {
      responses.add(TestResponse.between(4_000, 70_000).chunks(4_190, 4_200, 69_000).cut().build());
    }
  }

  @Test
  void streamsThatStallCountInIclWithTheTimeSinceTheirLastChunk() {
    stalled(60);

    assertThat(bound("icl max", true).value()).hasValue(5_800);
    assertThat(bound("icl max", true).remark())
        .isEqualTo("60 gaps between chunks that had not ended count with their age");
    assertThat(bound("itl max", true).value()).hasValue(5_800);
    assertThat(bound("icl p95", true).value().orElseThrow()).isGreaterThan(5_790);
    assertThat(bound("icl", true).value().orElseThrow())
        .isCloseTo((1_060 * 10 + 60 * 5_800) / 1_120.0, within(1e-6));
    assertThat(bound("icl p50", true).value().orElseThrow()).isCloseTo(10, within(0.01));
    assertThat(bound("icl max", false).value()).hasValue(10);
  }

  @Test
  void gapsThatTheStopOrTheUserEndedCountUntilThen() {
    stalled(0);
    responses.add(TestResponse.between(4_000, 7_000).chunks(4_100).cut().build());
    assertThat(bound("icl max", true).value()).hasValue(2_900);

    responses.add(TestResponse.between(4_000, 9_000).chunks(4_100).abandoned().build());
    assertThat(bound("icl max", true).value()).hasValue(4_900);
  }

  @Test
  void finishedStreamsHaveNoOpenGap() {
    stalled(0);
    long[] chunks = {TestResponse.nanos(4_100), TestResponse.nanos(4_110)};
    responses.add(
        ResponseBuilder.to("chat", "answer", 1)
            .times(4_000, TestResponse.nanos(4_000), TestResponse.nanos(70_000))
            .chunks(chunks)
            .finish("stop", TestResponse.nanos(4_120))
            .build());

    assertThat(bound("icl max", true).value()).hasValue(10);
    assertThat(bound("icl max", true).remark()).isNull();
    assertThat(bound("e2e max", true).value()).hasValue(6_000);
  }

  @Test
  void youngRequestsDoNotMakeUpForSamplesThatAreMissing() {
    answered(60);
    for (int i = 0; i < 60; i++) {
      responses.add(TestResponse.streamed(9_999.999, 10_500).build());
    }

    assertThat(bound("ttft p95", true).value()).hasValue(60);
    assertThat(bound("ttft p95", true).remark()).startsWith("60 samples are too few for p95");
  }

  @Test
  void requestsThatWaitForLongerThanAnObjectiveAllowsLowerTheShareOfGoodput() {
    answered(100);
    hanging(25);

    Indicator goodput = Indicator.of(Figure.GOODPUT_PERCENT);
    ScopeSummary run =
        Runs.of(TEN_SECONDS, Objectives.parse("ttft<500ms,tpot<1s"), responses).overall();
    assertThat(goodput.of(run)).hasValue(80);
    assertThat(goodput.bound(run, false).value()).hasValue(80);
    assertThat(run.totals().count(Figure.UNFINISHED_MISSED)).isEqualTo(25);
    assertThat(run.totals().objectives())
        .extracting(Totals.Share::percent)
        .as("which have no pace yet")
        .containsExactly(80.0, 100.0);
    run = Runs.of(TEN_SECONDS, Objectives.parse("ttft<7s,tpot<1s"), responses).overall();
    assertThat(goodput.of(run)).hasValue(100);
  }

  @Test
  void requestsThatHaveJustBeenWrittenDoNotLowerABound() {
    answered(1_000);
    for (int i = 0; i < 500; i++) {
      responses.add(TestResponse.streamed(9_999.999, 10_500).build());
    }

    assertThat(bound("ttft p95", true).value().orElseThrow()).isBetween(950.0, 952.0);
    assertThat(bound("ttft p95", true).remark()).isNull();
  }
}
