/**
 * Text of an exact number of tokens: {@link dev.gatlingllm.prompt.Tokenizers} finds a tokenizer,
 * {@link dev.gatlingllm.prompt.ExactText} writes text for it, {@link dev.gatlingllm.Distribution}
 * decides how long. Knows nothing of conversations.
 */
package dev.gatlingllm.prompt;
