/**
 * The DSL for load tests of LLM servers. {@link dev.gatlingllm.LlmDsl} is the entry: {@code import
 * static dev.gatlingllm.LlmDsl.*;} adds its words to Gatling's own Java DSL. All builders are
 * immutable; every method returns a new one. The value types that its signatures name, such as
 * {@link dev.gatlingllm.Distribution} and {@link dev.gatlingllm.ContextPolicy}, are here too.
 */
@NullMarked
package dev.gatlingllm;

import org.jspecify.annotations.NullMarked;
