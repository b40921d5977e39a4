/**
 * From the {@linkplain dev.gatlingllm.stream.TokenTimeline timeline} of each response to what a run
 * says about its server: measurements, histograms by request, turn, group and second, and the
 * {@linkplain dev.gatlingllm.metrics.RunSummary summary} that every page, file and console line is
 * drawn from. Knows nothing of Gatling.
 *
 * <p>Event loops hand a {@link dev.gatlingllm.metrics.Response} each to the {@link
 * dev.gatlingllm.metrics.TokenRecorder}; its one thread alone fills the aggregates and calls the
 * {@linkplain dev.gatlingllm.metrics.ResponseSink sinks}. What lies in the {@link
 * dev.gatlingllm.metrics.Window} counts; memory is bounded by caps on scopes, steps and buckets,
 * never by replies or tokens.
 */
package dev.gatlingllm.metrics;
