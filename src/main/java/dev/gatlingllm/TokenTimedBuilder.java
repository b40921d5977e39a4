package dev.gatlingllm;

import dev.gatlingllm.gatling.Leavers;
import dev.gatlingllm.gatling.SessionVariables;
import dev.gatlingllm.gatling.TimedAction;
import dev.gatlingllm.gatling.TimedAction.Part;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
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
  private final LlmSettings settings;

  TokenTimedBuilder(HttpRequestActionBuilder request, LlmSettings settings) {
    this(request, Part.NONE, settings);
  }

  private TokenTimedBuilder(HttpRequestActionBuilder request, Part part, LlmSettings settings) {
    this.request = request;
    this.part = part;
    this.settings = settings;
  }

  private TokenTimedBuilder with(LlmSettings changed) {
    return new TokenTimedBuilder(request, part, changed);
  }

  /**
   * Makes the request the turn that {@link LlmDsl#nextTurn()} has put into the session: its
   * response enters the conversation. A turn that does not fit the context window is not sent, and
   * a failed one is skipped, retried or ends the conversation, as the workload says. The request
   * carries the prompt by session variables such as {@code #{messages}}.
   */
  public TokenTimedBuilder asTurn() {
    return new TokenTimedBuilder(request, Part.TURN_UNDER_WAY, settings);
  }

  /**
   * Cuts a response that takes longer, and counts it as a timeout. A {@code requestTimeout} of the
   * request itself takes precedence.
   *
   * @param timeout from the moment the request is sent
   */
  public TokenTimedBuilder requestTimeout(Duration timeout) {
    return with(settings.with(Setting.REQUEST_TIMEOUT, timeout));
  }

  /**
   * Makes a share of the users leave before the response has ended, as {@code
   * tokenTimed(…).abandon(0.1).after(Duration.ofSeconds(2))}: the client disconnects. The seed
   * decides who leaves. Default: {@code llm.abandon}.
   *
   * @param share of the requests, from 0 to 1
   */
  public AbandonBuilder<TokenTimedBuilder> abandon(Number share) {
    return new AbandonBuilder<>(settings, share, this::with);
  }

  /** For internal use only. */
  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    return TimedAction.builder(
        "token-timed request",
        request,
        part,
        SessionVariables::model,
        settings.get(Setting.REQUEST_TIMEOUT),
        Leavers.of(settings),
        false,
        false,
        null);
  }
}
