package dev.gatlingllm.metrics;

/**
 * The distribution D of {@code tokens.json}: what a histogram says in a dozen numbers, in the unit
 * of its {@link Metric}. A distribution without samples is {@code null}, not a row of zeros.
 */
public record Summary(
    long count,
    double mean,
    double stddev,
    double min,
    double p50,
    double p75,
    double p90,
    double p95,
    double p99,
    double p999,
    double max) {}
