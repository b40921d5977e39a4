package dev.gatlingllm.server;

import java.util.List;

/**
 * What a client asked for, once its JSON is understood.
 *
 * @param texts the prompt's texts, each tokenised apart; empty when the prompt came as tokens
 * @param tokens the prompt's token ids; empty when it came as text
 * @param maxTokens how many tokens to generate, 1 or more
 * @param stream whether to send tokens as they come
 * @param includeUsage whether a stream ends in a chunk with usage
 */
record GenerationRequest(
    Api api,
    String model,
    List<String> texts,
    int[] tokens,
    int maxTokens,
    boolean stream,
    boolean includeUsage) {}
