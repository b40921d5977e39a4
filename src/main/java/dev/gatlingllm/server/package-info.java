/**
 * A simulated OpenAI-compatible LLM server for tests and demonstrations. It needs no model, API key
 * or network, but counts real tokens, batches requests and caches prefixes like a real server.
 *
 * <p>{@link dev.gatlingllm.server.SimulatedServer} starts a server:
 *
 * <pre>{@code
 * try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT))) {
 *   callMyClient(server.baseUrl());
 *   List<RequestTruth> truth = server.truth();
 * }
 * }</pre>
 *
 * <p>This package implements the protocol: connections, routes, JSON, faults, and the {@linkplain
 * dev.gatlingllm.server.RequestTruth record} of what happened to each request. The package {@code
 * engine} decides when tokens are generated and what is cached. Neither knows anything about
 * Gatling.
 */
@NullMarked
package dev.gatlingllm.server;

import org.jspecify.annotations.NullMarked;
