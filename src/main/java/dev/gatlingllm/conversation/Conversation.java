package dev.gatlingllm.conversation;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.conversation.History.CompletedTurn;
import dev.gatlingllm.conversation.PromptReuse.SentPrompt;
import dev.gatlingllm.conversation.TextsAhead.Asked;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Parent;
import dev.gatlingllm.workload.ConversationScript.Question;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user's conversation at one moment: its history and its next turn. Immutable, like the session
 * that carries it: each turn returns a new conversation.
 *
 * <p>The history has successful turns only. The question of a failed turn never enters it. Where
 * the failed turn was to call tools, or has the results of tools, the conversation ends: a later
 * prompt would have results without their calls, or calls without results, which servers refuse.
 */
public final class Conversation {

  /** Keeps these random numbers apart from those of the scripts. */
  private static final long RANDOM = 0xC01;

  /** More turns in a row that cannot be sent end a conversation; otherwise it would only spin. */
  private static final int MAX_UNSENT = 2;

  /**
   * What all turns of a conversation have in common.
   *
   * @param id unique within the run but for repetitions of the same conversation
   * @param seed the workload's seed
   * @param number the conversation's number in the whole workload, from 0
   * @param tools offered by all requests of the group; may be empty
   * @param systemPrompt shared by the conversations of the group; may be empty
   * @param privateContext what follows the system prompt in this conversation alone; may be empty
   * @param reuse which prompts of the workload were sent
   * @param ahead what was made before it is needed
   */
  record Start(
      String id,
      long seed,
      long number,
      ConversationScript script,
      Message tools,
      Message systemPrompt,
      Message privateContext,
      ConversationRules rules,
      PromptReuse reuse,
      TextsAhead ahead) {

    /** Returns the number of tokens before the first question. */
    int tokens() {
      return groupTokens() + privateContext.tokens();
    }

    /** Returns the number of tokens that the conversations of the group share. */
    int groupTokens() {
      return tools.tokens() + systemPrompt.tokens();
    }

    /** Returns the response that the script has for a turn. */
    Message scripted(int turn) {
      return Message.of(script.response(turn), script.responseMessages(turn));
    }

    /** Returns a turn as the history keeps it. */
    private CompletedTurn completed(
        History before, Message question, Message response, @Nullable String responseId) {
      long hash = 0;
      if (script.repeats()) {
        hash = PromptReuse.extended(prefixHash(before, before.length()), question);
        hash = PromptReuse.extended(hash, response);
      }
      return new CompletedTurn(question, response, hash, responseId);
    }

    /** Returns the hash of the conversation before a turn. */
    long prefixHash(History history, int turns) {
      return turns == 0
          ? PromptReuse.startOfConversation(script.opening())
          : history.get(turns - 1).prefixHash();
    }
  }

  private final Start start;
  private final History history;
  private final int nextTurn;
  private final int failedAttempts;
  private final int unsentTurns;
  private final @Nullable SentPrompt lastPrompt;
  private final boolean broken;

  /** Created on first use; a race creates it twice, and both are equal. */
  private @Nullable Turn upcoming;

  private Conversation(
      Start start,
      History history,
      int nextTurn,
      int failedAttempts,
      int unsentTurns,
      @Nullable SentPrompt lastPrompt,
      boolean broken) {
    this.start = start;
    this.history = history;
    this.nextTurn = nextTurn;
    this.failedAttempts = failedAttempts;
    this.unsentTurns = unsentTurns;
    this.lastPrompt = lastPrompt;
    this.broken = broken;
  }

  /** Begins with the script's first turn; the turns before it count as completed. */
  static Conversation begin(Start start) {
    ConversationScript script = start.script();
    History history = History.EMPTY;
    for (int turn = 1; turn < script.firstTurn(); turn++) {
      history =
          history.with(
              start.completed(
                  history,
                  Turn.messageOf(script, turn, script.question(turn)),
                  start.scripted(turn),
                  null));
    }
    return new Conversation(start, history, script.firstTurn(), 0, 0, null, false);
  }

  /** Returns a name, unique within the run but for repetitions of the same conversation. */
  public String id() {
    return start.id();
  }

  /** Returns the model to ask, if the workload decides it. */
  Optional<String> model() {
    return start.script().model();
  }

  /** Returns the group whose system prompt this conversation shares, from 0. */
  public int group() {
    return start.script().group();
  }

  /** Returns the user that starts this conversation, if there is one. */
  public Optional<Parent> parent() {
    return start.script().parent();
  }

  /** Returns the number of the next turn, from 1. */
  public int nextTurn() {
    return nextTurn;
  }

  /** Returns the tokens of the system prompt, the private context and the history. */
  public int contextTokens() {
    return Math.toIntExact(start.tokens() + history.tokens());
  }

  /** Returns whether a failed turn, or a user who left, has ended the conversation early. */
  public boolean isBroken() {
    return broken;
  }

  /** Returns whether there is another turn: neither the script nor a policy has ended it. */
  public boolean hasNextTurn() {
    return !broken
        && nextTurn <= start.script().turns()
        && (rules().whenFull().kind() != ContextPolicy.Kind.STOP || upcoming().fits());
  }

  /** Returns whether it has begun, and no number of turns ends it. */
  public boolean goesOnForEver() {
    return nextTurn > 1 && start.script().turns() == Integer.MAX_VALUE;
  }

