/**
 * What is said: tokenizers, text of an exact number of tokens, distributions of lengths, and the
 * workloads that turn them into {@linkplain dev.gatlingllm.prompt.ConversationScript
 * conversations}. Knows nothing of Gatling, HTTP or time.
 */
package dev.gatlingllm.prompt;
