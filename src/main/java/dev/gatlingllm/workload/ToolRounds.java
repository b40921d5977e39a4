package dev.gatlingllm.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The turns of a conversation whose model calls tools: each question is a turn, and so is each
 * result of a tool. Keeps a number for each question that was reached. Any thread may call.
 */
final class ToolRounds {

  private final IntUnaryOperator calls;

  /** The last turn of each question. */
  private final List<Integer> lastTurns = new ArrayList<>();

  /**
   * A turn.
   *
   * @param question number of its question, from 1
   * @param results results that the model has had since the question, this one included
   * @param calls how many it has before it answers
   */
  record Step(int question, int results, int calls) {

    /** Returns whether the client sends a result instead of a question. */
    boolean hasResult() {
      return results > 0;
    }

    /** Returns whether the model calls a tool instead of answering. */
    boolean callsTool() {
      return results < calls;
    }
  }

  /**
   * Creates the turns of a conversation.
   *
   * @param calls returns the calls before the answer to a question, always the same
   */
  ToolRounds(IntUnaryOperator calls) {
    this.calls = calls;
  }

  /** Returns what a turn is, from 1. */
  synchronized Step step(int turn) {
    while (turns(lastTurns.size()) < turn) {
      addQuestion();
    }
    int question = lastTurns.size();
    while (turns(question - 1) >= turn) {
      question--;
    }
    int before = turns(question - 1);
    return new Step(question, turn - before - 1, turns(question) - before - 1);
  }

  /** Returns how many turns the first questions have. */
  synchronized int turnsOf(int questions) {
    while (lastTurns.size() < questions) {
      addQuestion();
    }
    return turns(questions);
  }

  private void addQuestion() {
    int questions = lastTurns.size();
    lastTurns.add(turns(questions) + 1 + calls.applyAsInt(questions + 1));
  }

  private int turns(int questions) {
    return questions == 0 ? 0 : lastTurns.get(questions - 1);
  }
}
