package dev.gatlingllm.metrics;

/**
 * What a run looked like in the few seconds before one moment. Immutable.
 *
 * @param seconds how many seconds
 * @param iteration where the reply that ended last belongs: {@code warmup}, the number of an
 *     iteration, or {@code drain}
 * @param outputTokensPerSecond output tokens that arrived, per second; counted by chunks while
 *     replies are under way, times the tokens per chunk of the replies that have ended
 * @param ttftP50 time to first token of the first tokens that arrived, in milliseconds; NaN where
 *     none did
 * @param ttftP95 the same
 * @param activeStreams requests in flight now
 * @param cacheHitPercent Σ cached / Σ input tokens of the replies that ended and report both; NaN
 *     where none did
 * @param failed replies that failed
 */
public record LiveMoment(
    double seconds,
    String iteration,
    double outputTokensPerSecond,
    double ttftP50,
    double ttftP95,
    long activeStreams,
    double cacheHitPercent,
    long failed) {}
