/**
 * Two result files against each other: what got better, what got worse, and what shows no
 * difference, each with its interval; a gate for CI and a table for a pull request. Knows JMH's
 * files and statistics alone.
 */
package dev.gatlingllm.bench.compare;
