package dev.gatlingllm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "50ns, 50",
    "250us, 250_000",
    "10 ms, 10_000_000",
    "1.5s, 1_500_000_000",
    "2m, 120_000_000_000",
    "2min, 120_000_000_000",
    "1h, 3_600_000_000_000",
    "0.1ms, 100_000"
  })
  void readsNumberAndUnit(String text, String nanos) {
    assertThat(Durations.parse(text))
        .isEqualTo(Duration.ofNanos(Long.parseLong(nanos.replace("_", ""))));
  }

  @ParameterizedTest
  @CsvSource({
    "7 nanos, 7ns",
    "1 microsecond, 1us",
    "100 millis, 100ms",
    "20milliseconds, 20ms",
    "5 seconds, 5s",
    "1 second, 1s",
    "5 minutes, 5m",
    "1.5 hours, 90m",
    "2 days, 48h"
  })
  void readsTheWordsOfHocon(String words, String symbols) {
    assertThat(Durations.parse(words)).isEqualTo(Durations.parse(symbols));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 sec",
        "1 da",
        "1 secondss",
        "1 hour minutes",
        "",
        "10",
        "ms",
        "-1s",
        "1.s",
        "10 parsecs",
        "1s2"
      })
  void rejectsInvalidDurations(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("must be a duration with its unit, such as 250us, 10ms or 1.5s, got " + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3s", "1500ms", "250us", "7ns"})
  void writesTheTextThatItReads(String text) {
    assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(TimeUnit.class)
  void knowsUnitsByTheirSymbols(TimeUnit unit) {
    assertThat(Durations.unit(Durations.symbol(unit))).contains(unit);
  }

  @Test
  void convertsToMillisecondsWithFractions() {
    assertThat(Durations.millis(Duration.ofNanos(1_234_567_890))).isEqualTo(1234.56789);
  }
}
