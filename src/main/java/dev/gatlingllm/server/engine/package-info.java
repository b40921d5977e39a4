/**
 * The simulated inference engine: continuous batching in steps, a paged key-value (KV) cache with
 * prefix caching, and a law that says how long each step takes. Modelled on the scheduler of vLLM
 * v1. It knows token ids and time, and nothing of HTTP or of what the tokens say.
 *
 * <p>The {@linkplain dev.gatlingllm.server.engine.Scheduler scheduler} and the {@linkplain
 * dev.gatlingllm.server.engine.KvCache cache} are plain state machines without a clock; the
 * {@linkplain dev.gatlingllm.server.engine.BatchingEngine engine} drives them and maps the steps to
 * an {@link dev.gatlingllm.server.engine.EngineClock}, real or virtual.
 */
package dev.gatlingllm.server.engine;
