package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColdWarmTest {

  private static TestResponse cold(double ttft) {
    return TestResponse.streamed(0, ttft).input(100).cached(49);
  }

  private static TestResponse warm(double ttft) {
    return TestResponse.streamed(0, ttft).input(100).cached(50);
  }

  private static TestResponse reusable(int tokens, double ttft) {
    return TestResponse.streamed(0, ttft).input(100).expected(100, tokens);
  }

  @Test
  void promptsAreWarmIfHalfOfThemWasCachedWhateverTheirTurn() {
    ColdWarm coldWarm =
        Runs.of(
                cold(400).turn(2),
                warm(100).turn(1),
                warm(50).turn(2),
                cold(7).failed("truncated", null),
                warm(3).cut(),
                TestResponse.between(0, 5).input(100).cached(90))
            .coldWarm();

    assertThat(coldWarm.cold().count()).isEqualTo(1);
    assertThat(coldWarm.cold().mean()).isEqualTo(400);
    assertThat(coldWarm.warm().count()).isEqualTo(2);
    assertThat(coldWarm.warm().max()).isEqualTo(100);
    assertThat(coldWarm.speedUp()).as("one cold response has no spread").isNull();
  }

  @Test
  void promptsAreWarmIfHalfOfThemWasSentBeforeAndTheServerReportsNothing() {
    ColdWarm coldWarm =
        Runs.of(reusable(49, 400), reusable(50, 100), TestResponse.streamed(0, 9).input(100))
            .coldWarm();

    assertThat(coldWarm.cold().max()).isEqualTo(400);
    assertThat(coldWarm.warm().max()).isEqualTo(100);
    assertThat(coldWarm.warm().count()).as("nothing is known of the third one").isEqualTo(1);
  }

  @Test
  void promptsWithoutAReportAreColdIfTheServerReportsOthers() {
    ColdWarm coldWarm = Runs.of(reusable(90, 400), warm(100)).coldWarm();

    assertThat(coldWarm.cold().max()).isEqualTo(400);
    assertThat(coldWarm.warm().max()).isEqualTo(100);
  }

  @Test
  void speedUpIsTheRatioOfGeometricMeansWithWelchsInterval() {
    ColdWarm.SpeedUp speedUp =
        Runs.of(cold(200), cold(800), warm(50), warm(100), warm(200)).coldWarm().speedUp();

    // worked by hand: means of ln are ln 400 and ln 100, variances 2 ln² 2 and ln² 2, so that
    // se² = ln² 2 · (1 + 1/3) and ν = (4/3)² / (1 + (1/9)/2) = 1.6842, for which t = 5.1762
    double halfWidth = 5.1762 * Math.log(2) * Math.sqrt(4.0 / 3);
    assertThat(speedUp.ratio()).isCloseTo(4, within(1e-9));
    assertThat(Math.log(speedUp.low())).isCloseTo(Math.log(4) - halfWidth, within(2e-3));
    assertThat(Math.log(speedUp.high())).isCloseTo(Math.log(4) + halfWidth, within(2e-3));
  }

  /**
   * Twice as long a prompt takes about twice as long to read; a cache that is of use outdoes it.
   */
  @ParameterizedTest
  @CsvSource({
    "300, 330, 100, 124, true",
    "300, 330, 100, 126, false",
    "300, 330, 80, 100, true",
    "300, 330, 79, 100, false",
    "700, 900, 126, 100, true",
    "700, 900, 79, 100, false",
    "300, 330, 79, 126, false",
    "100, 120, 79, 100, true",
    "100, 120, 300, 100, false",
  })
  void comparesPromptsOfOtherLengthsOnlyWhereTheLongerOnesAreFaster(
      double cold, double spread, int warmTokens, int coldTokens, boolean isComparable) {
    ColdWarm coldWarm =
        Runs.of(
                cold(cold).input(coldTokens).cached(0),
                cold(spread).input(coldTokens).cached(0),
                cold(cold).input(coldTokens).cached(0),
                warm(200).input(warmTokens).cached(warmTokens),
                warm(220).input(warmTokens).cached(warmTokens),
                warm(210).input(warmTokens).cached(warmTokens))
            .coldWarm();

    assertThat(coldWarm.lengths()).isCloseTo((double) warmTokens / coldTokens, within(1e-9));
    assertThat(coldWarm.speedUp() != null).isEqualTo(isComparable);
  }

  /** One model may be slower than another, whatever it has in its cache. */
  @Test
  void comparesNoPromptsOfSeveralModels() {
    TestResponse[] all = {cold(400), cold(400), warm(100), warm(100)};
    assertThat(Runs.of(all).coldWarm().speedUp()).isNotNull();

    all[0].model("small");
    all[1].model("big");
    assertThat(Runs.of(all).coldWarm().speedUp()).isNull();
    assertThat(Runs.of(all).coldWarm().lengths()).isEqualTo(1);
  }

  @Test
  void knowsNoLengthsWherePromptsAreOfUnknownLength() {
    ColdWarm coldWarm =
        Runs.of(
                TestResponse.streamed(0, 400).cached(0),
                TestResponse.streamed(0, 400).cached(0),
                warm(100),
                warm(100))
            .coldWarm();

    assertThat(coldWarm.lengths()).isNull();
    assertThat(coldWarm.speedUp()).isNotNull();
  }

  @Test
  void leavesOutResponsesThatAreNoStreams() {
    ColdWarm all =
        Runs.of(cold(200), warm(50), cold(1_400).output(64).oddities(Oddity.ONE_BODY), warm(60))
            .coldWarm();

    assertThat(all.cold().max()).isEqualTo(200);
    assertThat(all.warm().count()).isEqualTo(2);
  }

  @Test
  void intervalHasNoWidthWithoutVariance() {
    ColdWarm.SpeedUp speedUp =
        Runs.of(cold(200), cold(200), warm(50), warm(50)).coldWarm().speedUp();

    assertThat(speedUp)
        .isEqualTo(new ColdWarm.SpeedUp(speedUp.ratio(), speedUp.ratio(), speedUp.ratio()));
    assertThat(speedUp.ratio()).isCloseTo(4, within(1e-9));
  }

  @Test
  void intervalCoversTheTruthAtItsConfidence() {
    Random random = new Random(7);
    RunClock clock = new RunClock(Window.openEnded(Duration.ZERO));
    clock.begin(TestResponse.ORIGIN, 0);
    int held = 0;
    for (int run = 0; run < 1_000; run++) {
      ColdWarmAccumulator responses = new ColdWarmAccumulator();
      for (int i = 0; i < 30; i++) {
        boolean cold = i < 8;
        double ttft = (cold ? 300 : 100) * Math.exp((cold ? 0.6 : 0.3) * random.nextGaussian());
        Response response = (cold ? cold(ttft) : warm(ttft)).build();
        responses.add(WindowedResponse.of(response, 1, clock, null, Objectives.NONE, false, null));
      }
      ColdWarm.SpeedUp speedUp =
          responses
              .summary(new SummaryContext(60, Objectives.NONE, true, Deployment.UNKNOWN), 1)
              .speedUp();
      held += speedUp.low() <= 3 && 3 <= speedUp.high() ? 1 : 0;
    }
    // 950 give or take four standard errors
    assertThat(held).isBetween(922, 978);
  }
}
