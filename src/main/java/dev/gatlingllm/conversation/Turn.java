package dev.gatlingllm.conversation;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.ConversationScript.Block;
import dev.gatlingllm.workload.ConversationScript.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One turn of a conversation, from the question to the moment the reply has come or failed.
 * Immutable.
 */
public final class Turn {

  /** A server that asks for more patience than this gets no more. */
  private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

  private final Conversation conversation;
  private final Question question;
  private final Message questionMessage;
  private final History history;

  Turn(Conversation conversation, Question question, History history) {
    this.conversation = conversation;
    this.question = question;
    this.questionMessage = Message.of(question.passage());
    this.history = history;
  }

  /** The conversation as it was before this turn. */
  public Conversation conversation() {
    return conversation;
  }

  /** The turn's number, from 1. */
  public int number() {
    return conversation.nextTurn();
  }

  /** The number of this try at the turn, from 1. */
  public int attempt() {
    return conversation.failedTries() + 1;
  }

  /** What the user says. */
  public String questionText() {
    return question.passage().text();
  }

  /** The length of reply to ask for, in tokens. */
  public int outputTokens() {
    return question.outputTokens();
  }

  /** Tokens of the whole prompt: system prompt, the turns still carried, and the question. */
  public int promptTokens() {
    return contextTokens() + questionMessage.tokens();
  }

  /** Tokens of the prompt before the question. */
  public int contextTokens() {
    return Math.toIntExact(conversation.premises().tokens() + history.tokens());
  }

  /** Tokens of earlier turns that this one leaves out so that the rest fits. */
  public int droppedTokens() {
    return conversation.contextTokens() - contextTokens();
  }

  /** Whether prompt and reply fit into the context window. */
  public boolean fits() {
    return promptTokens() <= conversation.rules().window().promptTokens(outputTokens());
  }

  /**
   * Notes that the prompt is being sent, and says how many of its leading tokens an earlier prompt
   * of this conversation, of one that says the same, or of its group, sent before. Call once, when
   * the request is made.
   */
  public int markSent() {
    long own =
        conversation.sent() == null
            ? 0
            : conversation.premises().tokens() + conversation.sent().tokensAlsoIn(this);
    int shared = conversation.systemPrompt().sentBefore();
    long repeated = conversation.premises().script().repeats() ? repeatedTokens(own) : 0;
    return Math.toIntExact(Math.max(Math.max(repeated, sentBlocks()), Math.max(shared, own)));
  }

  /** Tokens of the leading blocks that other conversations have sent in the same order. */
  private long sentBlocks() {
    if (!history.carried().isEmpty() || number() > 1) {
      return 0;
    }
    SentPrompts sent = conversation.premises().sentPrompts();
    long chain = SentPrompts.startOfBlocks();
    long tokens = 0;
    boolean leading = true;
    for (Block block : conversation.premises().script().blocks()) {
      chain = SentPrompts.chained(chain, block);
      leading &= sent.wasSent(chain);
      tokens += leading ? block.tokens() : 0;
    }
    return tokens;
  }

  /**
   * Walks back from the prompt's end to the first message that another conversation has sent after
   * the same beginning; what it passes counts as sent from now on. Once turns were dropped, the
   * beginning is no longer anybody's but this conversation's own.
   */
  private long repeatedTokens(long own) {
    if (contextTokens() < conversation.contextTokens() || history.hasGap()) {
      return own;
    }
    SentPrompts sent = conversation.premises().sentPrompts();
    long before = conversation.premises().tokens();
    if (sent.wasSent(SentPrompts.chained(chainBefore(), questionMessage))) {
      return promptTokens();
    }
    for (int i = history.length() - 1; i >= 0; i--) {
      Exchange exchange = history.get(i);
      if (sent.wasSent(exchange.chain())) {
        return before + history.tokensOfFirst(i + 1);
      }
      if (sent.wasSent(SentPrompts.chained(chainBefore(i), exchange.question()))) {
        return before + history.tokensOfFirst(i) + exchange.question().tokens();
      }
    }
    return sent.wasSent(conversation.premises().chainStart()) ? before : own;
  }

  /** The hash of what was said before the question. */
  long chainBefore() {
    return chainBefore(history.length());
  }

  private long chainBefore(int exchanges) {
    return exchanges == 0
        ? conversation.premises().chainStart()
        : history.get(exchanges - 1).chain();
  }

  /**
   * The conversation after a good reply.
   *
   * @param text the reply as received
   * @param tokens its length
   */
  public Conversation replied(String text, int tokens) {
    return conversation.extended(this, Message.of(text, tokens));
  }

  /**
   * How long to wait before the turn is tried again after a failure; empty if it is not.
   *
   * @param asked how long the server asks to wait, or zero; honoured up to a minute
   */
  public Optional<Duration> retryDelay(Duration asked) {
    FailurePolicy policy = conversation.rules().onFailure();
    if (policy.kind() != FailurePolicy.Kind.RETRY || attempt() > policy.retries()) {
      return Optional.empty();
    }
    Duration backoff =
        policy.backoff(
            attempt(), SeededRandom.of(conversation.id().hashCode(), number(), attempt()));
    Duration patience = asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
    return Optional.of(backoff.compareTo(patience) < 0 ? patience : backoff);
  }

  /** The conversation after a failed try that is followed by another. */
  public Conversation triedAgain() {
    return conversation.triedAgain(this);
  }

  /** The conversation after a turn that failed for good, by the rules' policy. */
  public Conversation failed() {
    return conversation.afterFailure(this);
  }

  /** The conversation after a turn that could not be sent. */
  public Conversation unsent() {
    return conversation.afterUnsent();
  }

  SentPrompt asSent() {
    return new SentPrompt(history, questionMessage, number());
  }

  /** The earlier exchanges that the prompt carries, oldest first. */
  List<Exchange> carried() {
    return history.carried();
  }

  History history() {
    return history;
  }

  Message questionMessage() {
    return questionMessage;
  }
}
