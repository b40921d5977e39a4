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
   * Checks the value of the {@code Authorization} header.
   *
   * @param authorization the value, or null
   * @throws OpenAiError unless it contains a valid key
   */
  void check(@Nullable String authorization) throws OpenAiError {
    if (isEmpty()) {
      return;
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw OpenAiError.noApiKey();
    }
    byte[] key = authorization.substring(BEARER.length()).strip().getBytes(UTF_8);
    if (keys.stream().noneMatch(known -> MessageDigest.isEqual(known.getBytes(UTF_8), key))) {
      throw OpenAiError.wrongApiKey();
    }
  }
}
