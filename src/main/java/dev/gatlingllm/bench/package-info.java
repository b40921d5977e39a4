/**
 * The harness: JMH's warm-up, iterations, forks and parameters around a load on a server. A {@link
 * dev.gatlingllm.bench.LlmBenchmark} is a simulation that says what is measured; {@link
 * dev.gatlingllm.bench.BenchmarkCommand} runs every combination of its parameters in processes of
 * their own, and JMH's own classes make table, error and result file of what they measured.
 */
package dev.gatlingllm.bench;
