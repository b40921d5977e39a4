package dev.gatlingllm.metrics;

import static dev.gatlingllm.metrics.Response.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times between the tokens of one response, which a server decodes 20 ms apart. */
class TokenTimesTest {

  private static final long STEP = 20_000_000;

  private static ResponseBuilder counted(int tokens, int chunks) {
    return ResponseBuilder.to("scenario", "request", 1)
        .times(0, 0, 100 * STEP)
        .chunks(LongStream.rangeClosed(1, chunks).map(i -> i * STEP).toArray())
        .output(tokens, OutputTokensSource.USAGE);
  }

  private static List<Double> samples(Figure figure, Response response) {
    List<Double> samples = new ArrayList<>();
    figure.samples(response, samples::add);
    return samples;
  }

  @ParameterizedTest
  @CsvSource({"2", "8", "64"})
  void countsTheEndOfTheSequenceAsAStepWhereTheServerCountsItAsAToken(int shown) {
    Response response = counted(shown + 1, shown).finish("stop", (shown + 1) * STEP).build();

    assertThat(response.tpotNanos()).isEqualTo(STEP);
    assertThat(response.shownTokens()).isEqualTo(shown);
    assertThat(samples(Figure.ITL, response)).hasSize(shown - 1).containsOnly(20.0);
    assertThat(samples(Figure.TOKENS_PER_CHUNK, response)).containsExactly(1.0);
  }

  @ParameterizedTest
  @CsvSource({"length", "tool_calls"})
  void takesTheEndForAStepWhateverEndedAResponseOfOneTokenMore(String reason) {
    Response response = counted(9, 8).finish(reason, 9 * STEP).build();

    assertThat(response.tpotNanos()).isEqualTo(STEP);
    assertThat(samples(Figure.ITL, response)).isEmpty();
  }

  @Test
  void takesTheEndForAStepWhereChunksHaveSeveralTokens() {
    // two tokens at each step but the first, and the end of the sequence in a step of its own
    Response response = counted(16, 8).finish("stop", 9 * STEP).build();

    assertThat(response.tpotNanos()).isEqualTo(8.0 * STEP / 15);
  }

  @Test
  void measuresFromChunkToChunkWhereTheServerDoesNotCountTheEnd() {
    Response response = counted(8, 8).finish("stop", 9 * STEP).build();

    assertThat(response.tpotNanos()).isEqualTo(STEP);
    assertThat(samples(Figure.ITL, response)).hasSize(7);
  }

  @Test
  void leavesReasoningOutThatTheServerKeepsToItself() {
    Response response = counted(1_100, 100).reasoning(1_000, 1_000).build();

    assertThat(response.tpotNanos()).isEqualTo(STEP);
    assertThat(samples(Figure.ITL, response)).hasSize(99);
    assertThat(samples(Figure.OUTPUT_TOKENS, response)).containsExactly(1_100.0);
  }

  private static ResponseBuilder summarized(int tokens, long... chunks) {
    return ResponseBuilder.to("scenario", "request", 1)
        .times(0, 0, 100 * STEP)
        .chunks(chunks)
        .ttfo(50 * STEP)
        .reasoning(1_000, 1_000)
        .output(1_000 + tokens, OutputTokensSource.USAGE);
  }

  @Test
  void leavesOutTheTimeInWhichASummaryOfReasoningCame() {
    ResponseBuilder response = summarized(3, STEP, 20 * STEP, 50 * STEP, 51 * STEP, 52 * STEP);

    assertThat(response.build().tpotNanos()).isEqualTo(STEP);
    assertThat(response.finish("stop", 53 * STEP).output(1_004, OutputTokensSource.USAGE).build())
        .as("the end of the sequence")
        .returns((double) STEP, Response::tpotNanos);
  }

  @Test
  void missesObjectivesOfPaceWhereAllTokensCameAtOnceAfterASummary() {
    assertThat(summarized(100, STEP, 20 * STEP, 50 * STEP).build().tpotNanos()).isEqualTo(UNKNOWN);

    Response response = summarized(4, STEP, 50 * STEP, 50 * STEP, 50 * STEP, 50 * STEP).build();
    assertThat(Objectives.parse("tpot<1s").metBy(response)).containsExactly(false);
  }

  @Test
  void streamsManyChoicesSideBySide() {
    int choices = 200;
    long[] chunks = new long[4 * choices];
    int[] of = new int[chunks.length];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = STEP * (1 + i / choices);
      of[i] = i % choices;
    }
    Response response =
        counted(chunks.length, 0)
            .chunks(chunks)
            .choices(of)
            .output(chunks.length, OutputTokensSource.USAGE)
            .build();

