package dev.gatlingllm.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluralsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 requests were cut",
    "1, 1 request was cut",
    "11, 11 requests were cut",
    "1000, '1,000 requests were cut'"
  })
  void followsTheNumberBefore(long count, String sentence) {
    assertThat(Plurals.format("%,d request{s} w{as|ere} cut", count)).isEqualTo(sentence);
  }

  @Test
  void leavesBracesOfValuesUnchanged() {
    assertThat(Plurals.format("%d response{s} failed: %s", 1, "1{s} {a|b}"))
        .isEqualTo("1 response failed: 1{s} {a|b}");
  }
}
