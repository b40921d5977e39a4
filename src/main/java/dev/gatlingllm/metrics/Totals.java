package dev.gatlingllm.metrics;

/**
 * Counts and rates over the measured window. Immutable. What no reply reported is null, and rates
 * over a window without length are 0.
 *
 * @param requests replies that ended in the window, good and failed
 * @param ok good replies
 * @param ko failed replies
 * @param conversations conversations of which at least one reply is counted; exact unless tens of
 *     thousands are in flight at once
 * @param inputTokens prompt tokens of good replies
 * @param outputTokens output tokens that arrived in the window, also those of replies that failed
 *     or that ended after it; a reply's tokens are taken to be spread evenly over its chunks
 * @param cachedTokens prompt tokens served from the prefix cache, over good replies that report it
 * @param outputTokensPerSecond output tokens / length of the window
 * @param inputTokensPerSecond prompt tokens of good replies / length of the window
 * @param requestsPerSecond replies, good and failed / length of the window
 * @param retryCounts retries, dropped turns and broken conversations
 * @param goodput replies that meet the stated objectives; null where none are stated or no reply
 *     ended
 * @param cacheHitPercent Σ cached / Σ input over good replies that report it, in percent
 * @param expectedReusablePercent Σ reusable / Σ expected input tokens over good replies that know
 *     both, in percent
 */
public record Totals(
    long requests,
    long ok,
    long ko,
    long conversations,
    Long inputTokens,
    Long outputTokens,
    Long cachedTokens,
    double outputTokensPerSecond,
    double inputTokensPerSecond,
    double requestsPerSecond,
    RetryCounts retryCounts,
    Goodput goodput,
    Double cacheHitPercent,
    Double expectedReusablePercent) {}
