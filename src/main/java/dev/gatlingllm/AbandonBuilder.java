package dev.gatlingllm;

import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import java.time.Duration;
import java.util.function.Function;

/**
 * Users who leave before a response has ended: say after how much of it, with {@link #after}.
 * Immutable.
 *
 * @param <B> the builder of the request
 */
public final class AbandonBuilder<B> {

  private final LlmSettings settings;
  private final Function<LlmSettings, B> request;

  AbandonBuilder(LlmSettings settings, Number share, Function<LlmSettings, B> request) {
    this.settings = settings.with(Setting.ABANDON, share.doubleValue());
    this.request = request;
  }

  /**
   * Lets the conversation go on with its next turn, without the abandoned one in its history, or
   * end. Default: {@code llm.onAbandon}.
   */
  public AbandonBuilder<B> then(OnAbandon next) {
    return new AbandonBuilder<>(
        settings.with(Setting.ON_ABANDON, next), settings.get(Setting.ABANDON), request);
  }

  /** Makes them leave after so much of the response. */
  public B after(Patience patience) {
    return request.apply(settings.with(Setting.ABANDON_AFTER, patience));
  }

  /**
   * Makes them leave so long after the request was written.
   *
   * @param time from 0
   */
  public B after(Duration time) {
    return after(new Patience(null, time));
  }
}