  /**
   * Returns the next turn, ready to be sent.
   *
   * @throws IllegalStateException if there is none
   */
  public Turn next() {
    if (broken || nextTurn > start.script().turns()) {
      throw new IllegalStateException(
          id()
              + (broken ? " was abandoned" : " ended with its last turn")
              + " and has no turn "
              + nextTurn
              + "; guard the loop with asLongAs(hasNextTurn()), or give the workload more turns");
    }
    return upcoming();
  }

  /**
   * Returns random numbers that depend on the workload's seed, the conversation's number in the
   * whole workload and a path alone, so that they are the same whichever load generator takes the
   * conversation.
   *
   * @param path the purpose of the numbers, from the general to the particular
   */
  public SeededRandom random(long... path) {
    long[] whole = new long[path.length + 2];
    whole[0] = RANDOM;
    whole[1] = start.number();
    System.arraycopy(path, 0, whole, 2, path.length);
    return SeededRandom.of(start.seed(), whole);
  }

  private Turn upcoming() {
    if (upcoming == null) {
      Asked next = start.ahead().question(nextTurn, start.script());
      upcoming =
          new Turn(this, next.question(), next.message(), fitting(next.question(), next.message()));
    }
    return upcoming;
  }

  /** Returns the history as far as it fits with the question and the room for its response. */
  private History fitting(Question question, Message message) {
    if (rules().whenFull().kind() != ContextPolicy.Kind.DROP) {
      return history;
    }
    int room = rules().promptTokens(question.outputTokens());
    return history.within(
        rules().whenFull().keptTurns(), (long) room - start.tokens() - message.tokens());
  }

  Start start() {
    return start;
  }

  History history() {
    return history;
  }

  ConversationRules rules() {
    return start.rules();
  }

  int failedAttempts() {
    return failedAttempts;
  }

  /** Returns the last prompt of this conversation that was sent, or null. */
  @Nullable SentPrompt lastPrompt() {
    return lastPrompt;
  }

  /** Returns the conversation after a successful turn; turns that it dropped are gone for good. */
  Conversation afterSuccess(Turn turn, Message received, @Nullable String responseId) {
    if (!start.script().carriesHistory()) {
      return new Conversation(start, history, nextTurn + 1, 0, 0, turn.asSent(), false);
    }
    boolean asReceived = keepsResponse(nextTurn);
    CompletedTurn completed =
        start.completed(
            turn.history(),
            turn.questionMessage(),
            asReceived ? received : start.ahead().response(nextTurn, start),
            asReceived ? responseId : null);
    return new Conversation(
        start, turn.history().with(completed), nextTurn + 1, 0, 0, turn.asSent(), false);
  }

  /** Returns whether later prompts carry a turn's response as received. */
  boolean keepsResponse(int turn) {
    return rules().replyInHistory() == ReplyInHistory.RECEIVED
        && start.script().carriesHistory()
        && !callsTools(turn);
  }

  /** Returns whether the turn after this one refers to its response. */
  boolean callsTools(int turn) {
    return !start.script().responseMessages(turn).isEmpty();
  }

  /** Returns whether the history needs the next turn: it calls tools, or has their results. */
  private boolean isAmongTools() {
    return callsTools(nextTurn) || (nextTurn > 1 && callsTools(nextTurn - 1));
  }

  /** Returns the conversation before another attempt at the same turn. */
  Conversation afterFailedAttempt(Turn turn) {
    return new Conversation(start, history, nextTurn, failedAttempts + 1, 0, turn.asSent(), false);
  }

  /** Returns the conversation with another last prompt. */
  Conversation withLastPrompt(@Nullable SentPrompt prompt) {
    return new Conversation(start, history, nextTurn, failedAttempts, unsentTurns, prompt, broken);
  }

  /** Returns the conversation after a turn that failed for good, with an unchanged history. */
  Conversation afterFailure(Turn turn) {
    return new Conversation(start, history, nextTurn + 1, 0, 0, turn.asSent(), endsAfterFailure());
  }

  /**
   * Returns the conversation after a turn whose response the user abandoned, with an unchanged
   * history.
   *
   * @param ends whether the user does not come back
   */
  Conversation afterAbandoned(Turn turn, boolean ends) {
    return new Conversation(
        start, history, nextTurn + 1, 0, 0, turn.asSent(), ends || isAmongTools());
  }

  /** Returns the conversation without the next turn, which the scenario may not send. */
  Conversation afterSkipped() {
    boolean ends = broken || isAmongTools();
    return new Conversation(start, history, nextTurn + 1, 0, unsentTurns, lastPrompt, ends);
  }

  /** Returns the conversation after a turn whose prompt was not sent. */
  Conversation afterUnsent() {
    int unsent = unsentTurns + 1;
    boolean ends = endsAfterFailure() || unsent >= MAX_UNSENT;
    return new Conversation(start, history, nextTurn + 1, 0, unsent, lastPrompt, ends);
  }

  /** Returns whether the next turn's failure ends the conversation. */
  private boolean endsAfterFailure() {
    return rules().onFailure().kind() == FailurePolicy.Kind.ABANDON || isAmongTools();
  }

  /** For session dumps: describes the conversation without its text. */
  @Override
  public String toString() {
    return id() + ", next turn " + nextTurn + ", " + contextTokens() + " context tokens";
  }
}
