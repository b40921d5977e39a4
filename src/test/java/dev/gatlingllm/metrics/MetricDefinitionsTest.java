package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import org.junit.jupiter.api.Test;

/** Compares each metric with values computed by hand. */
class MetricDefinitionsTest {

  private static Summary of(Figure metric, TestResponse... responses) {
    return Runs.of(responses).overall().metrics().get(metric);
  }

  private static void assertMean(
      Figure metric, long count, double mean, TestResponse... responses) {
    Summary summary = of(metric, responses);
    assertThat(summary.count()).isEqualTo(count);
    assertThat(summary.mean()).isCloseTo(mean, within(1e-9));
  }

  @Test
  void ttftIsFromWriteToFirstChunk() {
    assertMean(
        Figure.TTFT, 2, 30, TestResponse.streamed(100, 120, 500), TestResponse.streamed(100, 140));
  }

  @Test
  void ttfoWaitsForTheEndOfTheReasoning() {
    TestResponse reasoning = TestResponse.streamed(0, 20, 30, 40).firstOutput(40);
    assertMean(Figure.TTFO, 1, 40, reasoning, TestResponse.streamed(0, 20));
  }

  @Test
  void iclPoolsTheGapsOfAllResponses() {
    assertMean(
        Figure.ICL, 3, 20, TestResponse.streamed(0, 10, 20, 40), TestResponse.streamed(0, 50, 80));
  }

  @Test
  void itlOmitsResponsesWithChunksOfSeveralTokens() {
    TestResponse oneTokenPerChunk = TestResponse.streamed(0, 10, 20, 40);
    TestResponse counted = TestResponse.streamed(0, 10, 15).source(OutputTokensSource.TOKENIZER);
    TestResponse twoTokensPerChunk = TestResponse.streamed(0, 10, 20).output(4);
    TestResponse uncounted = TestResponse.streamed(0, 10, 20).source(OutputTokensSource.CHUNKS);

    assertMean(Figure.ITL, 3, 35.0 / 3, oneTokenPerChunk, counted, twoTokensPerChunk, uncounted);
  }

  @Test
  void tpotIsThePaceAfterTheFirstTokenFromTwoTokensOn() {
    TestResponse fourTokensInThreeChunks = TestResponse.streamed(0, 10, 20, 40).output(4);
    assertMean(Figure.TPOT, 1, 10, fourTokensInThreeChunks, TestResponse.streamed(0, 10));
  }

  @Test
  void e2eEndsWithTheLastByteAndIsSharedOutOverTheTokens() {
    TestResponse response = TestResponse.between(100, 200).chunks(110, 150).output(4);
    TestResponse empty = TestResponse.between(0, 100).output(0);

    assertMean(Figure.E2E, 1, 100, response);
    assertMean(Figure.NTPOT, 1, 25, response, empty);
  }

  @Test
  void inputIsTheServersCountElseTheExpectedOne() {
    TestResponse both = TestResponse.streamed(0, 1).input(110).expected(100, 0);
    TestResponse expectedOnly = TestResponse.streamed(0, 1).expected(50, 0);
    assertMean(Figure.INPUT_TOKENS, 2, 80, both, expectedOnly, TestResponse.streamed(0, 1));
  }

  @Test
  void unreportedCachedTokensAreNotZero() {
    TestResponse hit = TestResponse.streamed(0, 1).input(100).cached(64);
    TestResponse miss = TestResponse.streamed(0, 1).input(100).cached(0);
    assertMean(Figure.CACHED_TOKENS, 2, 32, hit, miss, TestResponse.streamed(0, 1).input(100));
  }

  @Test
  void tokensPerChunkNeedACount() {
    TestResponse counted = TestResponse.streamed(0, 10, 20, 30).output(4);
    TestResponse uncounted = TestResponse.streamed(0, 10).source(OutputTokensSource.CHUNKS);
    assertMean(Figure.TOKENS_PER_CHUNK, 1, 4.0 / 3, counted, uncounted);
  }

  @Test
  void scheduleDelayIncludesFailedResponses() {
    TestResponse late = TestResponse.between(0, 1).scheduleDelay(5).failed("timeout", null);
    TestResponse punctual = TestResponse.between(0, 1).scheduleDelay(0);
    assertMean(Figure.SCHEDULE_DELAY, 2, 2.5, late, punctual, TestResponse.between(0, 1));
  }

  @Test
  void sendDelayIsTheScheduleDelayWithoutConnecting() {
    TestResponse opened = TestResponse.between(0, 1).scheduleDelay(455).connect(450);
    TestResponse kept = TestResponse.between(0, 1).scheduleDelay(1);
    TestResponse failed = TestResponse.between(0, 1).scheduleDelay(3).failed("timeout", null);
    TestResponse notDue = TestResponse.between(0, 1).connect(350);

    assertMean(Figure.SCHEDULE_DELAY, 3, 153, opened, kept, failed, notDue);
    assertMean(Figure.SEND_DELAY, 3, 3, opened, kept, failed, notDue);
    assertMean(Figure.CONNECT_TIME, 2, 400, opened, kept, failed, notDue);
  }

  @Test
  void tokenizerDifferenceKeepsItsSign() {
    Summary summary =
        of(
            Figure.TOKENIZER_DIFFERENCE,
            TestResponse.between(0, 1).input(97).expected(100, 0),
            TestResponse.between(0, 1).input(100).expected(100, 0),
            TestResponse.between(0, 1).input(102).expected(100, 0),
            TestResponse.between(0, 1).input(100),
            TestResponse.between(0, 1).expected(100, 0));

    assertThat(summary.count()).isEqualTo(3);
    assertThat(summary.min()).isEqualTo(-3);
    assertThat(summary.p50()).isZero();
    assertThat(summary.max()).isEqualTo(2);
    assertThat(summary.mean()).isCloseTo(-1.0 / 3, within(1e-12));
  }

  @Test
  void failedResponsesHaveNoLatencies() {
    TestResponse failed =
        TestResponse.streamed(0, 10, 20).input(5).failed("truncated", "no [DONE]");
    assertThat(Runs.of(failed).overall().metrics()).isEmpty();
  }
}
