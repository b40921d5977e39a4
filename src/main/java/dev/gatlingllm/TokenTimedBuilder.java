package dev.gatlingllm;

import dev.gatlingllm.gatling.TimedAction;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;

/**
 * A Gatling HTTP request whose response is timed token by token. Its text and its counts are in the
 * session afterwards, as {@code reply}, {@code outputTokens}, {@code ttftMillis} and so on.
 *
 * <p>Immutable, so all methods return a new occurrence and leave the original unmodified.
 */
public final class TokenTimedBuilder implements ActionBuilder {

  private final HttpRequestActionBuilder request;
  private final Duration requestTimeout;

  TokenTimedBuilder(HttpRequestActionBuilder request, Duration requestTimeout) {
    this.request = request;
    this.requestTimeout = requestTimeout;
  }

  /**
   * Cuts a response that takes longer, and counts it as a timeout. A {@code requestTimeout} of the
   * request itself takes precedence.
   *
   * @param timeout from the moment the request is sent
   */
  public TokenTimedBuilder requestTimeout(Duration timeout) {
    return new TokenTimedBuilder(request, timeout);
  }

  /** For internal use only. */
  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    return TimedAction.builder("token-timed request", request, false, requestTimeout);
  }
}
