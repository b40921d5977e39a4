package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatlingllm.server.engine.Require;
import java.security.MessageDigest;
import java.util.List;

/** The keys of those who may ask; nothing here tells them. Immutable. */
final class ApiKeys {

  private static final String BEARER = "Bearer ";

  private final List<String> keys;

  /**
   * @param keys none for a server that everyone may ask
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
   * @param authorization the header's value, or null
   * @throws OpenAiError when it has none of the keys
   */
  void check(String authorization) throws OpenAiError {
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

  @Override
  public String toString() {
    return keys.size() + (keys.size() == 1 ? " key" : " keys");
  }
}
