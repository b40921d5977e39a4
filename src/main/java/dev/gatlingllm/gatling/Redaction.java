package dev.gatlingllm.gatling;

import io.gatling.http.client.Request;
import io.netty.handler.codec.http.HttpHeaderNames;

/**
 * Keeps a request's credentials out of what is said of its reply: servers like to repeat a key that
 * they refuse.
 */
final class Redaction {

  private static final int SHORTEST_SECRET = 6;

  private final String secret;

  private Redaction(String secret) {
    this.secret = secret;
  }

  /** For the replies to a request. */
  static Redaction of(Request request) {
    String authorization = request.getHeaders().get(HttpHeaderNames.AUTHORIZATION);
    String secret =
        authorization == null
            ? ""
            : authorization.substring(authorization.indexOf(' ') + 1).strip();
    return new Redaction(secret.length() < SHORTEST_SECRET ? "" : secret);
  }

  /** Returns a message without the secret. */
  String redact(String message) {
    return secret.isEmpty() ? message : message.replace(secret, "[redacted]");
  }
}
