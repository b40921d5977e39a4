package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import java.util.function.Predicate;

/**
 * A property of a good response that makes its figures less certain. A run counts the responses
 * with each property. Some are noted while the response is read; the others follow from its counts
 * and times.
 */
public enum Oddity {
  /** The usage has 0 output tokens, although output came; the count is not believed. */
  ZERO_USAGE,
  /**
   * The usage has counts that are no numbers of tokens, or more cached tokens than the prompt has;
   * they are not believed.
   */
  INVALID_USAGE,
  /** The usage has more or fewer output tokens than the output can have. */
  IMPLAUSIBLE_USAGE,
  /** The server counted cached tokens apart from those of the prompt and among them, too. */
  CACHED_TWICE,
  /** Chunks repeated the text so far, instead of adding to it. */
  CUMULATIVE,
  /**
   * The response has no text that could be part of the next prompt: all of it was reasoning or
   * calls of tools.
   */
  NO_TEXT,
  /**
   * The response was one body, such as of JSON, and no stream, and its request did not accept one
   * by its headers. Counted where tokens came at once because of it.
   */
  ONE_BODY,
  /** The response came from another server than the one asked: a redirect led there. */
  OTHER_SERVER,
  /**
   * The server counted neither the tokens of the prompt nor those of the response, which has some.
   */
  NO_USAGE(Oddity::hasNoUsage),
  /** The server did not say why the response ended, which had output. */
  NO_FINISH_REASON(
      response -> response.timing().hasOutput() && response.outcome().finishReason() == null),
  /** It ended at a limit of tokens that is lower than the one that the turn asked for. */
  BELOW_LIMIT(Oddity::isBelowLimit),
  /** The model ended it before the length that the turn asked for, as far as that is known. */
  BEFORE_LIMIT(Oddity::isBeforeLimit),
  /** Several tokens came at once or nearly so: this was no stream. */
  UNSTREAMED(Response::cameAtOnce),
  /** Most chunks came right after another one, in bunches. */
  BUNCHED(Oddity::isBunched),
  /**
   * It ended by calls of tools that came at once after the longest gap: the server held them back
   * until they were complete.
   */
  HELD_BACK(Oddity::isHeldBack);

  /** Fewer gaps between chunks have no pattern. */
  private static final int MIN_GAPS = 7;

  /** Servers whose gaps are shorter on average send them as they come. */
  private static final double MIN_MEAN_GAP_NANOS = 1_000_000;

  /** A gap of less than this share of the mean one separates chunks of a bunch. */
  private static final double WITHIN_BUNCH = 0.1;

  /** And less than this: what a few long pauses make short beside the mean did not come at once. */
  private static final double MAX_WITHIN_BUNCH_NANOS = 2e6;

  /** A gap that is so many times as long as the others is no usual one. */
  private static final double FAR_LONGER = 10;

  /** What comes within less time came at once. */
  private static final double AT_ONCE_NANOS = 50e6;

  /** Of one gap between bunches, the response may have paused, unless it began at once. */
  private static final int MIN_APART = 2;

  /** Fewer chunks do not show that a response began at once. */
  private static final int MIN_AT_ONCE = 4;

  private final Predicate<Response> isEvident;

  Oddity() {
    this(response -> false);
  }

  Oddity(Predicate<Response> isEvident) {
    this.isEvident = isEvident;
  }

  /** Returns whether a good response has it, by what was noted of it or by its counts and times. */
  boolean isOf(Response response) {
    return this == ONE_BODY
        ? response.isOneBody()
        : response.oddities().contains(this) || isEvident.test(response);
  }

  private static boolean hasNoUsage(Response response) {
    return response.timing().hasOutput()
        && response.usage().inputTokens() < 0
        && response.usage().outputTokensSource() != OutputTokensSource.USAGE;
  }

  private static boolean isBelowLimit(Response response) {
    return response.outcome().isAtLimit()
        && response.usage().outputTokensSource() == OutputTokensSource.USAGE
        && response.usage().outputTokens() < response.turn().maxTokens();
  }

  private static boolean isBeforeLimit(Response response) {
    int asked = response.turn().maxTokens() * Math.max(1, response.timing().choices());
    String reason = response.outcome().finishReason();
    return reason != null
        && Outcome.AT_THE_END.contains(reason)
        && asked > 0
        // some servers say so of a response of full length, too
        && (response.usage().outputTokensSource() != OutputTokensSource.USAGE
            || response.usage().outputTokens() < asked);
  }

  private static boolean isBunched(Response response) {
    Response.Timing timing = response.timing();
    int gaps = timing.chunks() - timing.choices();
    if (gaps < MIN_GAPS) {
      return false;
    }
    double mean = (double) timing.gapsNanos() / gaps;
    if (mean < MIN_MEAN_GAP_NANOS) {
      return false;
    }
    double within = Math.min(WITHIN_BUNCH * mean, MAX_WITHIN_BUNCH_NANOS);
    int close = 0;
    int apart = 0;
    for (long gap : timing.gaps()) {
      close += gap != Response.Timing.NO_GAP && gap < within ? 1 : 0;
      apart += gap >= mean ? 1 : 0;
    }
    // a server that paused may send at once what it has meanwhile
    return apart >= MIN_APART ? 2 * close > gaps : close >= gaps - 1 && beganAtOnce(timing);
  }

  private static boolean beganAtOnce(Response.Timing timing) {
    long[] chunks = timing.chunkNanos();
    return timing.choices() == 1
        && chunks[MIN_AT_ONCE - 1] - chunks[0] < Response.MIN_STEP_NANOS * (MIN_AT_ONCE - 1);
  }

  private static boolean isHeldBack(Response response) {
    Response.Timing timing = response.timing();
    if (!response.outcome().isAtACall() || timing.chunks() <= timing.choices()) {
      return false;
    }
    long[] gaps = timing.gaps();
    int longest = 0;
    for (int i = 1; i < gaps.length; i++) {
      longest = gaps[i] > gaps[longest] ? i : longest;
    }
    int others = timing.chunks() - timing.choices() - 1;
    long[] chunks = timing.chunkNanos();
    return gaps[longest] > AT_ONCE_NANOS
        && gaps[longest] * others >= FAR_LONGER * (timing.gapsNanos() - gaps[longest])
        && chunks[chunks.length - 1] - chunks[longest] <= AT_ONCE_NANOS;
  }
}
