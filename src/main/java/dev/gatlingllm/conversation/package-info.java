/**
 * The state of a virtual user's conversation, and request bodies. {@link
 * dev.gatlingllm.conversation.Conversations} begins a {@link
 * dev.gatlingllm.conversation.Conversation}; each of its turns returns the next state:
 *
 * <pre>{@code
 * Conversation conversation = conversations.begin(7, script);
 * Turn turn = conversation.next();
 * byte[] body = new RequestBody(shape, fields).of(turn, "model");
 * conversation = turn.succeeded("the response", 3, null);
 * }</pre>
 *
 * <p>All types are immutable or thread-safe, and fast enough for event loops: texts are escaped for
 * JSON once ({@link dev.gatlingllm.conversation.Message}), and versions of a conversation share one
 * store ({@link dev.gatlingllm.conversation.History}). The package knows nothing of Gatling.
 */
@NullMarked
package dev.gatlingllm.conversation;

import org.jspecify.annotations.NullMarked;
