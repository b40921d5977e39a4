package dev.gatlingllm.server;

/**
 * One of the replies to a request.
 *
 * @param index from 0, over all prompts of the request
 * @param first whether it is the first reply to its prompt
 * @param promptTokens how many tokens its prompt has
 * @param logprobs null when they are not asked for
 */
record Choice(int index, boolean first, int promptTokens, Reply reply, Logprobs logprobs) {}
