/**
 * Compares two JMH result files. {@link dev.gatlingllm.bench.compare.CompareCommand} is the entry;
 * it lists what got better, what got worse and what shows no difference, each with its interval, as
 * a gate for CI and a table for a pull request. Knows only JMH's files and statistics.
 */
@NullMarked
package dev.gatlingllm.bench.compare;

import org.jspecify.annotations.NullMarked;
