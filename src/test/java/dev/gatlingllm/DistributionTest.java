package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.prompt.SeededRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

  private static DoubleStream draws(Distribution distribution) {
    SeededRandom random = SeededRandom.of(1);
    return DoubleStream.generate(() -> distribution.draw(random)).limit(100_000);
  }

  private static IntStream wholeDraws(Distribution distribution) {
    SeededRandom random = SeededRandom.of(2);
    return IntStream.generate(() -> distribution.drawInt(random)).limit(100_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "128 | 128 | 0",
        "uniform(2,8) | 5 | 1.7320508",
        "normal(100,10) | 100 | 10",
        "lognormal(100,50) | 100 | 50",
        "poisson(3) | 3 | 1.7320508",
        "poisson(250) | 250 | 15.811388",
        "exponential(4) | 4 | 4"
      })
  void drawsItsMeanAndDeviation(String text, double mean, double deviation) {
    Distribution distribution = Distribution.parse(text);
    double drawnMean = draws(distribution).average().orElseThrow();
    double drawnDeviation =
        Math.sqrt(draws(distribution).map(x -> (x - mean) * (x - mean)).average().orElseThrow());

    assertThat(drawnMean).isCloseTo(mean, within(Math.max(1e-9, deviation * 0.02)));
    assertThat(drawnDeviation).isCloseTo(deviation, within(Math.max(1e-9, deviation * 0.05)));
  }

  @Test
  void uniformWholeNumbersIncludeBothEnds() {
    long[] counts = new long[4];
    wholeDraws(Distribution.uniform(1, 3)).forEach(value -> counts[value]++);

    assertThat(counts[0]).isZero();
    for (int value = 1; value <= 3; value++) {
      assertThat(counts[value]).isBetween(32_000L, 35_000L);
    }
  }

  @Test
  void clampMovesOutliersToTheEnds() {
    Distribution clamped = Distribution.normal(64, 16).clamp(8, 80);

    assertThat(wholeDraws(clamped)).allMatch(value -> value >= 8 && value <= 80).contains(80);
    assertThat(clamped.minimum()).isEqualTo(8);
    assertThat(clamped.maximum()).isEqualTo(80);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "128",
        "0.5",
        "uniform(1,3)",
        "normal(64,16).clamp(8,256)",
        "lognormal(10,2.5)",
        "poisson(7)",
        "exponential(0.05)"
      })
  void printsItsTextForm(String text) {
    assertThat(Distribution.parse(text)).hasToString(text);
  }

  @Test
  void ignoresBlanksAndCase() {
    assertThat(Distribution.parse(" Normal( 64 , 16 ) .clamp( 8 , 256 )"))
        .isEqualTo(Distribution.normal(64, 16).clamp(8, 256));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "twelve | got twelve: \"twelve\" is not a number",
        "normal(3) | normal takes 2 numbers",
        "poisson(1,2) | poisson takes 1 number",
        "zipf(2) | unknown distribution zipf",
        "uniform(1,x) | \"x\" is not a number",
        "3.clamp(1) | clamp takes 2 numbers",
        "3.clamped(1,2) | invalid clamp(…)",
        "uniform(9,2) | min must not be above max",
        "normal(9,-2) | must not be negative",
        "poisson(-1) | the mean must be from 0"
      })
  void rejectsInvalidText(String text, String why) {
    assertThatThrownBy(() -> Distribution.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
