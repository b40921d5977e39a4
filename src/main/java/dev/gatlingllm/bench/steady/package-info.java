/**
 * Whether a score may be trusted: had the load settled, do the forks agree, and was it the server
 * rather than the load generator that set the pace? Works on the scores of the iterations alone.
 */
package dev.gatlingllm.bench.steady;
