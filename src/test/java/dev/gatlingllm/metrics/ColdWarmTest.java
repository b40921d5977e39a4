package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColdWarmTest {

  private static Reply reply(int turn, double ttft) {
    return Reply.streamed(0, ttft).turn(turn);
  }

  @Test
  void firstTurnsAreColdAndLaterOnesWarm() {
    ColdWarm coldWarm =
        Runs.of(
                reply(1, 400),
                reply(2, 100),
                reply(5, 50),
                reply(0, 999),
                reply(1, 7).failed("truncated", null),
                Reply.between(0, 5).turn(2))
            .coldWarm();

    assertThat(coldWarm.cold().count()).isEqualTo(1);
    assertThat(coldWarm.cold().mean()).isEqualTo(400);
    assertThat(coldWarm.warm().count()).isEqualTo(2);
    assertThat(coldWarm.warm().max()).isEqualTo(100);
    assertThat(coldWarm.speedUp()).as("one cold reply has no spread").isNull();
  }

  @Test
  void theSpeedUpIsTheRatioOfGeometricMeansWithWelchsInterval() {
    ColdWarm.SpeedUp speedUp =
        Runs.of(reply(1, 200), reply(1, 800), reply(2, 50), reply(3, 100), reply(4, 200))
            .coldWarm()
            .speedUp();

    // worked by hand: means of ln are ln 400 and ln 100, variances 2 ln² 2 and ln² 2, so that
    // se² = ln² 2 · (1 + 1/3) and ν = (4/3)² / (1 + (1/9)/2) = 1.6842, for which t = 5.1762
    double halfWidth = 5.1762 * Math.log(2) * Math.sqrt(4.0 / 3);
    assertThat(speedUp.ratio()).isCloseTo(4, within(1e-9));
    assertThat(Math.log(speedUp.low())).isCloseTo(Math.log(4) - halfWidth, within(2e-3));
    assertThat(Math.log(speedUp.high())).isCloseTo(Math.log(4) + halfWidth, within(2e-3));
  }

  @Test
  void withoutSpreadTheIntervalIsThePoint() {
    ColdWarm.SpeedUp speedUp =
        Runs.of(reply(1, 200), reply(1, 200), reply(2, 50), reply(2, 50)).coldWarm().speedUp();

    assertThat(speedUp)
        .isEqualTo(new ColdWarm.SpeedUp(speedUp.ratio(), speedUp.ratio(), speedUp.ratio()));
    assertThat(speedUp.ratio()).isCloseTo(4, within(1e-9));
  }

  @Test
  void theIntervalHoldsTheTruthAboutAsOftenAsItSays() {
    Random random = new Random(7);
    int held = 0;
    for (int run = 0; run < 1_000; run++) {
      List<Reply> replies = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        boolean cold = i < 8;
        double ttft = (cold ? 300 : 100) * Math.exp((cold ? 0.6 : 0.3) * random.nextGaussian());
        replies.add(reply(cold ? 1 : 2, ttft));
      }
      ColdWarm.SpeedUp speedUp = Runs.of(replies.toArray(Reply[]::new)).coldWarm().speedUp();
      held += speedUp.low() <= 3 && 3 <= speedUp.high() ? 1 : 0;
    }
    // 950 give or take four standard errors
    assertThat(held).isBetween(922, 978);
  }
}
