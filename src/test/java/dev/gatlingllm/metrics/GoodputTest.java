package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoodputTest {

  private static RunSummary run(String objectives, TestResponse... responses) {
    return run(Window.openEnded(Duration.ZERO), objectives, responses);
  }

  private static RunSummary run(Window window, String objectives, TestResponse... responses) {
    return Runs.of(
        window,
        Objectives.parse(objectives),
        Arrays.stream(responses).map(TestResponse::build).toList());
  }

  private static Totals goodput(String objectives, TestResponse... responses) {
    return run(objectives, responses).overall().totals();
  }

  private static double percent(Totals totals) {
    return totals.value(Figure.GOODPUT_PERCENT).orElseThrow();
  }

  @Test
  void sharesAreOfAllResponses() {
    Totals goodput =
        goodput(
            "ttft<500ms,e2e<2s",
            TestResponse.streamed(0, 400, 1000),
            TestResponse.streamed(0, 600, 1000),
            TestResponse.streamed(0, 400, 3000),
            TestResponse.streamed(0, 100, 200).failed("truncated", null));

    assertThat(percent(goodput)).isEqualTo(25);
    assertThat(goodput.value(Figure.GOODPUT_PER_SECOND).orElseThrow())
        .isCloseTo(1 / 3.0, within(1e-9));
    assertThat(goodput.objectives())
        .extracting(share -> share.objective().indicator().figure(), Totals.Share::percent)
        .containsExactly(tuple(Figure.TTFT, 50.0), tuple(Figure.E2E, 50.0));
  }

  private static Totals afterOneSecond(String objectives, TestResponse... responses) {
    return run(Window.openEnded(Duration.ofSeconds(1)), objectives, responses).overall().totals();
  }

  private static Totals atTheEndOfOneSecond(String objectives, TestResponse... responses) {
    return run(Window.of(Duration.ZERO, List.of(Duration.ofSeconds(1))), objectives, responses)
        .overall()
        .totals();
  }

  @ParameterizedTest
  @CsvSource({
    // written at 400 ms, tokens at 500 and 650 ms, then nothing until the load is stopped
    "ttft<100ms, 50",
    "ttft<=100ms, 100",
    "ttfo<600ms, 50",
    "ttfo<=600ms, 100",
    "icl<350ms, 50",
    "icl<=350ms, 100",
    "e2e<600ms, 50",
    "e2e<=600ms, 100",
    "tpot<1us, 100"
  })
  void anUnfinishedRequestCountsOnceItHasMissedAnObjective(String objectives, double percent) {
    Totals goodput =
        atTheEndOfOneSecond(
            objectives,
            TestResponse.streamed(0, 10).firstOutput(10),
            TestResponse.streamed(400, 500, 650, 2_000).cut());

    assertThat(percent(goodput)).isEqualTo(percent);
    assertThat(goodput.objectives()).extracting(Totals.Share::percent).containsExactly(percent);
    assertThat(goodput.requests()).isEqualTo(1);
  }

  @Test
  void anUnfinishedRequestCountsForTheObjectivesThatItHasMissed() {
    Totals goodput =
        atTheEndOfOneSecond(
            "ttft<200ms,tpot<50ms",
            TestResponse.streamed(0, 10, 30),
            TestResponse.between(400, 2_000).cut());

    assertThat(percent(goodput)).isEqualTo(50);
    assertThat(goodput.objectives()).extracting(Totals.Share::percent).containsExactly(50.0, 100.0);
  }

  @Test
  void anUnfinishedRequestHasMissedAnObjectiveByAGapOfOneOfItsChoices() {
    Totals goodput =
        atTheEndOfOneSecond(
            "icl<300ms",
            TestResponse.streamed(0, 10),
            TestResponse.streamed(0, 100, 101, 301, 501, 701, 800, 2_000)
                .choices(0, 1, 1, 1, 1, 0, 0)
                .cut());

    assertThat(goodput.value(Figure.UNFINISHED_MISSED)).hasValue(1);
  }

  @Test
  void anAbandonedResponseCountsOnceItHasMissedAnObjective() {
    Totals missed =
        atTheEndOfOneSecond(
            "ttft<500ms",
            TestResponse.streamed(0, 10),
            TestResponse.between(100, 700).abandoned(),
            TestResponse.streamed(100, 700, 800).abandoned(),
            TestResponse.between(100, 500).abandoned(),
            TestResponse.streamed(100, 400, 450).abandoned());

    assertThat(percent(missed)).isEqualTo(100 / 3.0);
    assertThat(missed.requests()).isEqualTo(1);
  }

  @Test
  void anAbandonedResponseHasMissedAnObjectiveOfThePaceThatItsUserSaw() {
    Totals missed =
        atTheEndOfOneSecond(
            "tpot<50ms",
            TestResponse.streamed(0, 10, 30),
            TestResponse.streamed(100, 200, 251, 298).abandoned(),
            TestResponse.streamed(100, 200, 251, 302).abandoned(),
            TestResponse.streamed(100, 200).abandoned(),
            TestResponse.streamed(100, 200, 400, 2_000).cut());

    assertThat(missed.value(Figure.UNFINISHED_MISSED)).hasValue(1);
    assertThat(percent(missed)).isEqualTo(50);
  }

  /** After two tokens 20 ms apart, or one, nothing comes for a while. */
  @ParameterizedTest
  @CsvSource({"279, 0", "281, 1"})
  void anAbandonedResponseHasMissedAnObjectiveOfThePaceOnceItsUserWaited(double end, long missed) {
    Totals totals =
        atTheEndOfOneSecond(
            "tpot<40ms",
            TestResponse.streamed(0, 10, 30),
            TestResponse.between(100, end).chunks(200, 220).output(2).abandoned());
    assertThat(totals.value(Figure.UNFINISHED_MISSED)).hasValue(missed);

    Totals ofOne =
        atTheEndOfOneSecond(
            "tpot<80ms",
            TestResponse.streamed(0, 10, 30),
            TestResponse.between(100, end).chunks(200).output(1).abandoned());
    assertThat(ofOne.value(Figure.UNFINISHED_MISSED)).hasValue(missed);
  }

  /** Nobody counts the tokens of a response that has no usage. */
  @Test
  void chunksOfAnAbandonedResponseHaveAsManyTokensAsThoseOfOthers() {
    Totals missed =
        atTheEndOfOneSecond(
            "tpot<50ms",
            TestResponse.streamed(0, 10, 30).output(6),
            TestResponse.streamed(0, 10).output(600).request("in one body"),
            TestResponse.streamed(100, 200, 400, 598)
                .source(OutputTokensSource.CHUNKS)
                .request("of which none ended")
                .abandoned(),
            TestResponse.streamed(100, 200, 330, 457).source(OutputTokensSource.CHUNKS).abandoned(),
            TestResponse.streamed(100, 200, 400, 602).source(OutputTokensSource.CHUNKS).abandoned(),
            TestResponse.streamed(100, 200, 400, 598)
                .source(OutputTokensSource.CHUNKS)
                .abandoned());

    assertThat(missed.value(Figure.UNFINISHED_MISSED)).hasValue(1);
  }

  /** Two of four tokens were reasoning that was never sent: two came 70 ms apart. */
  @ParameterizedTest
  @CsvSource({"60, 1", "80, 0"})
  void anAbandonedResponseHasThePaceOfTheTokensThatCame(int limit, long missed) {
    assertThat(missed(limit, TestResponse.streamed(100, 200, 270).output(4).hidden(2)))
        .hasValue(missed);
  }

  /** Each of two choices has tokens 40 ms apart. */
  @ParameterizedTest
  @CsvSource({"39, 1", "41, 0"})
  void anAbandonedResponseOfSeveralChoicesHasThePaceOfEach(int limit, long missed) {
    assertThat(
            missed(
                limit,
                TestResponse.streamed(100, 200, 201, 240, 241, 280, 281).choices(0, 1, 0, 1, 0, 1)))
        .hasValue(missed);
  }

  /** Returns how many miss a limit of TPOT where a user leaves a response. */
  private static OptionalDouble missed(int limit, TestResponse left) {
    return atTheEndOfOneSecond(
            "tpot<" + limit + "ms", TestResponse.streamed(0, 10, 30), left.abandoned())
        .value(Figure.UNFINISHED_MISSED);
  }

  /** It is stopped in the first of two iterations. */
  @Test
  void aRequestThatIsCutMissesInTheIterationInWhichItIsCut() {
    RunSummary run =
        run(
            Window.ofIterations(List.of(), List.of(Duration.ofSeconds(1), Duration.ofSeconds(1))),
            "ttft<200ms",
            TestResponse.streamed(0, 10, 30),
            TestResponse.between(400, 900).cut(),
            TestResponse.streamed(1_200, 1_210, 1_300));

    assertThat(percent(run.byIteration().get(1).totals())).isEqualTo(50);
    assertThat(percent(run.byIteration().get(2).totals())).isEqualTo(100);
  }

  /** It misses in the first iteration, and ends in the second. */
  @Test
  void aRequestThatGoesOnMissesInTheIterationInWhichItEnds() {
    RunSummary run =
        run(
            Window.ofIterations(List.of(), List.of(Duration.ofSeconds(1), Duration.ofSeconds(1))),
            "ttft<200ms",
            TestResponse.streamed(0, 10, 30),
            TestResponse.streamed(100, 700, 1_500),
            TestResponse.streamed(1_200, 1_210, 1_300),
            TestResponse.between(400, 2_500).cut());

    assertThat(percent(run.byIteration().get(1).totals())).isEqualTo(100);
    assertThat(percent(run.byIteration().get(2).totals())).isEqualTo(100 / 3.0);
    assertThat(percent(run.overall().totals())).isEqualTo(50);
  }

  /** The window opens at 1,000 ms. */
  @ParameterizedTest
  @CsvSource({
    "ttft<300ms, 1",
    "ttft<=300ms, 0",
    "ttft<500ms, 0",
    "ttfo<400ms, 1",
    "e2e<300ms, 1",
    "e2e<600ms, 0",
    "icl<100ms, 0",
    "icl<150ms, 0",
    "icl<170ms, 1",
    "tpot<10ms, 0"
  })
  void aResponseThatMissedInTheWarmUpIsLeftOut(String objective, long leftOut) {
    Totals goodput =
        afterOneSecond(
            objective,
            // 180 ms between tokens in the warm-up, 150 and 100 ms in the window
            TestResponse.streamed(500, 800, 980, 1_130, 1_230),
            TestResponse.streamed(1_000, 1_200, 1_205).firstOutput(1_200));

    assertThat(goodput.count(Figure.MISSED_IN_WARM_UP)).isEqualTo(leftOut);
    assertThat(goodput.requests()).isEqualTo(2);
    assertThat(goodput.judged()).isEqualTo(2 - leftOut);
    if (leftOut == 1) {
      assertThat(percent(goodput)).isEqualTo(100);
      assertThat(goodput.objectives()).extracting(Totals.Share::percent).containsOnly(100.0);
    }
  }

  @Test
  void aResponseThatMissedInTheWarmUpCountsForObjectivesThatItDidNotMissThere() {
    Totals goodput =
        afterOneSecond(
            "ttft<300ms,tpot<10ms,e2e<9s",
            TestResponse.streamed(500, 800, 900, 1_050, 1_200),
            TestResponse.streamed(1_000, 1_200, 1_205));

    assertThat(percent(goodput)).as("it missed TPOT in the window").isEqualTo(50);
    assertThat(goodput.count(Figure.MISSED_IN_WARM_UP)).isZero();
    assertThat(goodput.objectives())
        .extracting(Totals.Share::percent)
        .containsExactly(100.0, 50.0, 100.0);
  }

  /** Of those that ended, one had missed it in the warm-up; of the others, nothing is known yet. */
  @Test
  void theShareOfAnObjectiveIsUnknownIfNoRequestTellsOfIt() {
    Totals goodput =
        run(
                Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(1))),
                "ttft<300ms,e2e<600ms",
                TestResponse.streamed(500, 900, 1_050),
                TestResponse.streamed(1_100, 1_200, 1_300, 2_500))
            .overall()
            .totals();

    assertThat(percent(goodput)).isZero();
    assertThat(goodput.objectives())
        .extracting(Totals.Share::percent)
        .containsExactly(Double.NaN, 50.0);
  }

  @Test
  void aResponseThatMeetsAllObjectivesIsNotLeftOut() {
    // its end comes long after the last chunk, and the window opens between them
    Totals goodput =
        afterOneSecond("icl<300ms", TestResponse.between(0, 1_500).chunks(100, 200, 300).output(3));

    assertThat(percent(goodput)).isEqualTo(100);
    assertThat(goodput.value(Figure.GOODPUT_PER_SECOND).orElseThrow()).isPositive();
  }

  /** A benchmark would have no score of a server that answers nothing in time. */
  @Test
  void anIterationCountsWhatEndsInItWhereverItMissed() {
    RunSummary run =
        run(
            Window.ofIterations(
                List.of(Duration.ofSeconds(1)),
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(1))),
            "ttft<500ms",
            TestResponse.streamed(0, 900, 1_200),
            TestResponse.streamed(2_000, 2_100, 2_200));

    assertThat(percent(run.byIteration().get(1).totals())).isZero();
    assertThat(percent(run.byIteration().get(2).totals())).isEqualTo(100);
    assertThat(percent(run.overall().totals())).isEqualTo(100);
  }

  /** It fails in the window, or its user leaves, or it hangs to the end. */
  @Test
  void aRequestOfTheWarmUpThatDoesNotEndWellCounts() {
    for (TestResponse late :
        List.of(
            TestResponse.streamed(0, 900, 1_200).failed("truncated", null),
            TestResponse.streamed(0, 900, 1_200).abandoned(),
            TestResponse.between(0, 9_000).cut())) {
      Totals goodput =
          run(
                  Window.of(Duration.ofSeconds(1), List.of(Duration.ofSeconds(1))),
                  "ttft<500ms",
                  late,
                  TestResponse.streamed(1_000, 1_200, 1_205))
              .overall()
              .totals();

      assertThat(percent(goodput)).isEqualTo(50);
    }
  }

  @Test
  void nothingIsKnownOfGoodputIfAllMissedInTheWarmUp() {
    Totals goodput = afterOneSecond("ttft<500ms", TestResponse.streamed(0, 900, 1_200));

    assertThat(goodput.value(Figure.GOODPUT_PERCENT)).isEmpty();
    assertThat(goodput.value(Figure.GOODPUT_PER_SECOND)).hasValue(0);
    assertThat(goodput.objectives()).isEmpty();
  }

  @Test
  void goodputIsZeroIfEveryRequestHangs() {
    Totals goodput =
        atTheEndOfOneSecond("ttft<500ms,tpot<50ms", TestResponse.between(0, 9_000).cut());

    assertThat(percent(goodput)).isZero();
    assertThat(goodput.value(Figure.GOODPUT_PER_SECOND)).hasValue(0);
    assertThat(goodput.objectives())
        .extracting(Totals.Share::percent)
        .as("of TPOT, nothing is known")
        .containsExactly(0.0, Double.NaN);
  }

  @Test
  void everyScopeHasItsOwnGoodput() {
    RunSummary run =
        run(
            "ttft<500ms",
            TestResponse.streamed(0, 400).turn(1).group(0),
            TestResponse.streamed(0, 600).turn(2).group(1).request("again"));

    assertThat(percent(run.overall().byTurn().get(1).totals())).isEqualTo(100);
    assertThat(percent(run.overall().byTurn().get(2).totals())).isZero();
    assertThat(percent(run.byGroup().get(1).totals())).isZero();
    assertThat(percent(run.byRequest().get("again").totals())).isZero();
    assertThat(percent(run.byRequest().get("answer").totals())).isEqualTo(100);
  }

  @Test
  void isAbsentWithoutObjectives() {
    assertThat(Runs.of(TestResponse.streamed(0, 1)).overall().totals().objectives()).isEmpty();
  }

  @Test
  void includesTheLimitOnlyIfStated() {
    assertThat(percent(goodput("ttft<500ms", TestResponse.streamed(0, 500)))).isZero();
    assertThat(percent(goodput("ttft<=500ms", TestResponse.streamed(0, 500)))).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"tpot<50ms", "icl<50ms", "ttft<50ms"})
  void embeddingsMissLimitsOfTokensAlsoIfTheServerCountsNone(String objective) {
    Response embeddings =
        ResponseBuilder.to("rag", "embed", 1)
            .times(0, TestResponse.nanos(0), TestResponse.nanos(9))
            .output(0, Response.OutputTokensSource.USAGE)
            .build();
    RunSummary run =
        Runs.of(Window.openEnded(Duration.ZERO), Objectives.parse(objective), List.of(embeddings));

    assertThat(percent(run.overall().totals())).isZero();
  }

  @Test
  void oneTokenMeetsLimitsBetweenTokens() {
    assertThat(percent(goodput("tpot<1us,icl<1us", TestResponse.streamed(0, 900)))).isEqualTo(100);
  }

  @Test
  void unknownLengthMissesLimitsPerToken() {
    assertThat(percent(goodput("tpot<1m", TestResponse.between(0, 9).chunks(1, 5)))).isZero();
    assertThat(percent(goodput("ntpot<1m", TestResponse.between(0, 9).chunks(1, 5)))).isZero();
  }

  @Test
  void missingOutputMissesItsLimit() {
    assertThat(percent(goodput("ttfo<1m", TestResponse.streamed(0, 9))))
        .as("only reasoning")
        .isZero();
    assertThat(percent(goodput("ttfo<1m", TestResponse.streamed(0, 9).firstOutput(9))))
        .isEqualTo(100);
    assertThat(percent(goodput("ttft<1m", TestResponse.between(0, 9)))).isZero();
  }

  @Test
  void oneStallMissesTheLimitOfGaps() {
    TestResponse stalls = TestResponse.streamed(0, 10, 20, 30, 40, 340);

    assertThat(percent(goodput("icl<200ms", stalls))).isZero();
    assertThat(percent(goodput("tpot<200ms", stalls))).isEqualTo(100);
    assertThat(percent(goodput("ntpot<68ms", stalls))).isZero();
    assertThat(percent(goodput("ntpot<=68ms", stalls))).isEqualTo(100);
  }

  @Test
  void readsObjectivesInAnyUnit() {
    assertThat(Objectives.parse("ttft<0.5s, TPOT <= 50ms,e2e<2m,icl<900us").all())
        .isEqualTo(
            List.of(
                objective(Figure.TTFT, Comparison.LESS, 500),
                objective(Figure.TPOT, Comparison.LESS_OR_EQUAL, 50),
                objective(Figure.E2E, Comparison.LESS, 120_000),
                objective(Figure.ICL, Comparison.LESS, 0.9)));
  }

  private static Condition objective(Figure figure, Comparison comparison, double limit) {
    return new Condition(Indicator.of(figure), comparison, limit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft>500ms | 'ttft > 500 ms': the sign must be < or <=",
        "ttft<500ms, | '': not a condition; write a figure, a sign, a value",
        "ttft<500 | 'ttft<500': no unit; write a time such as 250us, 800ms or 1.5s",
        "ttft<500parsec | 'ttft<500parsec': invalid unit parsec; write a time such as",
        "ttft<0ms | 'ttft < 0 ms': the limit must be above 0",
        "ttft p95<5ms | 'ttft·p95 < 5 ms': a single response has no statistics; write ttft alone",
        "inputTokens<5 | 'inputTokens < 5': cannot be judged per response; use ttft, ttfo, icl,",
        "ttft<1s,ttft<2s | ttft has two conditions; keep the stricter one"
      })
  void rejectsInvalidObjectivesWithWhatIsAllowed(String text, String message) {
    assertThatThrownBy(() -> Objectives.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
