package dev.gatlingllm.workload;

import dev.gatlingllm.Distribution;

/**
 * How the model of a generated conversation uses tools: before it answers a question, it calls some
 * of them, one after another, each in a turn of its own. Immutable.
 *
 * @param tools number of tools on offer, from 1
 * @param definitionTokens length of all their definitions, from 0; 0 for requests without them
 * @param rounds calls before an answer, drawn for each question; 0 for none
 * @param callTokens length of the name and the arguments of a call, drawn for each
 * @param resultTokens length of a result, drawn for each, at least 1
 * @param seconds for which a tool runs, drawn for each call
 */
public record ToolUse(
    int tools,
    int definitionTokens,
    Distribution rounds,
    Distribution callTokens,
    Distribution resultTokens,
    Distribution seconds) {

  /** Returns whether any question can be followed by a call. */
  public boolean isAny() {
    return rounds.maximum() >= 0.5;
  }

  /** Returns the tokens that every prompt has for the definitions. */
  public int offeredTokens() {
    return isAny() ? definitionTokens : 0;
  }
}
