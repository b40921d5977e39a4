package dev.gatlingllm.metrics;

/**
 * What conversations had to put up with in the measured window. Immutable.
 *
 * @param retries replies to second and later tries at a turn, good and failed
 * @param turnsCut prompts from which earlier turns were left out so that they fit the window
 * @param droppedTokens tokens of those turns
 * @param brokenConversations conversations that a failed turn ended before their time
 */
public record Setbacks(long retries, long turnsCut, long droppedTokens, long brokenConversations) {

  /** None at all. */
  public static final Setbacks NONE = new Setbacks(0, 0, 0, 0);

  Setbacks with(TurnMeasurement reply) {
    boolean cut = reply.droppedTokens() > 0;
    return reply.attempt() == 1 && !cut && !reply.conversationBroken()
        ? this
        : new Setbacks(
            retries + (reply.attempt() > 1 ? 1 : 0),
            turnsCut + (cut ? 1 : 0),
            droppedTokens + (cut ? reply.droppedTokens() : 0),
            brokenConversations + (reply.conversationBroken() ? 1 : 0));
  }

  Setbacks plus(Setbacks other) {
    return new Setbacks(
        retries + other.retries,
        turnsCut + other.turnsCut,
        droppedTokens + other.droppedTokens,
        brokenConversations + other.brokenConversations);
  }
}
