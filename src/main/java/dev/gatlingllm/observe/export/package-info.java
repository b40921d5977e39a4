/**
 * Live export: the client's figures while the run goes on. {@link
 * dev.gatlingllm.observe.export.LiveExport} is the sink that fills {@link
 * dev.gatlingllm.observe.export.LiveMetrics}; {@link dev.gatlingllm.observe.export.OtlpPush} sends
 * them to a collector, {@link dev.gatlingllm.observe.export.PrometheusEndpoint} shows them to
 * Prometheus. The libraries of the two are optional, and named in no other class.
 */
@NullMarked
package dev.gatlingllm.observe.export;

import org.jspecify.annotations.NullMarked;
