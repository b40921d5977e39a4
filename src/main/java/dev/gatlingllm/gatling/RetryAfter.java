package dev.gatlingllm.gatling;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Parses HTTP's {@code Retry-After}, the time that a server asks to wait: a number of seconds or a
 * date (RFC 9110, 10.2.3).
 */
final class RetryAfter {

  private RetryAfter() {}

  /** Returns the time to wait; zero where the header is absent, invalid or in the past. */
  static Duration parse(@Nullable String header, Instant now) {
    if (header == null) {
      return Duration.ZERO;
    }
    Duration asked = header.strip().matches("\\d{1,9}") ? seconds(header) : until(header, now);
    return asked.isNegative() ? Duration.ZERO : asked;
  }

  private static Duration seconds(String header) {
    return Duration.ofSeconds(Long.parseLong(header.strip()));
  }

  private static Duration until(String header, Instant now) {
    try {
      return Duration.between(
          now,
          ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }
}
