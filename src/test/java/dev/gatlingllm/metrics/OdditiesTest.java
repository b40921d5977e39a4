package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OdditiesTest {

  private static Map<Oddity, Long> oddities(TestResponse... responses) {
    return Runs.of(responses).oddities();
  }

  /** As many tokens as chunks, with usage and finish reason. */
  private static TestResponse sound(double... chunks) {
    return TestResponse.streamed(0, chunks).input(100);
  }

  private static double[] every(double millis, int chunks) {
    double[] times = new double[chunks];
    Arrays.setAll(times, i -> 100 + i * millis);
    return times;
  }

  @Test
  void aSteadyStreamHasNone() {
    assertThat(oddities(sound(every(10, 64)), sound(every(0.5, 64)), sound(100))).isEmpty();
  }

  @Test
  void countsWhatWasNotedOfSuccessfulResponses() {
    assertThat(
            oddities(
                sound(1).oddities(Oddity.ZERO_USAGE, Oddity.NO_TEXT),
                sound(1).oddities(Oddity.NO_TEXT),
                sound(1).oddities(Oddity.NO_TEXT).failed("truncated", "no [DONE]")))
        .isEqualTo(Map.of(Oddity.ZERO_USAGE, 1L, Oddity.NO_TEXT, 2L));
  }

  @Test
  void countsResponsesWithoutUsageOrFinishReason() {
    TestResponse noUsage = TestResponse.streamed(0, 1).source(OutputTokensSource.TOKENIZER);

    assertThat(oddities(noUsage, sound(1).finishReason(null)))
        .isEqualTo(Map.of(Oddity.NO_USAGE, 1L, Oddity.NO_FINISH_REASON, 1L));
    assertThat(oddities(TestResponse.between(0, 90).source(OutputTokensSource.CHUNKS)))
        .as("embeddings, whose prompts alone would have tokens")
        .isEmpty();
  }

  @Test
  void aResponseInOnePieceOrWithinAMomentIsNoStream() {
    TestResponse whole = sound(609).output(64);
    TestResponse burst = sound(609, 609.1, 609.2, 609.2, 609.3, 609.3, 609.4);
    TestResponse shortAnswer = sound(609).output(3);

    assertThat(oddities(whole, burst, shortAnswer)).isEqualTo(Map.of(Oddity.UNSTREAMED, 2L));
  }

  @Test
  void aBodyIsCountedWhereItMakesTokensComeAtOnce() {
    TestResponse whole = sound(609).output(64).oddities(Oddity.ONE_BODY);
    TestResponse shortAnswer = sound(609).output(1).oddities(Oddity.ONE_BODY);

    assertThat(oddities(whole, shortAnswer))
        .isEqualTo(Map.of(Oddity.UNSTREAMED, 1L, Oddity.ONE_BODY, 1L));
  }

  /** The prefill of others stops the stream three times, and each token is a chunk. */
  @Test
  void aStreamThatPausesIsNotBunched() {
    double[] chunks = new double[64];
    Arrays.setAll(chunks, i -> 226 + 12.8 * i + 4_000 * (i / 16));

    assertThat(oddities(sound(chunks))).isEmpty();
  }

  @Test
  void chunksThatComeSixteenAtATimeAreBunched() {
    double[] chunks = new double[64];
    Arrays.setAll(chunks, i -> 226 + 160 * (i / 16) + 0.006 * (i % 16));

    assertThat(oddities(sound(chunks))).isEqualTo(Map.of(Oddity.BUNCHED, 1L));
  }

  @Test
  void whatComesAtOnceAfterOnePauseIsNoBunch() {
    double[] chunks = new double[24];
    Arrays.setAll(chunks, i -> 40 + (i < 3 ? 10 * i : 2_000 + 0.1 * i));

    assertThat(oddities(sound(chunks))).isEmpty();
    Arrays.setAll(chunks, i -> 40 + 1_000 * (i / 8) + 0.1 * i);
    assertThat(oddities(sound(chunks))).isEqualTo(Map.of(Oddity.BUNCHED, 1L));
  }

  /** Of which the first has so many chunks, with so many milliseconds between them. */
  @ParameterizedTest
  @CsvSource({"20, 0.01, true", "4, 0.19, true", "3, 0.01, false", "4, 0.21, false"})
  void aStreamOfTwoBunchesHasTwo(int first, double apart, boolean isBunched) {
    double[] chunks = new double[40];
    Arrays.setAll(chunks, i -> 400 + (i < first ? apart * i : 400 + 0.01 * i));

    assertThat(oddities(sound(chunks)).containsKey(Oddity.BUNCHED)).isEqualTo(isBunched);

    Arrays.setAll(chunks, i -> 400 + (i < first ? apart * i : 400 + 10 * i));
    assertThat(oddities(sound(chunks))).as("goes on").isEmpty();
  }

  @Test
  void chunksOfSeveralChoicesThatComeTogetherAreNotBunched() {
    long[] chunks = new long[64];
    int[] choices = new int[64];
    for (int i = 0; i < 64; i++) {
      chunks[i] = TestResponse.nanos(100 + 10 * (i / 4));
      choices[i] = i % 4;
    }
    Response fourChoices =
        ResponseBuilder.to("support", "answer", 1)
            .times(0, TestResponse.nanos(0), TestResponse.nanos(300))
            .chunks(chunks)
            .choices(choices)
            .promptTokens(10, 0)
            .output(64, OutputTokensSource.USAGE)
            .finishReason("length")
            .build();

    assertThat(Runs.of(Runs.seconds(0, 1), List.of(fourChoices)).oddities()).isEmpty();
  }

  @Test
  void tokensThatNoChunkShowsDoNotMakeAShortAnswerABurst() {
    Response hidden =
        ResponseBuilder.to("support", "answer", 1)
            .times(0, TestResponse.nanos(0), TestResponse.nanos(300))
            .chunks(TestResponse.nanos(200), TestResponse.nanos(210))
            .promptTokens(10, 0)
            .output(1_002, OutputTokensSource.USAGE)
            .reasoning(1_000, 1_000)
            .finishReason("stop")
            .build();

    assertThat(Runs.of(Runs.seconds(0, 1), List.of(hidden)).oddities()).isEmpty();
  }

  @Test
  void responsesThatEndByLengthWithFewerTokensThanAskedForAreBelowTheLimit() {
    TestResponse asAsked = sound(1).finishReason("length").output(8).maxTokens(8);
    TestResponse shorter = sound(1).finishReason("length").output(7).maxTokens(8);
    TestResponse stopped = sound(1).finishReason("stop").output(7).maxTokens(8);
    TestResponse unknownLimit = sound(1).finishReason("length").output(7);

    assertThat(oddities(asAsked, shorter, stopped, unknownLimit))
        .containsEntry(Oddity.BELOW_LIMIT, 1L);
  }

  @Test
  void oneStallIsNoBunch() {
    double[] chunks = every(10, 32);
    for (int i = 16; i < 32; i++) {
      chunks[i] += 500;
    }

    assertThat(oddities(sound(chunks))).isEmpty();
  }

  @Test
  void addsUpOverLoadGenerators() {
    RunAccumulator one =
        Runs.accumulator(
            Runs.seconds(0, 1),
            Objectives.NONE,
            List.of(sound(1).oddities(Oddity.NO_TEXT).build()));

    assertThat(Runs.merged(List.of(one, one)).summary().oddities())
        .isEqualTo(Map.of(Oddity.NO_TEXT, 2L));
  }

  /** A call of 50 tokens, 20 ms each, comes when it is complete. */
  @Test
  void callsThatComeAtOnceAfterTheLongestGapWereHeldBack() {
    TestResponse whole = sound(100, 120, 140, 1_140).finishReason("tool_calls");
    TestResponse inParts = sound(100, 120, 140, 1_140, 1_165, 1_190).finishReason("tool_calls");
    TestResponse only = sound(100, 1_100).finishReason("function_call");
    assertThat(oddities(whole, inParts, only)).isEqualTo(Map.of(Oddity.HELD_BACK, 3L));

    TestResponse text = sound(100, 120, 140, 1_140).finishReason("stop");
    TestResponse streamed = sound(every(20, 50)).finishReason("tool_calls");
    TestResponse wentOn = sound(100, 120, 140, 1_140, 1_191).finishReason("tool_calls");
    TestResponse shortCall = sound(100, 120, 140, 339).finishReason("tool_calls");
    TestResponse quick = sound(100, 101, 102, 152).finishReason("tool_calls");
    TestResponse atOnce = sound(100).finishReason("tool_calls");
    assertThat(oddities(text, streamed, wentOn, shortCall, quick, atOnce)).isEmpty();
  }
}
