package dev.gatlingllm.metrics;

/**
 * Counts and rates over the measured window. What no reply reported is null.
 *
 * @param requests replies that ended in the window, good and failed
 * @param ok good replies
 * @param ko failed replies
 * @param conversations conversations of which at least one reply is counted
 * @param inputTokens prompt tokens of good replies
 * @param outputTokens output tokens that arrived in the window
 * @param cachedTokens prompt tokens served from the prefix cache, over replies that report it
 * @param outputTokensPerSecond output tokens / length of the window
 * @param inputTokensPerSecond prompt tokens / length of the window
 * @param requestsPerSecond replies / length of the window
 * @param cacheHitPercent Σ cached / Σ input over replies that report it, in percent
 * @param expectedReusablePercent Σ reusable / Σ expected input tokens, in percent
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
    Double cacheHitPercent,
    Double expectedReusablePercent) {}
