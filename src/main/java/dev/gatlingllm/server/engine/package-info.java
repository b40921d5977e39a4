/**
 * The simulated inference engine: continuous batching in steps, a paged KV cache with prefix
 * caching, and a formula for the duration of each step, modelled on the scheduler of vLLM v1. It
 * knows token ids and time, but not HTTP or the text of tokens.
 *
 * <p>{@link dev.gatlingllm.server.engine.Engine} is the entry point: {@code prepare} a job and
 * {@code start} the returned {@link dev.gatlingllm.server.engine.Generation} with a listener. The
 * {@linkplain dev.gatlingllm.server.engine.Scheduler scheduler} and the {@linkplain
 * dev.gatlingllm.server.engine.KvCache cache} are state machines without a clock. The engine runs
 * them on an {@link dev.gatlingllm.server.engine.EngineClock}, real or virtual.
 */
@NullMarked
package dev.gatlingllm.server.engine;

import org.jspecify.annotations.NullMarked;
