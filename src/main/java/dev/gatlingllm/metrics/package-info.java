/**
 * What a run measures: from one {@link dev.gatlingllm.metrics.Response} per request to the {@link
 * dev.gatlingllm.metrics.RunSummary} that every page, file and console line shows. Knows nothing of
 * Gatling.
 *
 * <p>Entry class: {@link dev.gatlingllm.metrics.TokenRecorder}. Event loops hand it each response;
 * its own thread adds them to a {@link dev.gatlingllm.metrics.RunAccumulator} and passes them to
 * the {@linkplain dev.gatlingllm.metrics.ResponseSink sinks}:
 *
 * <pre>{@code
 * TokenRecorder recorder = TokenRecorder.start(window, objectives, server, List.of(file));
 * recorder.begin(System.nanoTime(), System.currentTimeMillis());
 * recorder.record(response); // from any thread, any number of times
 * recorder.close();
 * RunSummary figures = recorder.summary();
 * RunAccumulator run = recorder.run(); // to be written to a file and merged with others
 * }</pre>
 *
 * <p>{@link dev.gatlingllm.metrics.Figure} declares every figure once. An accumulator (a type with
 * {@code @Accumulator}) is mutable: it adds responses, adds others of its type, and returns an
 * immutable summary. Only what lies in the {@link dev.gatlingllm.metrics.Window} counts. Memory is
 * bounded by caps on scopes, steps and buckets, and does not grow with responses or tokens.
 */
@NullMarked
package dev.gatlingllm.metrics;

import org.jspecify.annotations.NullMarked;
