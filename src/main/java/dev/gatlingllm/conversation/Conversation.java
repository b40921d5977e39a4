package dev.gatlingllm.conversation;

import dev.gatlingllm.conversation.SystemPrompts.SystemPrompt;
import dev.gatlingllm.prompt.ConversationScript;
import java.util.Arrays;

/**
 * One user's conversation at one moment: what was said so far, and what comes next. Immutable, as
 * the session that carries it: each turn that ends gives a new one.
 *
 * <p>The context holds good turns only. A question whose reply failed never enters it.
 */
public final class Conversation {

  private static final Exchange[] NOTHING_SAID = {};

  private final ConversationScript script;
  private final SystemPrompt systemPrompt;
  private final ConversationRules rules;
  private final Exchange[] history;
  private final int historyTokens;
  private final int nextTurn;
  private final int failedTries;
  private final int sentTokens;
  private final boolean abandoned;

  private Conversation(
      ConversationScript script,
      SystemPrompt systemPrompt,
      ConversationRules rules,
      Exchange[] history,
      int historyTokens,
      int nextTurn,
      int failedTries,
      int sentTokens,
      boolean abandoned) {
    this.script = script;
    this.systemPrompt = systemPrompt;
    this.rules = rules;
    this.history = history;
    this.historyTokens = historyTokens;
    this.nextTurn = nextTurn;
    this.failedTries = failedTries;
    this.sentTokens = sentTokens;
    this.abandoned = abandoned;
  }

  static Conversation begin(
      ConversationScript script, SystemPrompt systemPrompt, ConversationRules rules) {
    return new Conversation(script, systemPrompt, rules, NOTHING_SAID, 0, 1, 0, 0, false);
  }

  /** The script's id. */
  public String id() {
    return script.id();
  }

  /** The group whose system prompt this conversation shares, from 0. */
  public int group() {
    return script.group();
  }

  /** The number of the turn that comes next, from 1. */
  public int nextTurn() {
    return nextTurn;
  }

  /** Tokens of the system prompt and of everything that was said since. */
  public int contextTokens() {
    return systemPrompt.message().tokens() + historyTokens;
  }

  /** Whether there is another turn: neither the script nor a policy has ended the conversation. */
  public boolean hasNextTurn() {
    return !abandoned
        && nextTurn <= script.turns()
        && (rules.window().policy() != ContextPolicy.STOP || turn().fits());
  }

  /**
   * The next turn, ready to be sent.
   *
   * @throws IllegalStateException if there is none
   */
  public Turn next() {
    if (abandoned || nextTurn > script.turns()) {
      throw new IllegalStateException(
          id()
              + (abandoned ? " was abandoned after a failed turn" : " ended with its last turn")
              + " and has no turn "
              + nextTurn
              + "; guard the loop with asLongAs(hasNextTurn()), or give the workload more turns");
    }
    return turn();
  }

  private Turn turn() {
    ConversationScript.Question question = script.question(nextTurn);
    int kept = firstKept(question);
    int dropped = 0;
    for (int i = 0; i < kept; i++) {
      dropped += history[i].tokens();
    }
    return new Turn(this, question, kept, dropped);
  }

  /** The oldest exchange that still fits beside the question and the room for its reply. */
  private int firstKept(ConversationScript.Question question) {
    if (rules.window().policy() != ContextPolicy.DROP_OLDEST) {
      return 0;
    }
    int room = rules.window().promptTokens(question.outputTokens());
    int tokens = contextTokens() + question.passage().tokens();
    int first = 0;
    while (first < history.length && tokens > room) {
      tokens -= history[first++].tokens();
    }
    return first;
  }

  SystemPrompt systemPrompt() {
    return systemPrompt;
  }

  ConversationRules rules() {
    return rules;
  }

  int failedTries() {
    return failedTries;
  }

  Exchange[] history() {
    return history;
  }

  /** Leading tokens of the context that a prompt of this conversation already sent. */
  int sentTokens() {
    return sentTokens;
  }

  /** The conversation with one more exchange, what the turn left out gone for good. */
  Conversation extended(Turn turn, Exchange exchange) {
    Exchange[] kept =
        Arrays.copyOfRange(history, turn.firstKept(), history.length + 1, Exchange[].class);
    kept[kept.length - 1] = exchange;
    return new Conversation(
        script,
        systemPrompt,
        rules,
        kept,
        historyTokens - turn.droppedTokens() + exchange.tokens(),
        nextTurn + 1,
        0,
        turn.promptTokens(),
        false);
  }

  /** The conversation after a turn that failed: its context is what it was. */
  Conversation afterFailure(Turn turn) {
    FailurePolicy policy = rules.onFailure();
    boolean again = policy.kind() == FailurePolicy.Kind.RETRY && failedTries < policy.retries();
    return new Conversation(
        script,
        systemPrompt,
        rules,
        history,
        historyTokens,
        again ? nextTurn : nextTurn + 1,
        again ? failedTries + 1 : 0,
        turn.droppedTokens() > 0 ? systemPrompt.message().tokens() : contextTokens(),
        policy.kind() == FailurePolicy.Kind.ABANDON);
  }

  /** For session dumps: what the conversation is, never what was said in it. */
  @Override
  public String toString() {
    return id() + ", next turn " + nextTurn + ", " + contextTokens() + " context tokens";
  }
}
