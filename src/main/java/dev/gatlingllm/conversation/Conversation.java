package dev.gatlingllm.conversation;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.conversation.SystemPrompts.SystemPrompt;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Question;

/**
 * One user's conversation at one moment: what was said so far, and what comes next. Immutable, as
 * the session that carries it: each turn that ends gives a new one.
 *
 * <p>The context holds good turns only. A question whose reply failed never enters it.
 */
public final class Conversation {

  /** More turns in a row that cannot be sent end a conversation: it would only spin. */
  private static final int MOST_UNSENT = 2;

  private final Premises premises;
  private final History history;
  private final int nextTurn;
  private final int failedTries;
  private final int unsentTurns;
  private final SentPrompt sent;
  private final boolean broken;

  /** Made when first asked for. A race makes it twice, and both are equal. */
  private Turn upcoming;

  private Conversation(
      Premises premises,
      History history,
      int nextTurn,
      int failedTries,
      int unsentTurns,
      SentPrompt sent,
      boolean broken) {
    this.premises = premises;
    this.history = history;
    this.nextTurn = nextTurn;
    this.failedTries = failedTries;
    this.unsentTurns = unsentTurns;
    this.sent = sent;
    this.broken = broken;
  }

  /** A conversation that begins at the script's first turn, what came before it taken as said. */
  static Conversation begin(Premises premises) {
    ConversationScript script = premises.script();
    History said = History.EMPTY;
    long chain = premises.chainStart();
    for (int turn = 1; turn < script.firstTurn(); turn++) {
      Exchange exchange =
          premises.exchange(
              chain, Message.of(script.question(turn).passage()), Message.of(script.reply(turn)));
      chain = exchange.chain();
      said = said.with(exchange);
    }
    return new Conversation(premises, said, script.firstTurn(), 0, 0, null, false);
  }

  /** The script's id. */
  public String id() {
    return premises.script().id();
  }

  /** The group whose system prompt this conversation shares, from 0. */
  public int group() {
    return premises.script().group();
  }

  /** The number of the turn that comes next, from 1. */
  public int nextTurn() {
    return nextTurn;
  }

  /** Tokens of the system prompt, of the private context and of everything that was said since. */
  public int contextTokens() {
    return Math.toIntExact(premises.tokens() + history.tokens());
  }

  /** Whether a failed turn has ended the conversation before its time. */
  public boolean isBroken() {
    return broken;
  }

  /** Whether there is another turn: neither the script nor a policy has ended the conversation. */
  public boolean hasNextTurn() {
    return !broken
        && nextTurn <= premises.script().turns()
        && (rules().window().policy().kind() != ContextPolicy.Kind.STOP || upcoming().fits());
  }

  /**
   * The next turn, ready to be sent.
   *
   * @throws IllegalStateException if there is none
   */
  public Turn next() {
    if (broken || nextTurn > premises.script().turns()) {
      throw new IllegalStateException(
          id()
              + (broken ? " was abandoned after a failed turn" : " ended with its last turn")
              + " and has no turn "
              + nextTurn
              + "; guard the loop with asLongAs(hasNextTurn()), or give the workload more turns");
    }
    return upcoming();
  }

  private Turn upcoming() {
    if (upcoming == null) {
      Question question = premises.script().question(nextTurn);
      upcoming = new Turn(this, question, fitting(question));
    }
    return upcoming;
  }

  /** The history as far as it fits beside the question and the room for its reply. */
  private History fitting(Question question) {
    ContextWindow window = rules().window();
    if (window.policy().kind() != ContextPolicy.Kind.DROP) {
      return history;
    }
    int room = window.promptTokens(question.outputTokens());
    return history.within(
        window.policy().keptTurns(), (long) room - premises.tokens() - question.passage().tokens());
  }

  SystemPrompt systemPrompt() {
    return premises.systemPrompt();
  }

  /** What follows the shared system prompt in this conversation alone; empty for nothing. */
  Message privateContext() {
    return premises.privateContext();
  }

  ConversationRules rules() {
    return premises.rules();
  }

  Premises premises() {
    return premises;
  }

  History history() {
    return history;
  }

  int failedTries() {
    return failedTries;
  }

  /** The last prompt of this conversation that was sent, or null. */
  SentPrompt sent() {
    return sent;
  }

  /** The conversation with one more exchange, what the turn left out gone for good. */
  Conversation extended(Turn turn, Message reply) {
    Message said =
        rules().replyInHistory() == ReplyInHistory.CANNED
            ? Message.of(premises.script().reply(nextTurn))
            : reply;
    Exchange exchange = premises.exchange(turn.chainBefore(), turn.questionMessage(), said);
    return new Conversation(
        premises, turn.history().with(exchange), nextTurn + 1, 0, 0, turn.asSent(), false);
  }

  /** The conversation with the same turn to be tried once more. */
  Conversation triedAgain(Turn turn) {
    return new Conversation(premises, history, nextTurn, failedTries + 1, 0, turn.asSent(), false);
  }

  /** The conversation after a turn that failed for good: its context is what it was. */
  Conversation afterFailure(Turn turn) {
    return new Conversation(
        premises,
        history,
        nextTurn + 1,
        0,
        0,
        turn.asSent(),
        rules().onFailure().kind() == FailurePolicy.Kind.ABANDON);
  }

  /** The conversation after a turn whose prompt never left. */
  Conversation afterUnsent() {
    return new Conversation(
        premises,
        history,
        nextTurn + 1,
        0,
        unsentTurns + 1,
        sent,
        rules().onFailure().kind() == FailurePolicy.Kind.ABANDON || unsentTurns + 1 >= MOST_UNSENT);
  }

  /** For session dumps: what the conversation is, never what was said in it. */
  @Override
  public String toString() {
    return id() + ", next turn " + nextTurn + ", " + contextTokens() + " context tokens";
  }
}
