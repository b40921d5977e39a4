package dev.gatlingllm.metrics;

/**
 * The figures of the few seconds before one moment of a run. Immutable.
 *
 * @param seconds how many seconds
 * @param iteration the part of the run in which the last response ended: {@code warmup}, the number
 *     of an iteration, or {@code drain}
 * @param outputTokensPerSecond output tokens that arrived, per second; estimated as chunks, times
 *     the tokens per chunk of the responses that have ended
 * @param ttftP50 TTFT of the first tokens that arrived, in milliseconds; NaN without any
 * @param ttftP95 the same
 * @param activeStreams requests in flight now
 * @param cacheHitPercent the least that Σ cached / Σ input tokens of the responses that ended can
 *     be; NaN without any, and as long as no response of the run reported cached tokens
 * @param failed responses that failed
 */
public record LiveSummary(
    double seconds,
    String iteration,
    double outputTokensPerSecond,
    double ttftP50,
    double ttftP95,
    long activeStreams,
    double cacheHitPercent,
    long failed) {}
