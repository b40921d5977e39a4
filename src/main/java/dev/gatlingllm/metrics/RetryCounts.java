package dev.gatlingllm.metrics;

/**
 * What conversations had to put up with in the measured window. Immutable.
 *
 * @param retries replies to second and later tries at a turn, good and failed
 * @param turnsCut prompts from which earlier turns were left out so that they fit the window
 * @param droppedTokens tokens of those turns
 * @param brokenConversations conversations that a failed turn ended before their time
 */
public record RetryCounts(
    long retries, long turnsCut, long droppedTokens, long brokenConversations) {

  /** None at all. */
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
