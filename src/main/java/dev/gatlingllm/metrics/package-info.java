/**
 * From the {@linkplain dev.gatlingllm.stream.TokenTimeline timeline} of each reply to what a run
 * says about its server: measurements, histograms by request, turn, group and second, and the
 * {@linkplain dev.gatlingllm.metrics.RunSnapshot snapshot} that every page, file and console line
 * is drawn from. Knows nothing of Gatling.
 */
package dev.gatlingllm.metrics;
