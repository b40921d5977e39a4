package dev.gatlingllm.conversation;

import dev.gatlingllm.prompt.ConversationScript.Question;
import java.util.Arrays;
import java.util.List;

/**
 * One turn of a conversation, from the question to the moment the reply has come or failed.
 * Immutable.
 */
public final class Turn {

  private final Conversation conversation;
  private final Question question;
  private final Message questionMessage;
  private final int firstKept;
  private final int droppedTokens;

  Turn(Conversation conversation, Question question, int firstKept, int droppedTokens) {
    this.conversation = conversation;
    this.question = question;
    this.questionMessage = Message.of(question.passage());
    this.firstKept = firstKept;
    this.droppedTokens = droppedTokens;
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
    return conversation.contextTokens() - droppedTokens + questionMessage.tokens();
  }

  /** Tokens of the prompt before the question. */
  public int contextTokens() {
    return conversation.contextTokens() - droppedTokens;
  }

  /** Tokens of earlier turns that are left out so that the rest fits. */
  public int droppedTokens() {
    return droppedTokens;
  }

  /** Whether prompt and reply fit into the context window. */
  public boolean fits() {
    return promptTokens() <= conversation.rules().window().promptTokens(outputTokens());
  }

  /**
   * Notes that the prompt is being sent, and says how many of its leading tokens an earlier prompt
   * of this conversation, or of its group, sent before. Call once, when the request is made.
   */
  public int markSent() {
    boolean groupSent = conversation.systemPrompt().wasSentBefore();
    int shared = groupSent ? conversation.systemPrompt().message().tokens() : 0;
    int own = droppedTokens > 0 ? 0 : conversation.sentTokens();
    return Math.max(shared, own);
  }

  /**
   * The conversation after a good reply.
   *
   * @param text the reply as received
   * @param tokens its length
   */
  public Conversation replied(String text, int tokens) {
    return conversation.extended(this, new Exchange(questionMessage, Message.of(text, tokens)));
  }

  /** The conversation after a failed turn, by the rules' policy. */
  public Conversation failed() {
    return conversation.afterFailure(this);
  }

  /** The earlier exchanges that the prompt carries, oldest first. */
  List<Exchange> carried() {
    Exchange[] history = conversation.history();
    return Arrays.asList(history).subList(firstKept, history.length);
  }

  int firstKept() {
    return firstKept;
  }

  Message questionMessage() {
    return questionMessage;
  }
}
