/**
 * The benchmark harness: JMH's warm-up, iterations, forks and parameters for a load on a server.
 *
 * <p>{@link dev.gatlingllm.bench.BenchCommand} is the entry. It measures every combination of the
 * parameters of an {@link dev.gatlingllm.bench.LlmBenchmark}, a simulation with JMH's annotations,
 * each fork in a process of Gatling's. In the fork, {@code BenchmarkRun} measures the iterations
 * and sends their scores to the runner. JMH's classes turn them into table, errors and result file.
 */
@NullMarked
package dev.gatlingllm.bench;

import org.jspecify.annotations.NullMarked;
