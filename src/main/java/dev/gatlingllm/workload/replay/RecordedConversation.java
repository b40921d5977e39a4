package dev.gatlingllm.workload.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A recorded conversation in order: the system prompt, then questions and responses in turn.
 * Successive messages of one speaker become one message, separated by empty lines.
 *
 * @param systemPrompt may be empty
 * @param turns at least one
 * @param maxTokens the recorded limit of responses
 */
record RecordedConversation(String systemPrompt, List<RecordedTurn> turns, OptionalInt maxTokens) {

  private static final String SEPARATOR = "\n\n";

  /** Who wrote a message. */
  enum Speaker {
    SYSTEM,
    USER,
    MODEL
  }

  /**
   * A recorded message.
   *
   * @param text without white space at either end
   */
  record RecordedMessage(Speaker speaker, String text) {}

  /**
   * A question and its response.
   *
   * @param response empty if none was recorded
   */
  record RecordedTurn(String question, String response) {}

  /**
   * Returns the conversation of some messages.
   *
   * @param systemPrompt recorded beside the messages, or empty; precedes system messages
   * @throws BrokenEntryException if there is no question, if the model speaks first, or if a system
   *     message follows a question, so that it cannot be sent where it was
   */
  static RecordedConversation of(
      String systemPrompt, List<RecordedMessage> messages, OptionalInt maxTokens)
      throws BrokenEntryException {
    StringBuilder system = new StringBuilder(systemPrompt);
    // questions at even indices, responses at odd ones
    List<StringBuilder> texts = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      RecordedMessage message = messages.get(i);
      if (message.speaker() == Speaker.SYSTEM) {
        if (!texts.isEmpty()) {
          throw new BrokenEntryException(
              "message "
                  + (i + 1)
                  + " is a system message after the first question, where none can be replayed");
        }
        append(system, message.text());
        continue;
      }
      boolean usersTurn = texts.size() % 2 == 0;
      if ((message.speaker() == Speaker.USER) == usersTurn) {
        texts.add(new StringBuilder());
      } else if (texts.isEmpty()) {
        throw new BrokenEntryException("it begins with a response instead of a question");
      }
      append(texts.get(texts.size() - 1), message.text());
    }
    if (texts.isEmpty()) {
      throw new BrokenEntryException("it has no question");
    }
    return new RecordedConversation(system.toString(), turns(texts), maxTokens);
  }

  private static void append(StringBuilder text, String more) {
    text.append(text.isEmpty() || more.isEmpty() ? "" : SEPARATOR).append(more);
  }

  private static List<RecordedTurn> turns(List<StringBuilder> texts) throws BrokenEntryException {
    List<RecordedTurn> turns = new ArrayList<>();
    for (int i = 0; i < texts.size(); i += 2) {
      if (texts.get(i).isEmpty()) {
        throw new BrokenEntryException("question " + (i / 2 + 1) + " is empty");
      }
      turns.add(
          new RecordedTurn(
              texts.get(i).toString(), i + 1 < texts.size() ? texts.get(i + 1).toString() : ""));
    }
    return List.copyOf(turns);
  }
}
