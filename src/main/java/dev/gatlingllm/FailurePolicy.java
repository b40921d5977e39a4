package dev.gatlingllm;

import dev.gatlingllm.text.Durations;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a conversation does after a failed turn. Its context always stays as it was after the last
 * turn that succeeded.
 *
 * @param kind what is done
 * @param retries for {@link Kind#RETRY}, how often a turn is retried before it is skipped
 * @param firstBackoff for {@link Kind#RETRY}, the pause before the first retry
 */
public record FailurePolicy(Kind kind, int retries, Duration firstBackoff) {

  /** The ways to go on. */
  public enum Kind {
    /** The next turn asks the next question. */
    SKIP,
    /** The same question is asked again. */
    RETRY,
    /** The conversation ends. */
    ABANDON
  }

  /** Goes on with the next question. */
  public static final FailurePolicy SKIP = new FailurePolicy(Kind.SKIP, 0, Duration.ZERO);

  /** Ends the conversation. */
  public static final FailurePolicy ABANDON = new FailurePolicy(Kind.ABANDON, 0, Duration.ZERO);

  /** Default pause before the first retry. */
  public static final Duration FIRST_BACKOFF = Duration.ofMillis(500);

  /** Upper limit of a doubled backoff. */
  public static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

  private static final Pattern RETRY =
      Pattern.compile("retry\\s*\\(\\s*(\\d{1,6})\\s*(?:,([^()]*))?\\)");

  /**
   * Retries a turn up to {@code times} times, then goes on with the next question. The first
   * backoff is {@link #FIRST_BACKOFF}.
   *
   * @throws IllegalArgumentException unless {@code times} is positive
   */
  public static FailurePolicy retry(int times) {
    return retry(times, FIRST_BACKOFF);
  }

  /**
   * Retries a turn up to {@code times} times, then goes on with the next question.
   *
   * @param firstBackoff the pause before the first retry, from 0. It doubles with each further
   *     retry, up to {@link #LONGEST_BACKOFF}, and is drawn from the upper half of that, so that
   *     users who failed together do not retry together
   * @throws IllegalArgumentException unless {@code times} is positive and the pause not negative
   */
  public static FailurePolicy retry(int times, Duration firstBackoff) {
    if (times < 1) {
      throw new IllegalArgumentException("must retry at least 1 time, got retry(" + times + ")");
    }
    if (firstBackoff.isNegative()) {
      throw new IllegalArgumentException("must have a backoff from 0, got " + firstBackoff);
    }
    return new FailurePolicy(Kind.RETRY, times, firstBackoff);
  }

  /**
   * Reads {@code skip}, {@code retry(n)}, {@code retry(n,500ms)} or {@code abandon}.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static FailurePolicy parse(String text) {
    Matcher retry = RETRY.matcher(text.strip());
    if (retry.matches()) {
      int times = Integer.parseInt(retry.group(1));
      return retry.group(2) == null ? retry(times) : retry(times, Durations.parse(retry.group(2)));
    }
    return switch (text.strip()) {
      case "skip" -> SKIP;
      case "abandon" -> ABANDON;
      default ->
          throw new IllegalArgumentException(
              "must be skip, retry(n), retry(n,500ms) or abandon, got " + text);
    };
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

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return switch (kind) {
      case SKIP -> "skip";
      case RETRY ->
          firstBackoff.equals(FIRST_BACKOFF)
              ? "retry(" + retries + ")"
              : "retry(" + retries + "," + Durations.format(firstBackoff) + ")";
      case ABANDON -> "abandon";
    };
  }
}
