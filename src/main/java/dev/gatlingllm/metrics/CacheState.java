package dev.gatlingllm.metrics;

import java.util.Locale;

/**
 * How much of a prompt the server had in its prefix cache, as far as it is known: by its own
 * report, else by what earlier prompts had sent.
 */
public enum CacheState {
  /** Less than half of the prompt was cached. */
  COLD,
  /** Half of the prompt or more was cached. */
  WARM,
  /**
   * The server did not report cached tokens; half of the prompt or more had been sent before. Warm
   * if the server never reports them. Cold if it reports them for other prompts, because such a
   * server leaves the field out where it is 0.
   */
  REUSABLE,
  /** Nothing is known. */
  UNKNOWN;

  /** Returns the state of a successful response's prompt, to be {@linkplain #settled settled}. */
  public static CacheState of(Response response) {
    int cached = response.usage().cachedTokens();
    int input = response.inputTokensOrExpected();
    if (cached >= 0 && input >= 1) {
      return 2L * cached >= input ? WARM : COLD;
    }
    int expected = response.turn().expectedInputTokens();
    if (expected < 1 || response.turn().reusableTokens() < 0) {
      return UNKNOWN;
    }
    return 2L * response.turn().reusableTokens() >= expected ? REUSABLE : COLD;
  }

  /** Returns the state when the run is known: cold, warm or unknown. */
  public CacheState settled(boolean cacheReported) {
    return switch (this) {
      case COLD, WARM -> this;
      case REUSABLE -> cacheReported ? COLD : WARM;
      case UNKNOWN -> cacheReported ? COLD : UNKNOWN;
    };
  }

  /** Returns the name in a page's data. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
