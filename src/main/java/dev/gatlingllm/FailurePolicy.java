package dev.gatlingllm;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a conversation does after a failed turn. Its context always stays as it was after the last
 * good one.
 *
 * @param kind what is done
 * @param retries for {@link Kind#RETRY}, how often a question is asked again before it is skipped
 * @param firstBackoff for {@link Kind#RETRY}, the pause before the first of them
 */
public record FailurePolicy(Kind kind, int retries, Duration firstBackoff) {

  /** The three ways on. */
  public enum Kind {
    /** The next turn asks the next question. */
    SKIP,
    /** The same question is asked again. */
    RETRY,
    /** There is no next turn. */
    ABANDON
  }

  /** Goes on with the next question. */
  public static final FailurePolicy SKIP = new FailurePolicy(Kind.SKIP, 0, Duration.ZERO);

  /** Ends the conversation. */
  public static final FailurePolicy ABANDON = new FailurePolicy(Kind.ABANDON, 0, Duration.ZERO);

  /** The first backoff where none is given. */
  public static final Duration FIRST_BACKOFF = Duration.ofMillis(500);

  /** No backoff of ours is longer, however many tries came before. */
  public static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

  private static final Pattern RETRY =
      Pattern.compile("retry\\s*\\(\\s*(\\d{1,6})\\s*(?:,\\s*(\\d{1,9})\\s*(ms|s)\\s*)?\\)");

  /**
   * Asks the same question again, up to {@code times} times, then goes on with the next one. The
   * first try waits for {@link #FIRST_BACKOFF}.
   *
   * @throws IllegalArgumentException unless {@code times} is positive
   */
  public static FailurePolicy retry(int times) {
    return retry(times, FIRST_BACKOFF);
  }

  /**
   * Asks the same question again, up to {@code times} times, then goes on with the next one.
   *
   * @param firstBackoff the pause before the first try, from 0; it doubles with each further one,
   *     up to {@link #LONGEST_BACKOFF}, and is drawn from the upper half of that, so that users who
   *     failed together do not come back together
   * @throws IllegalArgumentException unless {@code times} is positive and the pause not negative
   */
  public static FailurePolicy retry(int times, Duration firstBackoff) {
    if (times < 1) {
      throw new IllegalArgumentException("retry(" + times + ") never retries; write skip");
    }
    if (firstBackoff.isNegative()) {
      throw new IllegalArgumentException(
          "a backoff of " + firstBackoff + " is none; give 0 or more");
    }
    return new FailurePolicy(Kind.RETRY, times, firstBackoff);
  }

  /**
   * Reads {@code skip}, {@code retry(n)}, {@code retry(n,500ms)} or {@code abandon}.
   *
   * @throws IllegalArgumentException if the text is none of them
   */
  public static FailurePolicy parse(String text) {
    Matcher retry = RETRY.matcher(text.strip());
    if (retry.matches()) {
      int times = Integer.parseInt(retry.group(1));
      return retry.group(2) == null ? retry(times) : retry(times, backoff(retry));
    }
    return switch (text.strip()) {
      case "skip" -> SKIP;
      case "abandon" -> ABANDON;
      default ->
          throw new IllegalArgumentException(
              "\""
                  + text
                  + "\" is no failure policy; write skip, retry(n), retry(n,500ms) or abandon");
    };
  }

  private static Duration backoff(Matcher retry) {
    long amount = Long.parseLong(retry.group(2));
    return retry.group(3).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
  }

  /**
   * Draws the pause before the next attempt.
   *
   * @param failedAttempts number of attempts that failed, from 1
   */
  public Duration backoff(int failedAttempts, RandomGenerator random) {
    double doubled = firstBackoff.toNanos() * Math.pow(2, failedAttempts - 1);
    double longest = Math.max(firstBackoff.toNanos(), LONGEST_BACKOFF.toNanos());
    return Duration.ofNanos((long) (Math.min(doubled, longest) * (0.5 + random.nextDouble() / 2)));
  }

  @Override
  public String toString() {
    return switch (kind) {
      case SKIP -> "skip";
      case RETRY ->
          firstBackoff.equals(FIRST_BACKOFF)
              ? "retry(" + retries + ")"
              : "retry(" + retries + "," + firstBackoff.toMillis() + "ms)";
      case ABANDON -> "abandon";
    };
  }
}
