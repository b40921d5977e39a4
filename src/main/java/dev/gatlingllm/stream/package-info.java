/**
 * From bytes to the timeline of one reply: an incremental decoder of server-sent events, a reader
 * of OpenAI's chunks that builds no trees, and the {@link dev.gatlingllm.stream.TokenTimeline} they
 * fill. Runs on the event loop as the bytes arrive. Knows nothing of Gatling.
 */
package dev.gatlingllm.stream;
