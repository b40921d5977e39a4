package dev.gatlingllm.prompt;

/**
 * What the conversations of a shared-prefix workload are like. Lengths are in tokens.
 *
 * @param groups number of system prompts, from 1
 * @param perGroup number of different conversations in a group, from 1, or 0 for a fresh one each
 *     time
 * @param systemTokens length of a system prompt, drawn once for each group; 0 for none
 * @param questionTokens drawn for each turn, at least 1
 * @param outputTokens length of reply to ask for, drawn for each turn, at least 1
 * @param turns drawn for each conversation, at least 1; {@link Integer#MAX_VALUE} for no end
 * @param seed decides everything
 */
public record SharedPrefixShape(
    int groups,
    int perGroup,
    Distribution systemTokens,
    Distribution questionTokens,
    Distribution outputTokens,
    Distribution turns,
    long seed) {

  /** The same with another number of groups. */
  public SharedPrefixShape withGroups(int groups) {
    return of(groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }

  /** The same with another number of conversations in a group. */
  public SharedPrefixShape withPerGroup(int perGroup) {
    return of(groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }

  /** The same with other system prompts. */
  public SharedPrefixShape withSystemTokens(Distribution systemTokens) {
    return of(groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }

  /** The same with other questions. */
  public SharedPrefixShape withQuestionTokens(Distribution questionTokens) {
    return of(groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }

  /** The same with other replies. */
  public SharedPrefixShape withOutputTokens(Distribution outputTokens) {
    return of(groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }

  /** The same with other numbers of turns. */
  public SharedPrefixShape withTurns(Distribution turns) {
    return of(groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }

  /** The same with another seed. */
  public SharedPrefixShape withSeed(long seed) {
    return of(groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }

  private static SharedPrefixShape of(
      int groups,
      int perGroup,
      Distribution systemTokens,
      Distribution questionTokens,
      Distribution outputTokens,
      Distribution turns,
      long seed) {
    return new SharedPrefixShape(
        groups, perGroup, systemTokens, questionTokens, outputTokens, turns, seed);
  }
}
