package dev.gatlingllm.gatling;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Parses the time that a server asks to wait: HTTP's {@code Retry-After}, a number of seconds or a
 * date (RFC 9110, 10.2.3), or {@code retry-after-ms}, which Anthropic and OpenAI send too.
 */
final class RetryAfter {

  private static final String MILLIS = " ms";

  private RetryAfter() {}

  /** Returns what a response asks, as {@link #parse} reads it, or null. */
  static @Nullable String of(HttpHeaders headers) {
    String millis = headers.get("retry-after-ms");
    return millis == null ? headers.get(HttpHeaderNames.RETRY_AFTER) : millis.strip() + MILLIS;
  }

  /** Returns the time to wait; zero where the header is absent, invalid or in the past. */
  static Duration parse(@Nullable String header, Instant now) {
    if (header == null) {
      return Duration.ZERO;
    }
    Duration asked =
        header.matches("\\d{1,12}" + MILLIS)
            ? Duration.ofMillis(Long.parseLong(header.replace(MILLIS, "")))
            : header.strip().matches("\\d{1,9}") ? seconds(header) : until(header, now);
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
