package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Require;
import java.time.Duration;

/**
 * One fault as it was asked for. Its text is a name and what belongs to it, as in {@code
 * stall;after=3;for=2s}; a colon does for a semicolon, which shells take for their own, and a bare
 * time for {@code for=}.
 *
 * @param after output tokens that are written before it strikes; {@link #DRAWN} to have the seed
 *     choose
 * @param time how long it lasts, or what {@code Retry-After} says; null where the kind takes none
 */
record Fault(FaultKind kind, int after, Duration time) {

  static final int DRAWN = -1;

  private static final int MAX_AFTER = 10_000_000;

  /**
   * @throws IllegalArgumentException saying what is wrong and what would be right
   */
  static Fault parse(String text) {
    String[] parts = text.strip().split("\\s*[;:]\\s*");
    FaultKind kind = FaultKind.named(parts[0]);
    int after = DRAWN;
    Duration time = kind.defaultTime();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].contains("=") ? parts[i].split("=", 2) : bare(parts[i]);
      if (pair[0].equals("after") && kind.takesAfter()) {
        after = count(kind, pair[1]);
      } else if (pair[0].equals("for") && kind.takesTime()) {
        time = TimeSpan.parse(kind.label() + "'s for", pair[1]);
      } else {
        throw new IllegalArgumentException(
            "fault %s takes %s, not %s".formatted(kind.label(), parameters(kind), parts[i]));
      }
    }
    return new Fault(kind, after, time);
  }

  private static String[] bare(String value) {
    return new String[] {"for", value};
  }

  private static int count(FaultKind kind, String text) {
    int count = text.matches("\\d{1,8}") ? Integer.parseInt(text) : DRAWN;
    Require.that(
        count >= 0 && count <= MAX_AFTER,
        kind.label() + "'s after",
        text,
        "a number of tokens from 0 to " + MAX_AFTER);
    return count;
  }

  private static String parameters(FaultKind kind) {
    if (kind.takesAfter()) {
      return kind.takesTime() ? "after=TOKENS and for=TIME" : "after=TOKENS";
    }
    return kind.takesTime() ? "for=TIME" : "no parameters";
  }

  /**
   * The same fault, its position fixed: as asked for, but not beyond the reply's end; or drawn,
   * with at least one token before it and, where the reply has two or more, one after it.
   */
  Fault in(int replyTokens, long seed) {
    if (!kind.takesAfter()) {
      return this;
    }
    int drawn = replyTokens < 2 ? replyTokens : 1 + Math.floorMod(seed, replyTokens - 1);
    return new Fault(kind, after == DRAWN ? drawn : Math.min(after, replyTokens), time);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.label());
    if (after != DRAWN) {
      text.append(";after=").append(after);
    }
    if (time != null) {
      text.append(";for=").append(TimeSpan.format(time));
    }
    return text.toString();
  }
}
