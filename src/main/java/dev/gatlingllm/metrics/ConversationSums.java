package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Response.Status;

/**
 * What the responses of one conversation add up to while it goes on. It enters figures when the
 * conversation has ended. Not safe for use by several threads.
 */
final class ConversationSums {

  private final boolean isWhole;
  private final long beganNanos;
  private Response.Who who;
  private long endNanos;
  private int turns;
  private long modelNanos;
  private long toolNanos;
  private long thinkNanos;
  private double inputTokens;
  private double cachedTokens;
  private boolean cacheReported;
  private ConversationOutcome outcome = ConversationOutcome.FAILED;
  private boolean isStuck;
  private long pausedUntil;

  /**
   * Begins with the first response that is known of a conversation.
   *
   * @param first it is not that of the first turn if the conversation was in progress when the load
   *     began; then sums are of a part only. Nor is the one turn of {@code llm.consistency} a whole
   *     conversation
   */
  ConversationSums(Response first) {
    isWhole = first.turn().number() <= 1 && first.content().repetition() == null;
    beganNanos = first.timing().writtenNanos();
    endNanos = beganNanos;
    pausedUntil = beganNanos;
    who = first.who();
  }

  /** Adds a response, also one to an attempt that is followed by another one. */
  void add(Response response, boolean cacheReported) {
    this.cacheReported = cacheReported;
    who = response.who();
    outcome =
        response.status() == Status.ABANDONED
            ? ConversationOutcome.ABANDONED
            : response.ok() ? ConversationOutcome.COMPLETED : ConversationOutcome.FAILED;
    if (response.status() == Status.UNSENT) {
      isStuck = turns > 0;
      return;
    }
    if (response.turn().attempt() <= 1) {
      turns++;
      long wait = response.timing().writtenNanos() - endNanos;
      toolNanos += response.turn().afterTools() ? wait : 0;
      thinkNanos += response.turn().afterTools() ? 0 : wait;
    }
    isStuck = response.status() == Status.KO;
    endNanos = response.timing().endNanos();
    modelNanos += response.timing().e2eNanos();
    if (response.ok() && response.inputTokensOrExpected() >= 0) {
      inputTokens += response.inputTokensOrExpected();
      cachedTokens += Math.max(0, response.usage().cachedTokens());
    }
  }

  /** Returns how the conversation ended, if the response that was added last has ended it. */
  ConversationOutcome outcome() {
    return outcome;
  }

  /** Returns whether the turn that was added last failed, after one was sent. */
  boolean isStuck() {
    return isStuck;
  }

  /** Notes that the user pauses until a moment, as {@link System#nanoTime()}, and then goes on. */
  void pause(long untilNanos) {
    pausedUntil = untilNanos;
  }

  /** Returns when the last pause that is known is over, as {@link System#nanoTime()}. */
  long pausedUntil() {
    return pausedUntil;
  }

  /** Returns whether the sums are of a whole conversation: those of a part would be too low. */
  boolean isWhole() {
    return isWhole;
  }

  /** Returns who sent the request of the response that was added last. */
  Response.Who who() {
    return who;
  }

  /** Returns when the first request was written, as {@link System#nanoTime()}. */
  long beganNanos() {
    return beganNanos;
  }

  /** Returns when the last response ended, as {@link System#nanoTime()}. */
  long endNanos() {
    return endNanos;
  }

  /** Returns how many turns were sent. */
  int turns() {
    return turns;
  }

  /** Returns the milliseconds from the first request to the end of the last response. */
  double millis() {
    return (endNanos - beganNanos) / 1e6;
  }

  /** Returns the milliseconds from a request to the end of its response, over all attempts. */
  double modelMillis() {
    return modelNanos / 1e6;
  }

  /** Returns the milliseconds between a response and the turn that carries results of tools. */
  double toolMillis() {
    return toolNanos / 1e6;
  }

  /** Returns the milliseconds between a response and any other turn. */
  double thinkMillis() {
    return thinkNanos / 1e6;
  }

  /**
   * Returns the cached share of the prompt tokens of successful responses in percent; those that do
   * not report cached tokens count as uncached. NaN as long as no response of the run does, and if
   * no length of a prompt is known.
   */
  double cacheHitPercent() {
    return cacheReported && inputTokens > 0 ? 100 * cachedTokens / inputTokens : Double.NaN;
  }
}
