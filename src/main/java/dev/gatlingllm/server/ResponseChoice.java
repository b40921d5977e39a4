package dev.gatlingllm.server;

import org.jspecify.annotations.Nullable;

/**
 * One choice of a response.
 *
 * @param index the position among the choices for all prompts of the request, from 0
 * @param first whether it is the first choice for its prompt
 * @param promptTokens the number of tokens of its prompt
 * @param logprobs null unless requested
 */
record ResponseChoice(
    int index,
    boolean first,
    int promptTokens,
    Completion completion,
    @Nullable Logprobs logprobs) {}
