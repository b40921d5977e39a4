package dev.gatlingllm.server;

import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.Require;
import java.time.Duration;

/**
 * A fault with its parameters. Its text is a name and parameters, such as {@code
 * stall;after=3;for=2s}. A colon can replace the semicolon, which is special in shells, and a bare
 * duration can replace {@code for=}.
 *
 * @param after output tokens that are written before the fault; {@link #RANDOM} lets the seed
 *     decide
 * @param time how long the fault lasts, or its {@code Retry-After}; zero for kinds without a time
 */
record Fault(FaultKind kind, int after, Duration time) {

  static final int RANDOM = -1;
  private static final int MAX_AFTER = 10_000_000;

  /**
   * Parses the text of a fault.
   *
   * @throws IllegalArgumentException for an unknown name or an invalid parameter
   */
  static Fault parse(String text) {
    String[] parts = text.strip().split("\\s*[;:]\\s*");
    FaultKind kind = FaultKind.named(parts[0]);
    int after = RANDOM;
    Duration time = kind.defaultTime == null ? Duration.ZERO : kind.defaultTime;
    for (int i = 1; i < parts.length; i++) {
      String[] pair =
          parts[i].contains("=") ? parts[i].split("=", 2) : new String[] {"for", parts[i]};
      if (pair[0].equals("after") && kind.takesAfter()) {
        after = tokens(kind, pair[1]);
      } else if (pair[0].equals("for") && kind.takesTime()) {
        time = time(kind, pair[1]);
      } else {
        throw new IllegalArgumentException(
            "fault %s takes %s, got %s".formatted(kind.label, parameters(kind), parts[i]));
      }
    }
    return new Fault(kind, after, time);
  }

  private static int tokens(FaultKind kind, String text) {
    int tokens = text.matches("\\d{1,8}") ? Integer.parseInt(text) : RANDOM;
    Require.that(
        tokens >= 0 && tokens <= MAX_AFTER,
        "after of fault " + kind.label,
        text,
        "a number of tokens from 0 to " + MAX_AFTER);
    return tokens;
  }

  private static Duration time(FaultKind kind, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("fault " + kind.label + ": " + e.getMessage(), e);
    }
  }

  private static String parameters(FaultKind kind) {
    if (kind.takesAfter()) {
      return kind.takesTime() ? "after=TOKENS and for=TIME" : "after=TOKENS";
    }
    return kind.takesTime() ? "for=TIME" : "no parameters";
  }

  /**
   * Returns this fault with a fixed position: the given one, but not after the end of the response;
   * or a random one, with at least one token before it and, in a response of two or more tokens,
   * one after it.
   */
  Fault in(int responseTokens, long seed) {
    if (!kind.takesAfter()) {
      return this;
    }
    int random = responseTokens < 2 ? responseTokens : 1 + Math.floorMod(seed, responseTokens - 1);
    return new Fault(kind, after == RANDOM ? random : Math.min(after, responseTokens), time);
  }

  @Override
  public String toString() {
    return kind.label
        + (after == RANDOM ? "" : ";after=" + after)
        + (time.isZero() ? "" : ";for=" + Durations.format(time));
  }
}
