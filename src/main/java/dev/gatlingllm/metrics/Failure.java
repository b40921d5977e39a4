package dev.gatlingllm.metrics;

/**
 * Why a reply does not count as one.
 *
 * @param kind the label under which failures are counted, such as {@code http 429 rate_limit_error}
 *     or {@code truncated}; a small set of values, whatever the server says
 * @param message what happened in the server's own words where it had any; untrusted text
 */
public record Failure(String kind, String message) {}
