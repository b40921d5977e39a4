package dev.gatlingllm.benchmarks;

/**
 * When the server's tokens come, in milliseconds.
 *
 * @param firstTokenMillis from the request to the first token
 * @param tokenMillis from one token to the next
 */
record ServerPace(double firstTokenMillis, double tokenMillis) {

  /** 50 ms to the first token, then 10 ms a token. */
  static final ServerPace PACED = new ServerPace(50, 10);

  /** As fast as they can be written. */
  static final ServerPace INSTANT = new ServerPace(0, 0);

  /**
   * @throws IllegalArgumentException for any other name than {@code paced} and {@code instant}
   */
  static ServerPace named(String name) {
    return switch (name) {
      case "paced" -> PACED;
      case "instant" -> INSTANT;
      default -> throw new IllegalArgumentException("pace " + name + ": paced or instant");
    };
  }

  boolean isInstant() {
    return firstTokenMillis == 0 && tokenMillis == 0;
  }

  /** Tokens a second that a stream brings at most, replies of so many tokens one after another. */
  double tokensPerSecond(int replyTokens) {
    return replyTokens / (firstTokenMillis + (replyTokens - 1) * tokenMillis) * 1e3;
  }

  @Override
  public String toString() {
    return isInstant()
        ? "tokens as fast as the server writes them"
        : "first token after "
            + Numbers.shortly(firstTokenMillis)
            + " ms, then "
            + Numbers.shortly(tokenMillis)
            + " ms a token";
  }
}
