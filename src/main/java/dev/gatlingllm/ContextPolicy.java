package dev.gatlingllm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happens when the next turn does not fit into the model's context window.
 *
 * @param kind what is done
 * @param keptTurns for {@link Kind#DROP}, the number of turns at the beginning that stay, from 0
 */
public record ContextPolicy(Kind kind, int keptTurns) {

  /** The ways to deal with a full window. */
  public enum Kind {
    /** Leaves out turns, question and reply together; the system prompt stays. */
    DROP,
    /** Ends the conversation. */
    STOP,
    /** Fails the turn without sending it. */
    FAIL
  }

  /** Leaves out the oldest turns. */
  public static final ContextPolicy DROP_OLDEST = new ContextPolicy(Kind.DROP, 0);

  /** Ends the conversation before the turn that does not fit. */
  public static final ContextPolicy STOP = new ContextPolicy(Kind.STOP, 0);

  /** Fails the turn without sending it. */
  public static final ContextPolicy FAIL = new ContextPolicy(Kind.FAIL, 0);

  private static final Pattern KEEP_PREFIX =
      Pattern.compile("keepPrefix\\s*\\(\\s*(\\d{1,9})\\s*\\)", Pattern.CASE_INSENSITIVE);

  /**
   * Keeps the first turns and leaves out the oldest ones after them, so that what the server has
   * cached of the conversation's beginning stays of use.
   *
   * @param turns number of turns to keep, from 1
   * @throws IllegalArgumentException if it is less
   */
  public static ContextPolicy keepPrefix(int turns) {
    if (turns < 1) {
      throw new IllegalArgumentException(
          "keepPrefix(" + turns + ") keeps nothing; give 1 turn or more, or write dropOldest");
    }
    return new ContextPolicy(Kind.DROP, turns);
  }

  /**
   * Reads the name in settings.
   *
   * @throws IllegalArgumentException if there is no such policy
   */
  public static ContextPolicy parse(String text) {
    Matcher keepPrefix = KEEP_PREFIX.matcher(text.strip());
    if (keepPrefix.matches()) {
      return keepPrefix(Integer.parseInt(keepPrefix.group(1)));
    }
    for (ContextPolicy policy : new ContextPolicy[] {DROP_OLDEST, STOP, FAIL}) {
      if (policy.toString().equalsIgnoreCase(text.strip())) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no context policy; write dropOldest, keepPrefix(n), stop or fail");
  }

  /** The name in settings. */
  @Override
  public String toString() {
    return switch (kind) {
      case DROP -> keptTurns == 0 ? "dropOldest" : "keepPrefix(" + keptTurns + ")";
      case STOP -> "stop";
      case FAIL -> "fail";
    };
  }
}
