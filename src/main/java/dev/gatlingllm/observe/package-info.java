/**
 * The server's side of a run: reads the metrics that inference servers, gateways and GPU exporters
 * expose for Prometheus, on a thread of its own, and translates their names into one vocabulary.
 *
 * <p>Entry class: {@link dev.gatlingllm.observe.ServerScraper}. Its result, {@link
 * dev.gatlingllm.metrics.ServerMetrics}, is immutable and part of the run's summary.
 */
@NullMarked
package dev.gatlingllm.observe;

import org.jspecify.annotations.NullMarked;
