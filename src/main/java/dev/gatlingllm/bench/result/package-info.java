/**
 * JMH's result files, read back: the scores of every iteration of every fork, by benchmark,
 * parameters and metric. What compares, judges and draws results starts from here, and so takes the
 * files of any JMH benchmark. Knows nothing of Gatling.
 */
package dev.gatlingllm.bench.result;
