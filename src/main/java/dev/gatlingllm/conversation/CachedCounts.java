package dev.gatlingllm.conversation;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds out whether a server whose API counts cached tokens apart from the input counts them there
 * too. Old versions of SGLang do: the sum of both counts is then longer than the prompt. Any thread
 * may call.
 *
 * <p>Proof to the contrary, and final, is a prompt of which fewer tokens were not cached than
 * cached: a count of the whole prompt cannot be less than a part of it. A prompt speaks for it if
 * the count without the cached tokens is as long as expected, and the sum is much longer.
 */
final class CachedCounts {

  /** Fewer cached tokens may be a template or tools, which are not expected. */
  private static final int MIN_CACHED = 64;

  private static final int MIN_CACHED_SHARE = 4;
  private static final int TEMPLATE_TOKENS = 16;
  private static final int MAX_SHORTER = 8;
  private static final int MAX_LONGER_SHARE = 20;

  /** So many prompts that speak for it decide the others of the run, too. */
  private static final int ENOUGH = 8;

  private volatile boolean isApart;
  private final AtomicInteger twice = new AtomicInteger();

  /**
   * Returns whether the cached tokens are counted in both counts.
   *
   * @param input the count of the prompt that should not have the cached tokens
   * @param cached tokens, from 1
   * @param reusable tokens of the prompt that were sent before, or a negative number
   */
  boolean areTwice(int input, int cached, int reusable, Turn turn) {
    if (isApart || input < cached) {
      isApart = true;
      return false;
    }
    int expected = turn.promptTokens();
    int template = TEMPLATE_TOKENS * (turn.messages() + 1);
    boolean evident =
        cached >= Math.max(MIN_CACHED, expected / MIN_CACHED_SHARE)
            && cached <= reusable + template
            && input >= expected - MAX_SHORTER
            && input - expected <= expected / MAX_LONGER_SHARE + template;
    return evident ? twice.incrementAndGet() > 0 : twice.get() >= ENOUGH;
  }
}
