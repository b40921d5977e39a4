/**
 * Turns the bytes of one HTTP response into a timeline of its tokens.
 *
 * <p>Start with {@link dev.gatlingllm.stream.ResponseReader}: it takes the head, the bytes and the
 * end of a response as they arrive on the event loop. An incremental decoder splits the bytes into
 * server-sent events, and a streaming parser reads each event as a chunk of OpenAI's chat or text
 * completions without building a tree. The {@link dev.gatlingllm.stream.TokenTimeline} keeps when
 * output came, what the response said, and at its end the {@link dev.gatlingllm.stream.Failure} of
 * a bad response.
 *
 * <p>Every object belongs to one response and one thread. Nothing that a server sends makes any of
 * them throw. This package does not know Gatling.
 */
@NullMarked
package dev.gatlingllm.stream;

import org.jspecify.annotations.NullMarked;
