package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3                             | 3",
        "0                             | 0",
        "Tue, 24 Nov 2026 12:00:09 GMT | 9",
        "Tue, 24 Nov 2026 11:59:00 GMT | 0",
        "soon                          | 0",
        "-5                            | 0"
      })
  void parsesSecondsAndDates(String header, long seconds) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"250, 250", " 1500 , 1500", "soon, 0", "-1, 0", ", 3000"})
  void prefersMilliseconds(String header, long millis) {
    HttpHeaders headers = new DefaultHttpHeaders().set("Retry-After", "3");
    if (header != null) {
      headers.set("retry-after-ms", header);
    }

    assertThat(RetryAfter.parse(RetryAfter.of(headers), NOW)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void isZeroWithoutTheHeader() {
    assertThat(RetryAfter.parse(null, NOW)).isZero();
  }
}
