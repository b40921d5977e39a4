/**
 * The scores of benchmarks: one value for each iteration of each fork, by benchmark, parameters and
 * metric. {@link dev.gatlingllm.bench.result.BenchmarkScores} is made from results in memory or, by
 * {@link dev.gatlingllm.bench.result.ResultReader}, from the result file of any JMH benchmark.
 */
@NullMarked
package dev.gatlingllm.bench.result;

import org.jspecify.annotations.NullMarked;
