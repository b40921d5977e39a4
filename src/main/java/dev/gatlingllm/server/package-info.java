/**
 * A simulated OpenAI-compatible LLM server: no model, no key, no network, yet prompts are counted
 * in real tokens, prefixes are cached in blocks, and tokens come at a stated pace. Every request
 * leaves a {@linkplain dev.gatlingllm.server.RequestTruth truth} to compare a client's measurements
 * with.
 *
 * <p>Three parts meet only in small interfaces. The <em>protocol</em> (connections, routes, JSON in
 * and out) knows nothing of time; the {@linkplain dev.gatlingllm.server.Engine engine} decides when
 * tokens come and knows nothing of HTTP; the {@linkplain dev.gatlingllm.server.PrefixCache cache}
 * knows token ids alone. Knows nothing of Gatling.
 */
package dev.gatlingllm.server;
