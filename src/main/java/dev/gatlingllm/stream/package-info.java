/**
 * From bytes to the timeline of one reply. A {@link dev.gatlingllm.stream.ReplyReader} takes the
 * head, the bytes and the end of an HTTP response as they arrive on the event loop; an incremental
 * decoder cuts the bytes into server-sent events, a streaming parser reads each as a chunk of
 * OpenAI's chat or text completions without building a tree, and the {@link
 * dev.gatlingllm.stream.TokenTimeline} notes when which kind of output came. The last word is a
 * {@link dev.gatlingllm.stream.Failure}: whether the reply counts, and if not, why.
 *
 * <p>Every object here belongs to one reply and one thread, and nothing that a server sends makes
 * any of them throw. Knows nothing of Gatling.
 */
package dev.gatlingllm.stream;
