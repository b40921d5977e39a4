package dev.gatlingllm.gatling;

import io.gatling.http.client.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Removes a request's credentials from messages about its response, because servers like to repeat
 * a key that they refuse.
 */
final class Redaction {

  private static final int MIN_SECRET = 6;

  /** Headers and query parameters that carry credentials, such as {@code x-api-key}. */
  private static final Pattern SECRET_NAME =
      Pattern.compile(".*(authorization|key|token|secret|password|signature).*");

  private Redaction() {}

  /** Returns a message without the credentials of a request; null for null. */
  static String redact(String message, Request request) {
    if (message == null || message.isEmpty()) {
      return message;
    }
    String redacted = message;
    for (String secret : secrets(request)) {
      redacted = redacted.replace(secret, "[redacted]");
    }
    return redacted;
  }

  /** Returns the longest secrets first, because a short one may be part of a longer one. */
  private static Iterable<String> secrets(Request request) {
    Stream<String> headers =
        request.getHeaders().entries().stream()
            .filter(header -> isSecret(header.getKey()))
            .map(Map.Entry::getValue)
            .flatMap(value -> Stream.of(value, value.substring(value.indexOf(' ') + 1)));
    Stream<String> parameters =
        request.getUri().getEncodedQueryParams().stream()
            .filter(parameter -> isSecret(parameter.getName()))
            .flatMap(parameter -> Stream.of(parameter.getValue(), decoded(parameter.getValue())));
    return Stream.concat(headers, parameters)
            .map(String::strip)
            .filter(secret -> secret.length() >= MIN_SECRET)
            .sorted(Comparator.comparingInt(String::length).reversed())
        ::iterator;
  }

  private static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return value;
    }
  }
}
