package dev.gatlingllm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What happens when the next turn does not fit into the model's context window.
 *
 * @param kind what is done
 * @param keptTurns for {@link Kind#DROP}, the number of turns at the beginning that stay, from 0
 */
public record ContextPolicy(Kind kind, int keptTurns) {

  /** The ways to handle a full window. */
  public enum Kind {
    /** Drops turns, question and response together; the system prompt stays. */
    DROP,
    /** Ends the conversation. */
    STOP,
    /** Fails the turn without sending it. */
    FAIL
  }

  /** Drops the oldest turns. */
  public static final ContextPolicy DROP_OLDEST = new ContextPolicy(Kind.DROP, 0);

  /** Ends the conversation before the turn that does not fit. */
  public static final ContextPolicy STOP = new ContextPolicy(Kind.STOP, 0);

  /** Fails the turn without sending it. */
  public static final ContextPolicy FAIL = new ContextPolicy(Kind.FAIL, 0);

  private static final Pattern KEEP_PREFIX =
      Pattern.compile("keepPrefix\\s*\\(\\s*(\\d{1,9})\\s*\\)", Pattern.CASE_INSENSITIVE);

  /**
   * Keeps the first turns and drops the oldest ones after them, so that the cached beginning of the
   * conversation stays valid.
   *
   * @param turns number of turns to keep, from 1
   * @throws IllegalArgumentException if it is less
   */
  public static ContextPolicy keepPrefix(int turns) {
    if (turns < 1) {
      throw new IllegalArgumentException(
          "must keep at least 1 turn, got keepPrefix(" + turns + "); dropOldest keeps none");
    }
    return new ContextPolicy(Kind.DROP, turns);
  }

  /**
   * Reads {@code dropOldest}, {@code keepPrefix(n)}, {@code stop} or {@code fail}.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static ContextPolicy parse(String text) {
    Matcher keepPrefix = KEEP_PREFIX.matcher(text.strip());
    if (keepPrefix.matches()) {
      return keepPrefix(Integer.parseInt(keepPrefix.group(1)));
    }
    return Stream.of(DROP_OLDEST, STOP, FAIL)
        .filter(policy -> policy.toString().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be dropOldest, keepPrefix(n), stop or fail, got " + text));
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return switch (kind) {
      case DROP -> keptTurns == 0 ? "dropOldest" : "keepPrefix(" + keptTurns + ")";
      case STOP -> "stop";
      case FAIL -> "fail";
    };
  }
}
