package dev.gatlingllm;

import dev.gatlingllm.gatling.SessionVariables;
import dev.gatlingllm.gatling.TimedAction;
import dev.gatlingllm.gatling.TimedAction.Part;
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
  private final Part part;
  private final Duration requestTimeout;

  TokenTimedBuilder(HttpRequestActionBuilder request, Duration requestTimeout) {
    this(request, Part.NONE, requestTimeout);
  }

  private TokenTimedBuilder(HttpRequestActionBuilder request, Part part, Duration requestTimeout) {
    this.request = request;
    this.part = part;
    this.requestTimeout = requestTimeout;
  }

  /**
   * Makes the request the turn that {@link LlmDsl#nextTurn()} has put into the session: its
   * response enters the conversation. A turn that does not fit the context window is not sent, and
   * a failed one is skipped, retried or ends the conversation, as the workload says. The request
   * carries the prompt by session variables such as {@code #{messages}}.
   */
  public TokenTimedBuilder asTurn() {
    return new TokenTimedBuilder(request, Part.TURN_UNDER_WAY, requestTimeout);
  }

  /**
   * Cuts a response that takes longer, and counts it as a timeout. A {@code requestTimeout} of the
   * request itself takes precedence.
   *
   * @param timeout from the moment the request is sent
   */
  public TokenTimedBuilder requestTimeout(Duration timeout) {
    return new TokenTimedBuilder(request, part, timeout);
  }

  /** For internal use only. */
  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    return TimedAction.builder(
        "token-timed request", request, part, SessionVariables::model, requestTimeout);
  }
}
