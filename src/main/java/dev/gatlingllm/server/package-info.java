/**
 * A simulated OpenAI-compatible LLM server: no model, no key, no network, yet prompts are counted
 * in real tokens, prefixes are cached in blocks, and tokens come as an engine's steps bring them.
 * Every request leaves a {@linkplain dev.gatlingllm.server.RequestTruth truth} to compare a
 * client's measurements with.
 *
 * <p>Two parts meet only in a small interface. The <em>protocol</em> (connections, routes, JSON in
 * and out) knows nothing of time; the {@linkplain dev.gatlingllm.server.engine.Engine engine}
 * decides when tokens come and what is cached, and knows nothing of HTTP. Knows nothing of Gatling.
 */
package dev.gatlingllm.server;
