package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoodputTest {

  private static RunSummary run(String objectives, TestResponse... responses) {
    return Runs.of(
        Window.openEnded(Duration.ZERO),
        Objectives.parse(objectives),
        Arrays.stream(responses).map(TestResponse::build).toList());
  }

  private static Goodput goodput(String objectives, TestResponse... responses) {
    return run(objectives, responses).overall().totals().goodput();
  }

  @Test
  void sharesAreOfAllResponses() {
    Goodput goodput =
        goodput(
            "ttft<500ms,e2e<2s",
            TestResponse.streamed(0, 400, 1000),
            TestResponse.streamed(0, 600, 1000),
            TestResponse.streamed(0, 400, 3000),
            TestResponse.streamed(0, 100, 200).failed("truncated", null));

    assertThat(goodput.percent()).isEqualTo(25);
    assertThat(goodput.perSecond()).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(goodput.objectives())
        .extracting(share -> share.objective().indicator().figure(), Goodput.Share::percent)
        .containsExactly(tuple(Figure.TTFT, 50.0), tuple(Figure.E2E, 50.0));
  }

  @Test
  void everyScopeHasItsOwnGoodput() {
    RunSummary run =
        run(
            "ttft<500ms",
            TestResponse.streamed(0, 400).turn(1).group(0),
            TestResponse.streamed(0, 600).turn(2).group(1).request("again"));

    assertThat(run.overall().byTurn().get(1).totals().goodput().percent()).isEqualTo(100);
    assertThat(run.overall().byTurn().get(2).totals().goodput().percent()).isZero();
    assertThat(run.byGroup().get(1).totals().goodput().percent()).isZero();
    assertThat(run.byRequest().get("again").totals().goodput().percent()).isZero();
    assertThat(run.byRequest().get("answer").totals().goodput().percent()).isEqualTo(100);
  }

  @Test
  void isAbsentWithoutObjectives() {
    assertThat(Runs.of(TestResponse.streamed(0, 1)).overall().totals().goodput()).isNull();
  }

  @Test
  void includesTheLimitOnlyIfStated() {
    assertThat(goodput("ttft<500ms", TestResponse.streamed(0, 500)).percent()).isZero();
    assertThat(goodput("ttft<=500ms", TestResponse.streamed(0, 500)).percent()).isEqualTo(100);
  }

  @Test
  void oneTokenMeetsLimitsBetweenTokens() {
    assertThat(goodput("tpot<1us,icl<1us", TestResponse.streamed(0, 900)).percent()).isEqualTo(100);
  }

  @Test
  void unknownLengthMissesLimitsPerToken() {
    assertThat(goodput("tpot<1m", TestResponse.between(0, 9).chunks(1, 5)).percent()).isZero();
    assertThat(goodput("ntpot<1m", TestResponse.between(0, 9).chunks(1, 5)).percent()).isZero();
  }

  @Test
  void missingOutputMissesItsLimit() {
    assertThat(goodput("ttfo<1m", TestResponse.streamed(0, 9)).percent())
        .as("only reasoning")
        .isZero();
    assertThat(goodput("ttfo<1m", TestResponse.streamed(0, 9).firstOutput(9)).percent())
        .isEqualTo(100);
    assertThat(goodput("ttft<1m", TestResponse.between(0, 9)).percent()).isZero();
  }

  @Test
  void oneStallMissesTheLimitOfGaps() {
    TestResponse stalls = TestResponse.streamed(0, 10, 20, 30, 40, 340);

    assertThat(goodput("icl<200ms", stalls).percent()).isZero();
    assertThat(goodput("tpot<200ms", stalls).percent()).isEqualTo(100);
    assertThat(goodput("ntpot<68ms", stalls).percent()).isZero();
    assertThat(goodput("ntpot<=68ms", stalls).percent()).isEqualTo(100);
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
        "ttft<500ms, | '': not a condition; write a figure, a statistic, a sign",
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
