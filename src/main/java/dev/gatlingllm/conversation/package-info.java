/**
 * What a virtual user carries through its session: an immutable {@link
 * dev.gatlingllm.conversation.Conversation}, the policies for a full context window and for a
 * failed turn, and the bodies of requests. Knows nothing of Gatling.
 */
package dev.gatlingllm.conversation;
