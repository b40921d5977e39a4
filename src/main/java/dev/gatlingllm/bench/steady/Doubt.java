package dev.gatlingllm.bench.steady;

/**
 * A reason not to trust a score. Immutable.
 *
 * @param metric whose score it is about, or which tells it of all of the benchmark's
 * @param words the reason and what to do about it, as a sentence
 */
public record Doubt(String metric, String words) {}
