package dev.gatlingllm.prompt;

/**
 * Everything that one user will say in one conversation, decided before the first request by the
 * workload's seed and the conversation's number alone. What the model answers is not part of it.
 *
 * <p>Questions are made when asked for, and asking twice for the same turn gives equal text. Any
 * thread may call any method.
 */
public interface ConversationScript {

  /** Names this conversation within the run; equal for users who repeat the same conversation. */
  String id();

  /** The group whose system prompt this conversation shares, from 0. */
  int group();

  /** The shared system prompt: one object in memory for all conversations of the group. */
  Passage systemPrompt();

  /** The number of turns, or {@link Integer#MAX_VALUE} for a conversation that never ends. */
  int turns();

  /**
   * What the user says in a turn.
   *
   * @param turn from 1 to {@link #turns()}
   * @throws IndexOutOfBoundsException for any other turn
   */
  Question question(int turn);

  /**
   * What the user says in one turn.
   *
   * @param passage the text and its length
   * @param outputTokens the length of reply to ask for, in tokens: the request's {@code max_tokens}
   */
  record Question(Passage passage, int outputTokens) {}
}