    assertThat(Oddity.UNSTREAMED.isOf(response)).isFalse();
  }

  @Test
  void knowsNoTimePerTokenOfAResponseInOneChunk() {
    Response response = counted(100, 1).build();

    assertThat(response.tpotNanos()).isEqualTo(UNKNOWN);
    assertThat(samples(Figure.TPOT, response)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "100, 1, stop, false",
    "1, 1, length, true",
    // one token, and the end of the sequence
    "2, 1, stop, true",
    "2, 1, length, false",
  })
  void missesObjectivesOfPaceInOneChunkUnlessItIsOneToken(
      int tokens, int chunks, String reason, boolean met) {
    Response response = counted(tokens, chunks).finish(reason, 2 * STEP).build();

    assertThat(Objectives.parse("tpot<1ms,icl<1ms").metBy(response)).containsExactly(met, met);
  }

  @ParameterizedTest
  @EnumSource(OutputTokensSource.class)
  void hasNoPaceWhereAllChunksCameAtOnce(OutputTokensSource source) {
    Response response =
        counted(4, 4).chunks(STEP, STEP + 1, STEP + 2, STEP + 3).output(4, source).build();

    assertThat(response.tpotNanos()).isEqualTo(UNKNOWN);
    assertThat(List.of(Figure.TPOT, Figure.ICL, Figure.ITL))
        .allSatisfy(figure -> assertThat(samples(figure, response)).isEmpty())
        .allSatisfy(figure -> assertThat(figure.whyAbsent()).endsWith("or all came at once"));
    assertThat(Oddity.UNSTREAMED.isOf(response)).isTrue();
    assertThat(Objectives.parse("tpot<1s,icl<1s").metBy(response)).containsExactly(false, false);
  }

  @Test
  void missesObjectivesOfPaceInOneChunkThatNobodyCounted() {
    Response response = counted(1, 1).output(1, OutputTokensSource.CHUNKS).build();

    assertThat(Objectives.parse("tpot<1ms,icl<1ms").metBy(response)).containsExactly(false, false);
  }

  private static ResponseBuilder ofTwoChoices() {
    return ResponseBuilder.to("scenario", "request", 1)
        .times(0, 0, 100 * STEP)
        .chunks(STEP, STEP + 1, 2 * STEP, 2 * STEP + 1, 3 * STEP, 3 * STEP + 1)
        .choices(0, 1, 0, 1, 0, 1);
  }

  @Test
  void missesObjectivesOfPaceWhereOneTokenIsCountedBesideSeveralChunks() {
    Response response = counted(1, 10).finish("stop", 11 * STEP).build();

    assertThat(Objectives.parse("tpot<1ms,icl<1ms").metBy(response)).containsExactly(false, false);
  }

  @Test
  void keepsTheChoicesOfAResponseApart() {
    Response response = ofTwoChoices().output(6, OutputTokensSource.USAGE).build();

    assertThat(response.tpotNanos()).isEqualTo(STEP);
    assertThat(samples(Figure.ICL, response)).hasSize(4).containsOnly(20.0);
    assertThat(samples(Figure.ITL, response)).hasSize(4).containsOnly(20.0);
  }

  @Test
  void takesTheEndOfEachChoiceForATokenWhereTheServerCountsThem() {
    Response response =
        ofTwoChoices().output(8, OutputTokensSource.USAGE).finish("stop", 4 * STEP).build();

    assertThat(response.tpotNanos()).isEqualTo(STEP);
    assertThat(response.shownTokens()).isEqualTo(6);
    assertThat(samples(Figure.ITL, response)).hasSize(4).containsOnly(20.0);
  }

  /** The reason is known of the choice that ended last, and the others may have another. */
  @ParameterizedTest
  @ValueSource(strings = {"stop", "length", "tool_calls"})
  void takesTheEndOfOneChoiceForATokenWhereTheOtherEndedAtItsLimit(String reason) {
    Response response =
        ofTwoChoices().output(7, OutputTokensSource.USAGE).finish(reason, 4 * STEP).build();

    assertThat(response.tpotNanos()).isEqualTo(STEP);
    assertThat(response.shownTokens()).isEqualTo(6);
    assertThat(samples(Figure.ITL, response)).hasSize(4).containsOnly(20.0);
  }

  @Test
  void takesMoreTokensThanChoicesCanEndForPartsOfChunks() {
    Response response =
        ofTwoChoices().output(9, OutputTokensSource.USAGE).finish("stop", 4 * STEP).build();

    assertThat(response.shownTokens()).isEqualTo(9);
    assertThat(response.tpotNanos()).isEqualTo(4.0 * STEP / 7);
  }
}
