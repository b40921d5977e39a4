package dev.gatlingllm.conversation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a conversation does after a failed turn. Its context always stays as it was after the last
 * good one.
 *
 * @param kind what is done
 * @param retries for {@link Kind#RETRY}, how often a question is asked again before it is skipped
 */
public record FailurePolicy(Kind kind, int retries) {

  /** The three ways on. */
  public enum Kind {
    /** The next turn asks the next question. */
    SKIP,
    /** The next turn asks the same question again. */
    RETRY,
    /** There is no next turn. */
    ABANDON
  }

  /** Goes on with the next question. */
  public static final FailurePolicy SKIP = new FailurePolicy(Kind.SKIP, 0);

  /** Ends the conversation. */
  public static final FailurePolicy ABANDON = new FailurePolicy(Kind.ABANDON, 0);

  private static final Pattern RETRY = Pattern.compile("retry\\s*\\(\\s*(\\d{1,6})\\s*\\)");

  /**
   * Asks the same question again, up to {@code times} times, then goes on with the next one.
   *
   * @throws IllegalArgumentException unless {@code times} is positive
   */
  public static FailurePolicy retry(int times) {
    if (times < 1) {
      throw new IllegalArgumentException("retry(" + times + ") never retries; write skip");
    }
    return new FailurePolicy(Kind.RETRY, times);
  }

  /**
   * Reads {@code skip}, {@code retry(n)} or {@code abandon}.
   *
   * @throws IllegalArgumentException if the text is none of them
   */
  public static FailurePolicy parse(String text) {
    Matcher retry = RETRY.matcher(text.strip());
    if (retry.matches()) {
      return retry(Integer.parseInt(retry.group(1)));
    }
    return switch (text.strip()) {
      case "skip" -> SKIP;
      case "abandon" -> ABANDON;
      default ->
          throw new IllegalArgumentException(
              "\"" + text + "\" is no failure policy; write skip, retry(n) or abandon");
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case SKIP -> "skip";
      case RETRY -> "retry(" + retries + ")";
      case ABANDON -> "abandon";
    };
  }
}
