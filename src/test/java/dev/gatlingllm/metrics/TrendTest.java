package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.ScopeSummary.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrendTest {

  private static Optional<Trend> trend(int seconds, LongToDoubleFunction value) {
    List<Step> steps =
        LongStream.range(-5, seconds + 5)
            .mapToObj(
                second ->
                    step(
                        second,
                        second < 0 || second >= seconds ? 1e9 : value.applyAsDouble(second)))
            .toList();
    return Trend.of(steps, 0, seconds, Trend.mean(Step::outputTokensPerSecond, step -> 1));
  }

  private static Step step(long second, double output) {
    return new Step(second, 1, 0, output, 1, 0, null, null, null, Map.of(), Map.of(), Map.of());
  }

  @Test
  void findsAStraightRiseWithinTheWindow() {
    Trend rise = trend(100, second -> 10 + second).orElseThrow();

    assertThat(rise.first()).isCloseTo(14.5, within(1e-6));
    assertThat(rise.last()).isCloseTo(104.5, within(1e-6));
    assertThat(rise.rose(0.25)).isTrue();
    assertThat(rise.fell(0.25)).isFalse();
  }

  @Test
  void findsNoTrendInNoise() {
    Trend noise = trend(100, second -> second * 7919 % 100).orElseThrow();

    assertThat(noise.low()).isNegative();
    assertThat(noise.high()).isPositive();
    assertThat(noise.rose(0)).isFalse();
    assertThat(noise.fell(0)).isFalse();
  }

  @Test
  void findsAFall() {
    assertThat(trend(60, second -> 100 - second).orElseThrow().fell(0.25)).isTrue();
  }

  @Test
  void endsNowhereThatNoPartOfTheWindowWas() {
    Trend steep = trend(100, second -> second < 20 ? 500 : 20).orElseThrow();

    assertThat(steep.first()).isBetween(20.0, 500.0);
    assertThat(steep.last()).as("the line itself is below 0 there").isEqualTo(20);
  }

  @Test
  void ignoresARiseThatIsSmall() {
    assertThat(trend(60, second -> 1_000 + second).orElseThrow().rose(0.25)).isFalse();
  }

  @Test
  void isUnknownIfTooFewPartsHaveAValue() {
    assertThat(trend(5, second -> second)).isEmpty();
  }
}
