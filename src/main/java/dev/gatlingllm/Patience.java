package dev.gatlingllm;

import dev.gatlingllm.text.Durations;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How much of a response a user awaits who abandons it. A response that ends before is complete.
 *
 * @param tokens output tokens, from 1, drawn for each response; null for a time
 * @param time from the moment the request is written; zero where tokens are drawn
 */
public record Patience(@Nullable Distribution tokens, Duration time) {

  private static final String BEFORE_FIRST_TOKEN = "beforeFirstToken";
  private static final String TOKENS = "tokens";

  /** The user leaves as soon as the request is written. */
  static final Patience NONE = new Patience(null, Duration.ZERO);

  /** Checks the values. */
  public Patience {
    if (tokens != null && tokens.maximum() < 1) {
      throw new IllegalArgumentException("must be at least 1 token, got " + tokens);
    }
    if (time.isNegative()) {
      throw new IllegalArgumentException("must be a time from 0, got " + time);
    }
  }

  /**
   * Reads {@code 20 tokens}, {@code uniform(5,50) tokens}, {@code 2s} or {@code beforeFirstToken}.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static Patience parse(String text) {
    String word = text.strip();
    if (word.equals(BEFORE_FIRST_TOKEN)) {
      return NONE;
    }
    String number = word.replaceFirst("\\s+tokens?$", "");
    try {
      return number.equals(word)
          ? new Patience(null, Durations.parse(word))
          : new Patience(Distribution.parse(number), Duration.ZERO);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be a number or distribution of tokens such as 20 tokens, a time such as 2s, or "
              + BEFORE_FIRST_TOKEN
              + ", got "
              + text,
          e);
    }
  }

  /** Draws a number of tokens, from 1; 0 for a time. */
  public int drawTokens(RandomGenerator random) {
    return tokens == null ? 0 : Math.max(1, tokens.drawInt(random));
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    if (tokens != null) {
      return tokens + " " + TOKENS;
    }
    return time.isZero() ? BEFORE_FIRST_TOKEN : Durations.format(time);
  }
}
