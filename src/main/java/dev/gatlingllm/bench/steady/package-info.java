/**
 * Decides whether a score can be relied on: {@link dev.gatlingllm.bench.steady.Warnings} checks
 * whether the load had settled, whether the forks agree, and whether the server rather than the
 * load generator was the bottleneck. Works on the scores of the iterations alone.
 */
@NullMarked
package dev.gatlingllm.bench.steady;

import org.jspecify.annotations.NullMarked;
