package dev.gatlingllm.metrics;

/**
 * Counts and rates over the measured window. Immutable. What no response reported is null. Rates
 * over a window of length 0 are 0.
 *
 * @param requests responses that ended in the window, successful and failed
 * @param ok successful responses
 * @param ko failed responses
 * @param conversations conversations of which at least one response is counted; exact unless tens
 *     of thousands are in flight at once
 * @param inputTokens prompt tokens of successful responses
 * @param outputTokens output tokens that arrived in the window, also those of responses that failed
 *     or ended after it; a response's tokens are spread evenly over its chunks
 * @param cachedTokens prompt tokens from the prefix cache, over successful responses that report
 *     them and whose prompt length is known
 * @param outputTokensPerSecond output tokens / length of the window
 * @param inputTokensPerSecond prompt tokens of successful responses / length of the window
 * @param requestsPerSecond responses, successful and failed / length of the window
 * @param retryCounts retries, dropped turns and broken conversations
 * @param goodput responses that meet all objectives; null if none are set or no response ended
 * @param cacheHitPercent Σ cached / Σ input tokens over the responses of {@code cachedTokens}, in
 *     percent
 * @param expectedReusablePercent Σ reusable / Σ expected input tokens over successful responses
 *     that know both, in percent
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
