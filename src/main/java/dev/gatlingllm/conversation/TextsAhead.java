package dev.gatlingllm.conversation;

import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Question;
import org.jspecify.annotations.Nullable;

/**
 * The texts that follow a turn of a conversation, made while its response is awaited: writing and
 * escaping a long text would take an event loop longer than the gap between two tokens. A text that
 * is not there is made where it is needed. One thread may make texts while others take them.
 */
final class TextsAhead {

  /** Shorter texts take an event loop some microseconds. */
  private static final int LONG_TOKENS = 1_000;

  private volatile @Nullable Texts made;

  /** The last turn whose question was asked for. */
  private volatile int asked;

  /**
   * What follows a turn.
   *
   * @param response the script's response, for the history; null if the received one is kept
   */
  private record Texts(int turn, @Nullable Message response, Question question, Message message) {}

  /** A question, and how requests carry it. */
  record Asked(Question question, Message message) {

    static Asked of(ConversationScript script, int turn) {
      Question question = script.question(turn);
      return new Asked(question, Turn.messageOf(script, turn, question));
    }
  }

  /** Returns whether what follows a turn, which is not the last one, is worth another thread. */
  static boolean areLong(Turn turn) {
    try {
      int tokens = turn.conversation().start().script().questionTokens(turn.number() + 1);
      return tokens + (turn.keepsResponse() ? 0 : turn.outputTokens()) >= LONG_TOKENS;
    } catch (RuntimeException invalid) {
      // such as a value of a feeder: the next turn reports it, and this one is sent
      return false;
    }
  }

  /** Makes the texts that follow a turn, which is not the last one. */
  void make(Turn turn) {
    Conversation.Start start = turn.conversation().start();
    int number = turn.number();
    if (number < asked) {
      // other threads were busy for as long as the response took: the event loop made the texts
      return;
    }
    try {
      Asked next = Asked.of(start.script(), number + 1);
      Message response = turn.keepsResponse() ? null : start.scripted(number);
      made = new Texts(number, response, next.question(), next.message());
    } catch (RuntimeException invalid) {
      // the next turn reports it, where it is needed
    }
  }

  /** Returns the script's response to a turn. */
  Message response(int turn, Conversation.Start start) {
    Texts texts = made;
    return texts != null && texts.turn == turn && texts.response != null
        ? texts.response
        : start.scripted(turn);
  }

  /** Returns the question of a turn. */
  Asked question(int turn, ConversationScript script) {
    asked = turn;
    Texts texts = made;
    return texts != null && texts.turn == turn - 1
        ? new Asked(texts.question, texts.message)
        : Asked.of(script, turn);
  }
}
