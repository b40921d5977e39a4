package dev.gatlingllm.conversation;

import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.conversation.History.CompletedTurn;
import dev.gatlingllm.conversation.PromptReuse.SentPrompt;
import dev.gatlingllm.prompt.SyntheticImages.Image;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Pause;
import dev.gatlingllm.workload.ConversationScript.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation: a question, the history it carries, and what follows. Immutable but
 * for {@link #markSent}.
 */
public final class Turn {

  /** A longer wait that a server asks for is cut to this. */
  private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

  private static final long BACKOFF = 1;

  private final Conversation conversation;
  private final Question question;
  private final Message questionMessage;
  private final History history;

  /** Which model it asks; null if that is unknown. */
  private final @Nullable String model;

  private final List<Long> firstSent = new ArrayList<>(0);

  Turn(Conversation conversation, Question question, Message questionMessage, History history) {
    this(conversation, question, questionMessage, history, null);
  }

  private Turn(
      Conversation conversation,
      Question question,
      Message questionMessage,
      History history,
      @Nullable String model) {
    this.conversation = conversation;
    this.question = question;
    this.questionMessage = questionMessage;
    this.history = history;
    this.model = model;
  }

  /** Returns a question as requests carry it. */
  static Message messageOf(ConversationScript script, int turn, Question question) {
    List<Image> images = question.messages().isEmpty() ? script.images(turn) : List.of();
    return images.isEmpty()
        ? Message.of(question.passage(), question.messages())
        : Message.of(question.passage(), images, script.imageTokens());
  }

  /** Returns the conversation before this turn. */
  public Conversation conversation() {
    return conversation;
  }

  /** Returns the turn's number, from 1. */
  public int number() {
    return conversation.nextTurn();
  }

  /** Returns whether the conversation has no turn after this one. */
  public boolean isLast() {
    return number() >= conversation.start().script().turns();
  }

  /** Returns whether the response is compared with the others to the same prompt. */
  public boolean isProbe() {
    return conversation.start().script().isProbe();
  }

  /** Returns the number of this attempt at the turn, from 1. */
  public int attempt() {
    return conversation.failedAttempts() + 1;
  }

  /** Returns the text of the question. */
  public String questionText() {
    return question.passage().text();
  }

  /** Returns the time between the response before and this turn, if the script states one. */
  public Optional<Pause> pause() {
    return question.pause();
  }

  /**
   * Returns whether the turn carries results of tools instead of a question; a trace without texts
   * says so by its pause.
   */
  public boolean hasResultsOfTools() {
    return number() > 1
        && (conversation.callsTools(number() - 1)
            || question.pause().filter(pause -> pause.kind() == Pause.Kind.TOOL).isPresent());
  }

  /** Returns all columns of the feeder's record that the question is from; may be empty. */
  public Map<String, Object> record() {
    return question.record();
  }

  /** Returns the length of response to ask for, in tokens. */
  public int outputTokens() {
    return question.outputTokens();
  }

  /** Returns the tokens of the whole prompt: system prompt, history and question. */
  public int promptTokens() {
    return contextTokens() + questionMessage.tokens();
  }

  /** Returns the number of images in the prompt. */
  public int images() {
    int images = questionMessage.images().size();
    for (int i = 0; i < history.length(); i++) {
      images += history.get(i).question().images().size();
    }
    return images;
  }

  /** Returns the tokens of the prompt without its images. */
  public int textTokens() {
    int ofImages = questionMessage.tokens() - questionMessage.textTokens();
    for (int i = 0; i < history.length(); i++) {
      Message question = history.get(i).question();
      ofImages += question.tokens() - question.textTokens();
    }
    return promptTokens() - ofImages;
  }

  /**
   * Returns whether the prompt has images of which only the server knows the tokens. The other
   * counts of tokens then lack them.
   */
  public boolean hasUnknownTokens() {
    boolean has = questionMessage.hasUnknownTokens();
    for (int i = 0; i < history.length() && !has; i++) {
      has = history.get(i).question().hasUnknownTokens();
    }
    return has;
  }

  /** Returns the tokens of the prompt before the question. */
  public int contextTokens() {
    return Math.toIntExact(conversation.start().tokens() + history.tokens());
  }

  /** Returns the messages of the prompt: the system prompt, if there is one, then the chat. */
  public int messages() {
    int messages = conversation.start().tokens() > conversation.start().tools().tokens() ? 1 : 0;
    boolean isJoined = false;
    for (CompletedTurn completed : carried()) {
      messages += isJoined && !completed.question().isRecorded() ? 0 : completed.question().count();
      messages += completed.response().isEmpty() ? 0 : completed.response().count();
      isJoined = completed.response().isEmpty() && !completed.question().isRecorded();
    }
    return messages + (isJoined && !questionMessage.isRecorded() ? 0 : questionMessage.count());
  }

  /**
   * Returns the tokens of the earlier turns that the prompt lacks so that it fits, also of those
   * that prompts before it lacked.
   */
  public int droppedTokens() {
    return (int) Math.min(Integer.MAX_VALUE, history.droppedTokens());
  }

  /** Returns whether prompt and response fit into the context window. */
  public boolean fits() {
    return promptTokens() <= conversation.rules().promptTokens(outputTokens());
  }

  /** Returns whether {@link #prepareNext} is worth another thread. */
  public boolean isNextLong() {
    return !isLast() && TextsAhead.areLong(this);
  }

  /**
   * Makes the texts of the turn after this one, which must not be the last one, so that the event
   * loop that begins it finds them. May take long.
   */
  public void prepareNext() {
    conversation.start().ahead().make(this);
  }

  /** Returns the turn as one that asks a model: each has its own prefix cache. */
  public Turn of(@Nullable String asked) {
    return new Turn(conversation, question, questionMessage, history, asked);
  }

  @Nullable String model() {
    return model;
  }

  /**
   * Marks the prompt as sent. Call once, when the request is sent.
   *
   * @return how many leading tokens of the prompt were sent before, by this conversation or by
   *     another one of the workload; −1 if other shards may have sent them
   */
  public int markSent() {
    return conversation.start().reuse().markSent(this);
  }

  /**
   * Returns whether a server counted the cached tokens of the prompt twice.
   *
   * @param input its count of the tokens that were not cached
   * @param cached its count of those that were, from 1
   * @param reusable what {@link #markSent} returned
   */
  public boolean isCachedTwice(int input, int cached, int reusable) {
    return conversation.start().reuse().counts().areTwice(input, cached, reusable, this);
  }

  /**
   * Returns how long to wait before the next attempt after a failure; empty for no further attempt.
   *
   * @param retryAfter how long the server asks to wait, or zero; cut to a minute
   */
  public Optional<Duration> retryDelay(Duration retryAfter) {
    FailurePolicy policy = conversation.rules().onFailure();
    if (policy.kind() != FailurePolicy.Kind.RETRY || attempt() > policy.retries()) {
      return Optional.empty();
    }
    Duration backoff = policy.backoff(attempt(), conversation.random(BACKOFF, number(), attempt()));
    Duration asked = retryAfter.compareTo(MAX_RETRY_AFTER) < 0 ? retryAfter : MAX_RETRY_AFTER;
    return Optional.of(backoff.compareTo(asked) < 0 ? asked : backoff);
  }

  /**
   * Returns whether later prompts carry the response as received, so that its length must be known.
   */
  public boolean keepsResponse() {
    return conversation.keepsResponse(number());
  }

  /**
   * Returns the conversation after a successful response.
   *
   * @param response its text, without reasoning and calls of tools; may be blank
   * @param tokens the length of this text
   * @param id the server's name for the response, or null
   */
  public Conversation succeeded(String response, int tokens, @Nullable String id) {
    return conversation.afterSuccess(this, Message.of(response, tokens), id);
  }

  /** Returns the conversation after a failed attempt that is followed by another one. */
  public Conversation retried() {
    return conversation.afterFailedAttempt(this);
  }

  /** Returns the conversation after the turn failed for good, as the failure policy says. */
  public Conversation failed() {
    return conversation.afterFailure(this);
  }

  /**
   * Returns the conversation if the server refused the turn: its cache does not have the prompt,
   * which no longer counts as sent. Call on the turn that was {@link #markSent marked}.
   *
   * @param after the conversation after the failure
   */
  public Conversation refused(Conversation after) {
    conversation.start().reuse().unmark(this);
    return after.withLastPrompt(conversation.lastPrompt());
  }

  /**
   * Returns the conversation after the user abandoned the response.
   *
   * @param ends whether the user does not come back
   */
  public Conversation abandoned(boolean ends) {
    return conversation.afterAbandoned(this, ends);
  }

  /** Returns the conversation if the scenario does not send the turn. */
  public Conversation skipped() {
    return conversation.afterSkipped();
  }

  /** Returns the conversation after the turn could not be sent. */
  public Conversation unsent() {
    return conversation.afterUnsent();
  }

  /**
   * Returns the id of the response after which the server's conversation is exactly what this turn
   * carries; null before the first good response, and after turns were dropped.
   */
  @Nullable String previousResponse() {
    return history == conversation.history() && history.length() > 0
        ? history.get(history.length() - 1).responseId()
        : null;
  }

  SentPrompt asSent() {
    SentPrompt last = conversation.lastPrompt();
    return new SentPrompt(
        history,
        questionMessage,
        number(),
        model,
        last == null ? null : last.before(history, model, conversation.history()));
  }

  /** Returns the earlier turns that the prompt carries, oldest first. */
  List<CompletedTurn> carried() {
    return history.carried();
  }

  /** Returns the hashes of the prefixes that this prompt was the first to send; may be added to. */
  List<Long> firstSent() {
    return firstSent;
  }

  History history() {
    return history;
  }

  Message questionMessage() {
    return questionMessage;
  }
}
