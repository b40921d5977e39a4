package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeSpanTest {

  @ParameterizedTest
  @CsvSource({"0, PT0S", "250us, PT0.00025S", "10ms, PT0.01S", "1.5s, PT1.5S", "2 ms, PT0.002S"})
  void aTimeHasANumberAndAUnit(String text, Duration expected) {
    assertThat(TimeSpan.parse("overhead", text)).isEqualTo(expected);
  }
}
