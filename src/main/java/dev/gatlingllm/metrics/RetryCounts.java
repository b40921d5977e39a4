package dev.gatlingllm.metrics;

/**
 * Retries, cut prompts and broken conversations in the measured window. Immutable.
 *
 * @param retries responses to second and later attempts at a turn, successful and failed
 * @param turnsCut prompts from which earlier turns were left out to fit the context window
 * @param droppedTokens tokens of those turns
 * @param brokenConversations conversations that a failed turn ended early
 */
public record RetryCounts(
    long retries, long turnsCut, long droppedTokens, long brokenConversations) {

  /** All counts 0. */
  public static final RetryCounts NONE = new RetryCounts(0, 0, 0, 0);

  RetryCounts with(Response response) {
    boolean cut = response.turn().droppedTokens() > 0;
    return response.turn().attempt() == 1 && !cut && !response.outcome().conversationBroken()
        ? this
        : new RetryCounts(
            retries + (response.turn().attempt() > 1 ? 1 : 0),
            turnsCut + (cut ? 1 : 0),
            droppedTokens + (cut ? response.turn().droppedTokens() : 0),
            brokenConversations + (response.outcome().conversationBroken() ? 1 : 0));
  }

  RetryCounts plus(RetryCounts other) {
    return new RetryCounts(
        retries + other.retries,
        turnsCut + other.turnsCut,
        droppedTokens + other.droppedTokens,
        brokenConversations + other.brokenConversations);
  }
}
