package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;

/**
 * The parameters of a shared-prefix workload. Immutable.
 *
 * @param groups the groups, each with a system prompt of its own, and their weights
 * @param perGroup number of different conversations in a group, from 1, or 0 for a new one each
 *     time
 * @param lengths the lengths of all texts
 * @param images what questions have besides text
 * @param turns questions of a conversation, drawn for each, at least 1; {@link Integer#MAX_VALUE}
 *     for no end
 * @param aged number of first conversations that start at a later turn, as in a load that has run
 *     for a long time
 * @param probes share of conversations that repeat one prompt, from 0 to 1
 * @param tools how the model uses tools
 * @param seed decides every draw
 */
public record SharedPrefixShape(
    GroupWeights groups,
    int perGroup,
    Lengths lengths,
    Images images,
    Distribution turns,
    long aged,
    double probes,
    ToolUse tools,
    long seed) {}
