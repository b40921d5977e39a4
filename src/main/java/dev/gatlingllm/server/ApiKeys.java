package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatlingllm.text.Require;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The valid API keys. They do not appear in errors. Immutable. */
final class ApiKeys {

  private static final String BEARER = "Bearer ";

  private final List<String> keys;

  /**
   * @param keys empty for a server that needs no key
   * @throws IllegalArgumentException for a blank key
   */
  ApiKeys(List<String> keys) {
    this.keys = List.copyOf(keys);
    Require.that(keys.stream().noneMatch(String::isBlank), "apiKey", "blank", "a key");
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /**
   * Checks the key of a request.
   *
   * @param authorization the value of the {@code Authorization} header, or null
   * @param plain the value of the {@code x-api-key} header, which takes precedence, or null
   * @throws OpenAiError unless it contains a valid key
   */
  void check(@Nullable String authorization, @Nullable String plain) throws OpenAiError {
    if (isEmpty()) {
      return;
    }
    String given = plain != null ? plain : bearer(authorization);
    if (given == null) {
      throw OpenAiError.noApiKey();
    }
    byte[] key = given.strip().getBytes(UTF_8);
    if (keys.stream().noneMatch(known -> MessageDigest.isEqual(known.getBytes(UTF_8), key))) {
      throw OpenAiError.wrongApiKey();
    }
  }

  private static @Nullable String bearer(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length())
        : null;
  }
}
