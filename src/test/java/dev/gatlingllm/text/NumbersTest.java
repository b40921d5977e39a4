package dev.gatlingllm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource({"0.0123456, 0.01235", "12.3456, 12.35", "123456.7, 123457", "0, 0", "NaN, –"})
  void keepsFourDigitsOfScoresAndWholeNumbersInFull(double value, String text) {
    assertThat(Numbers.score(value)).isEqualTo(text);
  }

  @Test
  void writesThousandthsWithThreeDecimals() {
    assertThat(Stream.of(0L, 7L, 42L, 999L, 1_000L, 1_500_040L).map(Numbers::thousandths))
        .containsExactly("0.000", "0.007", "0.042", "0.999", "1.000", "1500.040");
  }

  @Test
  void writesUnitsUnlessThereIsNone() {
    assertThat(Numbers.score(12.34, "ms")).isEqualTo("12.34 ms");
    assertThat(Numbers.score(12, "#")).isEqualTo("12");
    assertThat(Numbers.score(Double.NaN, "ms")).isEqualTo("–");
    assertThat(Numbers.error(0.1234, "ms")).isEqualTo("0.12 ms");
  }

  @ParameterizedTest
  @CsvSource({"1.23456, 1.235", "400, 400", "-0.0001, 0", "1e7, 10000000"})
  void writesDecimalsWithoutTrailingZeros(double value, String text) {
    assertThat(Numbers.decimals(value, 3)).isEqualTo(text);
  }

  @Test
  void writesPercent() {
    assertThat(Numbers.signedPercent(3.14)).isEqualTo("+3.1 %");
    assertThat(Numbers.signedPercent(-0.01)).isEqualTo("0.0 %");
    assertThat(Numbers.percentOf(0.999)).isEqualTo("99.9 %");
  }

  @ParameterizedTest
  @CsvSource({"0.1234, 0.123", "-23.456, -23.5", "1.234, 1.23", "12.34, 12.3", "1234.5, '1,235'"})
  void writesAboutThreeDigitsOfTimes(double millis, String text) {
    assertThat(Numbers.millis(millis)).isEqualTo(text);
  }
}
