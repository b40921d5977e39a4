package dev.gatlingllm.workload;

import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SyntheticImages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All questions of one conversation, decided by the workload's seed and the conversation's number
 * alone. The responses of the model are not part of it.
 *
 * <p>Questions are created on demand, and the same turn always has the same text. Any thread may
 * call.
 */
public interface ConversationScript {

  /** Returns a name, unique within the run except for users who repeat the same conversation. */
  String id();

  /** Returns the group whose system prompt this conversation shares, from 0. */
  int group();

  /** Returns the shared system prompt: one object for all conversations of the group. */
  Passage systemPrompt();

  /**
   * Returns the tools that every request of the conversation offers, as the JSON array that a chat
   * request has in {@code tools}: part of the prefix that the group shares. Empty for none.
   */
  default Passage tools() {
    return Passage.EMPTY;
  }

  /** Returns how many leading tokens of the system prompt all groups of the workload share. */
  default int commonTokens() {
    return 0;
  }

  /**
   * Returns how many leading tokens of this conversation other load generators send before this one
   * does: those that an earlier conversation of another shard has too. {@link Integer#MAX_VALUE} if
   * it is the same conversation; empty if unknown.
   */
  default OptionalInt tokensOfOtherShards() {
    return OptionalInt.of(0);
  }

  /**
   * Returns what follows the shared system prompt in this conversation alone, such as a retrieved
   * document: part of the system message of every turn.
   */
  default Passage context() {
    return Passage.EMPTY;
  }

  /** Returns the number of turns, or {@link Integer#MAX_VALUE} for an endless conversation. */
  int turns();

  /**
   * Returns the turn with which this conversation begins in this run, from 1 to {@link #turns()}.
   * Earlier turns count as completed, with the responses of {@link #response}, so that a load can
   * start with conversations in progress.
   */
  default int firstTurn() {
    return 1;
  }

  /** Returns the model to ask, if the workload decides it. */
  default Optional<String> model() {
    return Optional.empty();
  }

  /**
   * Returns whether another conversation of this run may be identical or begin with the same turns,
   * so that its prompts may be in the server's cache already.
   */
  default boolean repeats() {
    return false;
  }

  /**
   * Returns whether this conversation only repeats one prompt of the workload, for the responses to
   * be compared: {@code llm.consistency}.
   */
  default boolean isProbe() {
    return false;
  }

  /**
   * Names what precedes the first question: equal for conversations that {@linkplain #repeats
   * repeat} and have the same tools, system prompt and context.
   */
  default String opening() {
    return id();
  }

  /**
   * Returns whether prompts carry the turns before. Otherwise each question is a whole prompt, for
   * traces whose prompts are not the history and one more message.
   */
  default boolean carriesHistory() {
    return true;
  }

  /**
   * Returns the user that starts this conversation, for an agent that works for another one: it
   * begins as long after that user's conversation as recorded.
   */
  default Optional<Parent> parent() {
    return Optional.empty();
  }

  /**
   * A user that starts another one.
   *
   * @param usersBefore how many users before the other one it is, from 1; 0 if it is unknown, so
   *     that the other one's own arrival counts
   * @param at time since the beginning of its conversation
   */
  record Parent(int usersBefore, Duration at) {}

  /**
   * Returns the blocks of a question, in order, for traces that state which prompts share a prefix;
   * otherwise empty. Only a question without turns before it in its prompt has any.
   *
   * @param turn from 1 to {@link #turns()}
   */
  default List<Block> blocks(int turn) {
    return List.of();
  }

  /**
   * A piece of text that other conversations of the workload may contain too.
   *
   * @param id equal for equal text
   * @param tokens its length
   */
  record Block(long id, int tokens) {}

  /**
   * Returns a response to put into the history in place of the model's.
   *
   * @param turn from 1 to {@link #turns()}
   * @throws IndexOutOfBoundsException for any other turn
   */
  Passage response(int turn);

  /**
   * Returns a response that calls tools as it was recorded: whole messages of the Chat API, as JSON
   * objects. Later prompts carry it in place of the model's, because the next turn refers to its
   * calls. Empty for a response that is text alone.
   *
   * @param turn from 1 to {@link #turns()}
   */
  default List<String> responseMessages(int turn) {
    return List.of();
  }

  /**
   * Returns the question of a turn.
   *
   * @param turn from 1 to {@link #turns()}
   * @throws IndexOutOfBoundsException for any other turn
   */
  Question question(int turn);

  /**
   * Returns the tokens of the text of a turn's question, without making the text if possible.
   *
   * @param turn from 1 to {@link #turns()}
   * @throws IndexOutOfBoundsException for any other turn
   */
  default int questionTokens(int turn) {
    return question(turn).passage().tokens();
  }

  /** Returns the images of the question of a turn, which precede its text; most often none. */
  default List<SyntheticImages.Image> images(int turn) {
    return List.of();
  }

  /**
   * Returns how many tokens each image takes in the prompt, from 0, or {@link Images#UNKNOWN}. Has
   * no meaning without images.
   */
  default int imageTokens() {
    return Images.UNKNOWN;
  }

  /**
   * The question of one turn.
   *
   * @param passage the text and its length; the texts of {@code messages}, if there are any
   * @param outputTokens the length of response to ask for, in tokens: the request's {@code
   *     max_tokens}
   * @param record all columns of the feeder's record that the text is from; may be empty
   * @param messages the client's messages as they were recorded, such as results of tools: whole
   *     messages of the Chat API, as JSON objects; empty for one message of a user
   * @param pause what precedes the turn; empty if the scenario decides that
   */
  record Question(
      Passage passage,
      int outputTokens,
      Map<String, Object> record,
      List<String> messages,
      Optional<Pause> pause) {

    /** Takes a copy of the messages. */
    public Question {
      messages = List.copyOf(messages);
    }

    /** A question of a user. */
    public Question(Passage passage, int outputTokens, Map<String, Object> record) {
      this(passage, outputTokens, record, List.of(), Optional.empty());
    }

    /** A question that is from no feeder. */
    public Question(Passage passage, int outputTokens) {
      this(passage, outputTokens, Map.of());
    }
  }

  /**
   * The time between a response and the next turn.
   *
   * @param length not negative
   * @param sinceBeginning whether it is counted from the beginning of the conversation instead: the
   *     turn follows at once where the response took longer
   */
  record Pause(Duration length, Kind kind, boolean sinceBeginning) {

    /** A pause after the response. */
    public Pause(Duration length, Kind kind) {
      this(length, kind, false);
    }

    /** What the client does in a pause. */
    public enum Kind {
      /** A user reads and writes. */
      THINK,
      /** A tool runs. */
      TOOL
    }
  }
}
