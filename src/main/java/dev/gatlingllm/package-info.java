/**
 * What a user imports: {@code import static dev.gatlingllm.LlmDsl.*;} and Gatling's own Java DSL do
 * everything. All builders are immutable; every method returns a new one.
 */
package dev.gatlingllm;
