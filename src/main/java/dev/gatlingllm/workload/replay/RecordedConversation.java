package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.workload.ConversationScript.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A recorded conversation in order: the system prompt, then questions and responses in turn.
 * Successive texts of one speaker become one text, separated by empty lines. Calls of tools and
 * their results stay as they were recorded.
 *
 * @param tools on offer, as a JSON array; empty for none
 * @param systemPrompt may be empty
 * @param turns at least one
 * @param maxTokens the recorded limit of responses
 */
record RecordedConversation(
    String tools, String systemPrompt, List<RecordedTurn> turns, OptionalInt maxTokens) {

  private static final String SEPARATOR = "\n\n";

  /** Who wrote a message. */
  enum Speaker {
    SYSTEM,
    /** The user, or a tool that ran for the user. */
    CLIENT,
    MODEL
  }

  /**
   * A recorded message.
   *
   * @param texts what it says: its content, and the names and arguments of its calls
   * @param json the whole message
   * @param usesTools whether it calls tools or has the result of a call
   * @param delay time before it; empty if unknown
   */
  record RecordedMessage(
      Speaker speaker,
      List<String> texts,
      JsonNode json,
      boolean usesTools,
      Optional<Duration> delay) {

    private String text() {
      return String.join("", texts).strip();
    }
  }

  /**
   * What one side says in a turn.
   *
   * @param texts one text, or those of {@code messages}; empty if nothing was recorded
   * @param messages whole messages, if they use tools; otherwise empty
   */
  record Said(List<String> texts, List<JsonNode> messages) {

    private static Said of(List<RecordedMessage> messages) {
      if (messages.stream().noneMatch(RecordedMessage::usesTools)) {
        String text = joined(messages);
        return new Said(text.isEmpty() ? List.of() : List.of(text), List.of());
      }
      return new Said(
          messages.stream().flatMap(message -> message.texts().stream()).toList(),
          messages.stream().map(RecordedMessage::json).toList());
    }
  }

  /**
   * A question, or the results of tools, and the response.
   *
   * @param pause before the question; empty if unknown
   */
  record RecordedTurn(Said question, Said response, Optional<Pause> pause) {}

  /**
   * Returns the conversation of some messages.
   *
   * @param tools on offer, as a JSON array; empty for none
   * @param systemPrompt recorded beside the messages, or empty; precedes system messages
   * @throws BrokenEntryException if there is no question, if the model speaks first, or if a system
   *     message follows a question, so that it cannot be sent where it was
   */
  static RecordedConversation of(
      String tools, String systemPrompt, List<RecordedMessage> messages, OptionalInt maxTokens)
      throws BrokenEntryException {
    List<RecordedMessage> system = new ArrayList<>();
    // questions at even indices, responses at odd ones
    List<List<RecordedMessage>> sides = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      RecordedMessage message = messages.get(i);
      if (message.speaker() == Speaker.SYSTEM) {
        if (!sides.isEmpty()) {
          throw new BrokenEntryException(
              "message "
                  + (i + 1)
                  + " is a system message after the first question, where none can be replayed");
        }
        system.add(message);
        continue;
      }
      boolean clientsTurn = sides.size() % 2 == 0;
      if ((message.speaker() == Speaker.CLIENT) == clientsTurn) {
        sides.add(new ArrayList<>());
      } else if (sides.isEmpty()) {
        throw new BrokenEntryException("it begins with a response instead of a question");
      }
      sides.get(sides.size() - 1).add(message);
    }
    if (sides.isEmpty()) {
      throw new BrokenEntryException("it has no question");
    }
    String ofMessages = joined(system);
    String whole =
        systemPrompt
            + (systemPrompt.isEmpty() || ofMessages.isEmpty() ? "" : SEPARATOR)
            + ofMessages;
    return new RecordedConversation(tools, whole, turns(sides), maxTokens);
  }

  private static String joined(List<RecordedMessage> messages) {
    return String.join(
        SEPARATOR,
        messages.stream().map(RecordedMessage::text).filter(text -> !text.isEmpty()).toList());
  }

  private static List<RecordedTurn> turns(List<List<RecordedMessage>> sides)
      throws BrokenEntryException {
    List<RecordedTurn> turns = new ArrayList<>();
    for (int i = 0; i < sides.size(); i += 2) {
      Said question = Said.of(sides.get(i));
      if (question.texts().isEmpty()) {
        throw new BrokenEntryException("question " + (i / 2 + 1) + " is empty");
      }
      Pause.Kind kind = question.messages().isEmpty() ? Pause.Kind.THINK : Pause.Kind.TOOL;
      turns.add(
          new RecordedTurn(
              question,
              Said.of(i + 1 < sides.size() ? sides.get(i + 1) : List.of()),
              sides.get(i).stream()
                  .flatMap(message -> message.delay().stream())
                  .max(Comparator.naturalOrder())
                  .map(delay -> new Pause(delay, kind))));
    }
    return List.copyOf(turns);
  }
}
