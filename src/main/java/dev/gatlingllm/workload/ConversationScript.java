package dev.gatlingllm.workload;

import dev.gatlingllm.prompt.Passage;
import java.util.List;

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

  /** Leading tokens of the system prompt that all groups of the workload share. */
  default int commonTokens() {
    return 0;
  }

  /**
   * What follows the shared system prompt in this conversation alone, such as a retrieved document:
   * part of the system message, for every turn.
   */
  default Passage context() {
    return Passage.EMPTY;
  }

  /** The number of turns, or {@link Integer#MAX_VALUE} for a conversation that never ends. */
  int turns();

  /**
   * The turn with which this conversation begins in this run, from 1 to {@link #turns()}. Earlier
   * ones are taken as said, with {@link #response} as the model's answer: so a load can start with
   * conversations of all ages.
   */
  default int firstTurn() {
    return 1;
  }

  /**
   * Whether another conversation of this run may say the same, word for word: then what one has
   * sent may be in the server's cache for the other.
   */
  default boolean repeats() {
    return false;
  }

  /**
   * The blocks that a conversation's first question is made of, in order, for traces that tell
   * which prompts begin alike; empty where that is not told.
   */
  default List<Block> blocks() {
    return List.of();
  }

  /**
   * A piece of text that other conversations of the workload may hold too.
   *
   * @param id equal for equal text
   * @param tokens its length
   */
  record Block(long id, int tokens) {}

  /**
   * What the model is taken to have said in a turn, where its real answer is not known or not
   * wanted in the history.
   *
   * @param turn from 1 to {@link #turns()}
   * @throws IndexOutOfBoundsException for any other turn
   */
  Passage response(int turn);

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
