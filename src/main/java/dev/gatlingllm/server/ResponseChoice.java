package dev.gatlingllm.server;

import org.jspecify.annotations.Nullable;

/**
 * One choice of a response.
 *
 * @param index the position among the choices for all prompts of the request, from 0
 * @param prompt the position of its prompt in the request, from 0
 * @param promptTokens the number of tokens of its prompt
 * @param logprobs null unless requested
 */
record ResponseChoice(
    int index, int prompt, int promptTokens, Completion completion, @Nullable Logprobs logprobs) {}
