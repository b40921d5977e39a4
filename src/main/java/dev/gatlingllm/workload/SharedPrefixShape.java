package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;

/**
 * What the conversations of a shared-prefix workload are like. Immutable.
 *
 * @param groups the groups that share a system prompt each, and their weights
 * @param perGroup number of different conversations in a group, from 1, or 0 for a fresh one each
 *     time
 * @param lengths how long everything is
 * @param turns drawn for each conversation, at least 1; {@link Integer#MAX_VALUE} for no end
 * @param aged number of first conversations that are found under way, each at another turn, as in a
 *     load that has run for long
 * @param seed decides everything
 */
public record SharedPrefixShape(
    GroupWeights groups, int perGroup, Lengths lengths, Distribution turns, long aged, long seed) {}
