package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import org.junit.jupiter.api.Test;

/** Each metric against figures worked out by hand. */
class MetricDefinitionsTest {

  private static Summary of(Figure metric, Reply... replies) {
    return Runs.of(replies).overall().metrics().get(metric);
  }

  private static void assertMean(Figure metric, long count, double mean, Reply... replies) {
    Summary summary = of(metric, replies);
    assertThat(summary.count()).isEqualTo(count);
    assertThat(summary.mean()).isCloseTo(mean, within(1e-9));
  }

  @Test
  void ttftIsFromTheWriteToTheFirstChunk() {
    assertMean(Figure.TTFT, 2, 30, Reply.streamed(100, 120, 500), Reply.streamed(100, 140));
  }

  @Test
  void ttfoWaitsForTheEndOfTheReasoning() {
    Reply reasoning = Reply.streamed(0, 20, 30, 40).firstOutput(40);
    assertMean(Figure.TTFO, 1, 40, reasoning, Reply.streamed(0, 20));
  }

  @Test
  void iclPoolsTheGapsOfAllReplies() {
    assertMean(Figure.ICL, 3, 20, Reply.streamed(0, 10, 20, 40), Reply.streamed(0, 50, 80));
  }

  @Test
  void itlLeavesOutRepliesWhoseChunksAreNotKnownToBeTokens() {
    Reply oneTokenPerChunk = Reply.streamed(0, 10, 20, 40);
    Reply counted = Reply.streamed(0, 10, 15).source(OutputTokensSource.TOKENIZER);
    Reply twoTokensPerChunk = Reply.streamed(0, 10, 20).output(4);
    Reply uncounted = Reply.streamed(0, 10, 20).source(OutputTokensSource.CHUNKS);

    assertMean(Figure.ITL, 3, 35.0 / 3, oneTokenPerChunk, counted, twoTokensPerChunk, uncounted);
  }

  @Test
  void tpotIsThePaceAfterTheFirstTokenFromTwoTokensOn() {
    Reply fourTokensInThreeChunks = Reply.streamed(0, 10, 20, 40).output(4);
    assertMean(Figure.TPOT, 1, 10, fourTokensInThreeChunks, Reply.streamed(0, 10));
  }

  @Test
  void e2eEndsWithTheLastByteAndIsSharedOutOverTheTokens() {
    Reply reply = Reply.between(100, 200).chunks(110, 150).output(4);
    Reply empty = Reply.between(0, 100).output(0);

    assertMean(Figure.E2E, 1, 100, reply);
    assertMean(Figure.NTPOT, 1, 25, reply, empty);
  }

  @Test
  void inputIsTheServersCountElseTheExpectedOne() {
    Reply both = Reply.streamed(0, 1).input(110).expected(100, 0);
    Reply expectedOnly = Reply.streamed(0, 1).expected(50, 0);
    assertMean(Figure.INPUT_TOKENS, 2, 80, both, expectedOnly, Reply.streamed(0, 1));
  }

  @Test
  void cachedTokensThatAreNotReportedAreNotZero() {
    Reply hit = Reply.streamed(0, 1).input(100).cached(64);
    Reply miss = Reply.streamed(0, 1).input(100).cached(0);
    assertMean(Figure.CACHED_TOKENS, 2, 32, hit, miss, Reply.streamed(0, 1).input(100));
  }

  @Test
  void tokensPerChunkNeedACount() {
    Reply counted = Reply.streamed(0, 10, 20, 30).output(4);
    Reply uncounted = Reply.streamed(0, 10).source(OutputTokensSource.CHUNKS);
    assertMean(Figure.TOKENS_PER_CHUNK, 1, 4.0 / 3, counted, uncounted);
  }

  @Test
  void scheduleDelayIsKnownForFailedRepliesToo() {
    Reply late = Reply.between(0, 1).scheduleDelay(5).failed("timeout", null);
    Reply punctual = Reply.between(0, 1).scheduleDelay(0);
    assertMean(Figure.SCHEDULE_DELAY, 2, 2.5, late, punctual, Reply.between(0, 1));
  }

  @Test
  void tokenizerDifferenceKeepsItsSign() {
    Summary summary =
        of(
            Figure.TOKENIZER_DIFFERENCE,
            Reply.between(0, 1).input(97).expected(100, 0),
            Reply.between(0, 1).input(100).expected(100, 0),
            Reply.between(0, 1).input(102).expected(100, 0),
            Reply.between(0, 1).input(100),
            Reply.between(0, 1).expected(100, 0));

    assertThat(summary.count()).isEqualTo(3);
    assertThat(summary.min()).isEqualTo(-3);
    assertThat(summary.p50()).isZero();
    assertThat(summary.max()).isEqualTo(2);
    assertThat(summary.mean()).isCloseTo(-1.0 / 3, within(1e-12));
  }

  @Test
  void failedRepliesSayNothingOfHowLongGoodOnesTake() {
    Reply failed = Reply.streamed(0, 10, 20).input(5).failed("truncated", "no [DONE]");
    assertThat(Runs.of(failed).overall().metrics()).isEmpty();
  }
}
